"""The lists of an inbox: which there are, what their columns may be called, and their rows as frames."""

import dataclasses
import io
import re
import tomllib

import numpy as np
import pandas as pd

import cells

NO_FACTS = {
    "id_number", "name", "phone", "address", "kin_id_number", "kin_name", "valid_from", "valid_until", "ended_on",
    "ignore",
}
ENDINGS = r"(?:社区居民委员会|居民委员会|村民委员会|居委会|村委会|委员会)$"


@dataclasses.dataclass
class Column:
    gives: list
    form: str
    words: dict
    nulls: list
    required: bool
    low: float
    high: float
    by_list_date: bool
    precedence: int


@dataclasses.dataclass
class Source:
    id: str
    entity: str
    full: bool
    key: list
    scope_by: str
    creates: bool
    precedence: int
    presence: list
    columns: dict

    def facts(self):
        """Fact and precedence of every column that gives one."""
        own = {column.gives[0]: column.precedence for column in self.columns.values()}
        return {fact: rank for fact, rank in own.items() if fact not in NO_FACTS}

    def dates(self):
        return {fact for column in self.columns.values() if column.form == "date" for fact in column.gives}


def sources(packs):
    """The lists there may be, in the order in which they are read, and what absence from a full one means."""
    described = tomllib.loads((packs / "national/sources.toml").read_text())["source"]
    facts = {(f["entity"], f["key"]): f for f in tomllib.loads((packs / "national/facts.toml").read_text())["fact"]}
    found = []
    for source in sorted((s for s in described if not s.get("own")), key=lambda s: s["order"]):
        columns = {}
        for column in source["column"]:
            gives = column["gives"] if isinstance(column["gives"], list) else [column["gives"]]
            fact = facts.get((source["entity"], gives[0]), {})
            words = {c[form]: str(c["value"]) for c in fact.get("codes", []) for form in ("value", "zh", "en")}
            words = {str(form): value for form, value in words.items()}
            words |= {word: str(value) for word, value in column.get("values", {}).items()}
            if column.get("format") == "bool":
                words = {word: value in ("True", "1") for word, value in words.items()}
            if fact.get("type") == "int":
                words, column["format"] = {word: float(value) for word, value in words.items()}, "int"
            limit = column.get("max", np.inf)
            read = Column(
                gives, column.get("format"), words, fact.get("null_values", []), column.get("required", False),
                column.get("min", -np.inf), np.inf if limit == "list_date" else limit, limit == "list_date",
                column.get("precedence", source["precedence"]),
            )
            columns |= {name: read for name in [column["name"], *column.get("aliases", [])]}
        found.append(Source(
            source["id"], source["entity"], source["mode"] == "full", source["key"], source["scope_by"],
            source["creates"], source["precedence"], list(source.get("presence", {})), columns,
        ))
    absent = {key: fact["absent"] for (entity, key), fact in facts.items() if entity == "person" and "absent" in fact}
    return found, absent


def divisions(packs):
    """The table of divisions, and the code of each by all it is written with: the code, and names only it has."""
    table = pd.read_csv(packs / "national/divisions.csv", dtype=str).set_index("code")
    short = table["name"].str.replace(ENDINGS, "", regex=True)
    own = pd.concat([table["name"], short, short + "村", short + "社区"])
    inside = own[own.index.str.len() == 12]
    town = inside.index.str.slice(0, 9).map(table["name"])
    county = inside.index.str.slice(0, 6).map(table["name"])
    written = pd.concat([own, town + inside, county + town + inside])
    names = pd.DataFrame({"name": written, "code": written.index}).drop_duplicates()
    names = names.drop_duplicates("name", keep=False).set_index("name")["code"].to_dict()
    return table, names | {code: code for code in table.index}


def deliveries(paths, source, as_of):
    """Those that are lists of a source up to a day, by list date, oldest first, with the division each speaks for."""
    found = {}
    for path in paths:
        name = re.fullmatch(rf"{source.id}_(\d{{4}}-\d\d-\d\d)(?:_(\d+))?\.(?:csv|xlsx)", path.name)
        if name and name[1] <= as_of:
            found.setdefault(name[1], []).append((path, name[2] or ""))
    return sorted(found.items())


def body(path, columns):
    """The rows below the header, as text. Titles may stand above it; offices send UTF-8 and GB18030."""
    known = lambda row: sum(str(cell).strip() in columns for cell in row)
    if path.suffix == ".xlsx":
        sheet = pd.read_excel(path, header=None, dtype=str).fillna("")
        at = next(at for at in range(len(sheet)) if known(sheet.iloc[at]) >= 2)
        rows = sheet.iloc[at + 1 :].set_axis(sheet.iloc[at], axis=1).reset_index(drop=True)
    else:
        data = path.read_bytes()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("gb18030")
        at = next(at for at, line in enumerate(text.split("\n", 30)) if known(line.split(",")) >= 2)
        rows = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, skiprows=at)
    rows.columns = [str(name).strip() for name in rows.columns]
    return rows[(rows != "").any(axis=1)]


def read(path, listed_on, source, places):
    """A list by fact, the fault of every cell that can't be taken, and how many rows there were.

    Rows with a fault are left out. `id_number` is empty where no sound one stands; `written` is what stands there.
    """
    rows = body(path, source.columns)
    found, faults, faulty = {}, [], np.zeros(len(rows), dtype=bool)
    for name in rows.columns:
        column = source.columns.get(name)
        if column is None or column.gives[0] == "ignore":
            continue
        texts, key = rows[name], column.gives[0]
        if column.form == "id_number":
            found[key] = cells.id_numbers(texts)
            found["kin_written" if key == "kin_id_number" else "written"] = texts
            continue
        values, wrong = cells.column(texts, reader(column, places), column.nulls)
        if column.by_list_date:
            wrong |= (values > listed_on).to_numpy(dtype=bool)
        if column.required:
            wrong |= (texts == "").to_numpy()
        faults.append(pd.DataFrame({"row": np.flatnonzero(wrong), "column": name, "cell": texts[wrong]}))
        faulty |= wrong
        # When a row itself says that something ended is another thing than when we saw it end.
        found |= {"left_on" if given == "ended_on" else given: values for given in column.gives}
    frame = pd.DataFrame(found)
    if "birth_date" in frame and "id_number" in frame:
        said = frame["birth_date"].str.replace("-", "")
        sound = (frame["id_number"] != "") & said.notna()
        differs = (sound & (frame["id_number"].str.slice(6, 14) != said)).to_numpy(dtype=bool)
        faults.append(pd.DataFrame({"row": np.flatnonzero(differs), "column": "birth_date", "cell": said[differs]}))
        faulty |= differs
    faults = pd.concat(faults).assign(file=path.name)
    faults["id_number"] = frame["id_number"].iloc[faults["row"]].to_numpy() if "id_number" in frame else ""
    return frame[~faulty], faults, len(rows)


def reader(column, places):
    match column.form:
        case "date":
            return cells.dates
        case "bool":
            return cells.truths(column.words)
        case "int" | "decimal":
            return cells.numbers(column.words, column.low, column.high)
        case "division":
            return cells.divisions(places)
        case "code":
            return cells.codes(column.words)
        case _:
            return cells.names if column.gives[0] in ("name", "kin_name") else cells.text
