"""The nightly job as an office would script it today: pandas reads every list, SQLite keeps them, pandas answers.

    office.py PACKS INBOX DATABASE OUT AS_OF

Covers the sixteen lists about people that the rules below read and the thirteen rules about people of Kizilsu's plan that
don't look at a household. For each list: encoding, title and header rows, other names of columns, spellings of codes, ways
to write dates; ID numbers checked by their check character (15 digits made 18); rows without one, with an unreadable
date and repeated rows set aside into a table of faults; what is new, changed and gone against the list before, kept in a
table of changes. Then one table of people, the rules with three values (true, false, not known), the entitled who are
not served and the visits that are due as work lists, and the visit rate by village.

Left out that Yilian does: linking rows by likeness, disagreement between departments, families, places and the other
lists, explanations, sealing of personal data, history by day, the audit trail.
"""

import datetime as dt
import json
import pathlib
import re
import sqlite3
import sys
import time
import tomllib

import numpy as np
import pandas as pd

LISTS = [
    "population", "deaths", "low_income", "destitute", "low_income_margin", "disability", "special_families",
    "health_management", "village_survey", "ability_assessments", "institution_stays", "great_contribution",
    "meal_delivery_needs", "benefit_recipients", "visit_returns", "dementia_diagnoses",
]
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHECK = np.frombuffer(b"10X98765432", dtype="S1")


def description(packs):
    """What the columns of each list may be called and how their values may be written."""
    sources = tomllib.loads((packs / "national/sources.toml").read_text())["source"]
    facts = tomllib.loads((packs / "national/facts.toml").read_text())["fact"]
    labels = {}
    for fact in facts:
        labels[fact["entity"], fact["key"]] = {code["zh"]: str(code["value"]) for code in fact.get("codes", [])}
    lists = {}
    for source in sources:
        columns = {}
        for column in source["column"]:
            gives = column["gives"] if isinstance(column["gives"], list) else [column["gives"]]
            words = dict(labels.get((source["entity"], gives[0]), {}))
            words.update({word: str(value) for word, value in column.get("values", {}).items()})
            for name in [column["name"], *column.get("aliases", [])]:
                columns[name] = (gives[0], column.get("format"), words)
        lists[source["id"]] = (columns, source["mode"], list(source.get("presence", {})))
    return lists


def villages(packs):
    """Village codes by township and village name."""
    table = pd.read_csv(packs / "national/divisions.csv", dtype=str)
    names = dict(zip(table["code"], table["name"]))
    inside = table[table["code"].str.len() == 12]
    settlement = dict(zip(inside["code"], inside["settlement"]))
    return {names[code[:9]] + name: code for code, name in zip(inside["code"], inside["name"])}, settlement


def raw(path, columns):
    """The rows below the header, as text."""
    if path.suffix == ".xlsx":
        sheet = pd.read_excel(path, header=None, dtype=str).fillna("")
    else:
        data = path.read_bytes()
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("gb18030")
        first = text.split("\n", 1)[0]
        skip = 0 if any(cell.strip() in columns for cell in first.split(",")) else 1
        import io

        sheet = pd.read_csv(
            io.StringIO(text), header=None, dtype=str, keep_default_na=False, skiprows=skip, skip_blank_lines=False
        )
    for at in range(min(5, len(sheet))):
        known = [name for name in sheet.iloc[at] if str(name).strip() in columns]
        if len(known) >= 2:
            header = [str(name).strip() for name in sheet.iloc[at]]
            body = sheet.iloc[at + 1 :].reset_index(drop=True)
            body.columns = header
            return body
    raise ValueError(f"no header in {path.name}")


def days(column):
    """Dates in any of the ways offices write them; what no calendar has is NaT."""
    text = column.str.strip().str.split(" ").str[0].str.replace(r"[年月/.]", "-", regex=True).str.rstrip("日-")
    plain = text.str.fullmatch(r"\d{8}")
    text = text.where(~plain, text.str.slice(0, 4) + "-" + text.str.slice(4, 6) + "-" + text.str.slice(6, 8))
    return pd.to_datetime(text, format="%Y-%m-%d", errors="coerce")


def id_numbers(column):
    """Eighteen characters where the check character is right, else empty."""
    text = column.str.strip().str.upper()
    old = text.str.fullmatch(r"\d{15}")
    text = text.where(~old, text.str.slice(0, 6) + "19" + text.str.slice(6, 15) + "?")
    fits = text.str.fullmatch(r"\d{17}[0-9X?]").to_numpy()
    out = np.full(len(text), "", dtype=object)
    if fits.any():
        kept = text[fits].to_numpy(dtype=object)
        letters = np.frombuffer("".join(kept).encode(), dtype="S1").reshape(-1, 18)
        digits = letters[:, :17].view(np.uint8).reshape(-1, 17).astype(np.int64) - 48
        check = CHECK[(digits @ WEIGHTS) % 11]
        sound = (letters[:, 17] == check) | (letters[:, 17] == b"?")
        whole = np.array([number[:17] for number in kept], dtype=object) + check.astype(str).astype(object)
        out[fits] = np.where(sound, whole, "")
    return pd.Series(out, index=column.index)


def read(path, columns, by_name):
    """One list by fact, with the rows that can't be used."""
    body = raw(path, columns)
    body = body[(body != "").any(axis=1)]
    out = {}
    faulty = pd.Series(False, index=body.index)
    for name in body.columns:
        if name not in columns or columns[name][0] == "ignore":
            continue
        key, form, words = columns[name]
        cells = body[name].astype(str)
        if form == "id_number":
            out[key] = id_numbers(cells)
        elif form == "date":
            out[key] = days(cells)
            faulty |= out[key].isna() & (cells.str.strip() != "")
        elif form == "bool":
            out[key] = cells.str.strip().map(lambda word: {"True": True, "False": False}.get(words.get(word)))
        elif form == "int":
            out[key] = pd.to_numeric(cells.str.strip().map(lambda word: words.get(word, word)), errors="coerce")
        elif form == "division":
            code = cells.str.strip()
            out[key] = code.where(code.str.fullmatch(r"\d{6,12}"), code.map(by_name))
        elif form == "code":
            out[key] = cells.str.strip().map(lambda word: words.get(word, word) or None)
        else:
            out[key] = cells.str.strip()
    frame = pd.DataFrame(out)
    faulty |= frame["id_number"] == ""
    subset = [key for key in ["id_number", "kind", "on", "ability_assessed_on"] if key in frame]
    again = frame.duplicated(subset) & ~faulty
    faults = body[faulty | again]
    return frame[~faulty & ~again].reset_index(drop=True), faults


def keep(base, source, scope, frame, mode):
    """Stores a list, and against the one before which people are new, changed or gone."""
    table = f"list_{source}"
    frame = frame.assign(scope=scope)
    stored = frame.copy()
    for key in stored.columns:
        if str(stored[key].dtype).startswith("datetime"):
            stored[key] = stored[key].dt.strftime("%Y-%m-%d")
    stored = stored.astype(object).where(stored.notna(), None)
    known = base.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone()
    if known and mode == "full":
        before = pd.read_sql(f"SELECT * FROM {table} WHERE scope = ?", base, params=(scope,))
        keys = [key for key in stored.columns if key in before.columns]
        told = lambda rows: rows[keys].astype(str).agg("|".join, axis=1)
        old, new = dict(zip(before["id_number"], told(before))), dict(zip(stored["id_number"], told(stored)))
        changes = [(source, n, "new" if n not in old else "changed") for n in new if old.get(n) != new[n]]
        changes += [(source, n, "gone") for n in old if n not in new]
        base.executemany("INSERT INTO change VALUES (?, ?, ?)", changes)
        base.execute(f"DELETE FROM {table} WHERE scope = ?", (scope,))
    stored.to_sql(table, base, if_exists="append", index=False, chunksize=20_000)
    if not known:
        base.execute(f"CREATE INDEX {table}_id ON {table} (id_number)")


def load(base, source):
    """All rows of a source, dates as dates."""
    try:
        frame = pd.read_sql(f"SELECT * FROM list_{source}", base)
    except pd.errors.DatabaseError:
        return pd.DataFrame({"id_number": []})
    for key in frame.columns:
        if key.endswith("_on") or key.endswith("_since") or key.endswith("_date") or key in ("on", "valid_from", "ability_valid_until"):
            frame[key] = pd.to_datetime(frame[key], format="%Y-%m-%d", errors="coerce")
    return frame


def last(frame, by):
    return frame.sort_values(by, kind="stable").drop_duplicates("id_number", keep="last").set_index("id_number")


def people(base, as_of, settlement):
    """One row for everyone in the population, with the facts the rules read."""
    table = last(load(base, "population"), "residence_since")
    deaths = last(load(base, "deaths"), "death_date")
    table["death_date"] = deaths["death_date"].reindex(table.index)
    for source, key in [
        ("low_income", "low_income_allowance"), ("destitute", "destitute_support"),
        ("low_income_margin", "low_income_margin"), ("great_contribution", "great_contribution"),
    ]:
        listed = set(load(base, source)["id_number"])
        table[key] = table.index.isin(listed)
    for source, keys in [
        ("disability", ["disability_grade"]), ("special_families", ["special_family"]),
        ("meal_delivery_needs", ["needs_meal_delivery"]),
        ("benefit_recipients", ["receives_institution_aid", "receives_meal_delivery", "home_adapted_on"]),
        ("health_management", ["health_managed_on"]),
    ]:
        frame = load(base, source)
        frame = last(frame, keys[-1]) if source == "health_management" else frame.drop_duplicates("id_number").set_index("id_number")
        for key in keys:
            table[key] = frame[key].reindex(table.index) if key in frame else np.nan
    # A full list's silence is a no.
    table["special_family"] = table["special_family"].fillna("none")
    for key in ["receives_institution_aid", "receives_meal_delivery"]:
        table[key] = (table[key] == 1).to_numpy()
    survey = last(load(base, "village_survey"), "valid_from")
    asked = ["children_count", "children_in_village", "children_all_away_since", "capable_supporter_nearby"]
    for key in asked:
        table[key] = survey[key].reindex(table.index)
    stays = load(base, "institution_stays")
    stays = stays[stays["ended_on"].isna() | (stays["ended_on"] > as_of)]
    stays = last(stays, "institution_since")
    for key in ["institution_since", "institution_contract", "institution_paid"]:
        table[key] = stays[key].reindex(table.index)
    table["in_institution"] = table["institution_since"].notna()
    made = load(base, "ability_assessments")
    made["ability_level"] = pd.to_numeric(made["ability_level"])
    valid = made[(made["ability_assessed_on"] <= as_of) & ~(made["ability_valid_until"] < as_of)]
    table["ability_level"] = last(valid, "ability_assessed_on")["ability_level"].reindex(table.index)
    entry = made.merge(stays[["institution_since"]].reset_index(), on="id_number")
    entry = entry[(entry["ability_assessed_on"] <= entry["institution_since"]) & ~(entry["ability_valid_until"] < entry["institution_since"])]
    table["entry_ability_level"] = last(entry, "ability_assessed_on")["ability_level"].reindex(table.index)
    home = table["residence_division"].fillna(table["hukou_division"])
    table["home"] = home
    table["rural"] = home.map(settlement).map({"urban": False, "rural": True})
    visits = load(base, "visit_returns")
    visits = visits[visits["on"] <= as_of]
    table["last_contact_on"] = visits.groupby("id_number")["on"].max().reindex(table.index)
    return table, visits


def known(values, missing=None):
    """A condition with three values; not known where `missing`."""
    array = pd.array(np.asarray(values, dtype=bool), dtype="boolean")
    if missing is not None:
        array[np.asarray(missing, dtype=bool)] = pd.NA
    return array


def rules(t, as_of):
    """Thirteen rules of Kizilsu's plan as columns of true, false, not known."""
    born = t["birth_date"]
    had = (born.dt.month < as_of.month) | ((born.dt.month == as_of.month) & (born.dt.day <= as_of.day))
    age = as_of.year - born.dt.year - (~had).astype(int)
    old = known(age >= 60, born.isna())
    number = lambda key: pd.to_numeric(t[key], errors="coerce")
    children, near = number("children_count"), number("children_in_village")
    no_child_near = known(children == 0, children.isna()) | known(near == 0, near.isna())
    no_partner = known(t["marital_status"].isin(["10", "30", "40"]), t["marital_status"].isna())
    since = t["children_all_away_since"]
    months = (as_of.year - since.dt.year) * 12 + as_of.month - since.dt.month - (since.dt.day > as_of.day).astype(int)
    supporter = t["capable_supporter_nearby"]
    level, grade = number("ability_level"), number("disability_grade")
    alive = t["death_date"].isna() | (t["death_date"] > as_of)
    here = t["home"].astype(str).str.startswith("6530")
    scope = known(alive) & known(here, t["home"].isna())
    r = {}
    r["living_alone"] = scope & old & no_partner & no_child_near
    r["empty_nest"] = scope & old & no_child_near
    r["left_behind"] = (
        scope & old & known(t["rural"] == True, t["rural"].isna()) & known(children > 0, children.isna())
        & known(months >= 6, since.isna()) & ~known(supporter == 1, supporter.isna())
    )
    r["incapacitated"] = scope & old & known(level >= 3, level.isna())
    r["severely_disabled"] = scope & old & known(grade.between(1, 2))
    r["special_family"] = scope & old & known(t["special_family"].isin(["only_child_died", "only_child_disabled"]))
    six = ["living_alone", "empty_nest", "left_behind", "incapacitated", "severely_disabled", "special_family"]
    any_of = r[six[0]]
    for key in six[1:]:
        any_of = any_of | r[key]
    r["at_risk"] = scope & old & any_of
    r["oldest_old"] = scope & known(age >= 80, born.isna())
    certified = known(grade.between(1, 4))
    r["low_income"] = scope & old & known(t["low_income_allowance"] | t["low_income_margin"])
    hardship = r["incapacitated"] | certified | r["living_alone"] | r["empty_nest"] | r["left_behind"] | r["oldest_old"]
    r["basic_service_recipient"] = scope & old & (
        known(t["destitute_support"]) | (r["low_income"] & hardship) | r["special_family"] | known(t["great_contribution"])
    )
    entry = number("entry_ability_level")
    stayed = (as_of - t["institution_since"]).dt.days
    yes = lambda key: known(number(key) == 1, t[key].isna())
    r["institution_aid"] = (
        scope & old & known(t["low_income_allowance"]) & known(entry >= 4, entry.isna()) & known(t["in_institution"])
        & known(stayed >= 30, stayed.isna()) & yes("institution_contract") & yes("institution_paid")
    )
    need = number("needs_meal_delivery")
    r["meal_delivery"] = scope & r["basic_service_recipient"] & known(need == 1, need.isna())
    r["health_management"] = scope & known(age >= 65, born.isna())
    return r


def main():
    packs, inbox, database, out, as_of = (pathlib.Path(p) for p in sys.argv[1:6])
    as_of = pd.Timestamp(str(as_of))
    lists, (by_name, settlement) = description(packs), villages(packs)
    base = sqlite3.connect(database)
    base.execute("CREATE TABLE IF NOT EXISTS change (source TEXT, id_number TEXT, what TEXT)")
    base.execute("CREATE TABLE IF NOT EXISTS fault (file TEXT, row TEXT)")
    clock, took = time.monotonic(), {}
    rows = faulty = 0
    files = [p for p in sorted(inbox.iterdir()) if p.suffix in (".csv", ".xlsx")]
    for source in LISTS:
        columns, mode, _ = lists[source]
        for path in [p for p in files if re.fullmatch(rf"{source}_\d{{4}}-\d\d-\d\d(_\d+)?", p.stem)]:
            date = re.search(r"_(\d{4}-\d\d-\d\d)", path.stem)[1]
            if dt.date.fromisoformat(date) > as_of.date():
                continue
            scope = path.stem.split("_")[-1] if re.search(r"_\d{6}$", path.stem) else ""
            frame, faults = read(path, columns, by_name)
            keep(base, source, scope, frame, mode)
            told = faults.astype(str).agg(",".join, axis=1) if len(faults) else []
            base.executemany("INSERT INTO fault VALUES (?, ?)", [(path.name, row) for row in told])
            rows, faulty = rows + len(frame) + len(faults), faulty + len(faults)
    base.commit()
    took["reading lists"], clock = time.monotonic() - clock, time.monotonic()
    table, visits = people(base, as_of, settlement)
    took["people"], clock = time.monotonic() - clock, time.monotonic()
    found = rules(table, as_of)
    took["rules"], clock = time.monotonic() - clock, time.monotonic()
    out.mkdir(parents=True, exist_ok=True)
    met = {key: truth.fillna(False).to_numpy(dtype=bool) for key, truth in found.items()}
    served = {
        "institution_aid": table["receives_institution_aid"].to_numpy(dtype=bool),
        "meal_delivery": table["receives_meal_delivery"].to_numpy(dtype=bool),
        "health_management": (table["health_managed_on"] >= pd.Timestamp(as_of.year, 1, 1)).to_numpy(dtype=bool),
    }
    work = [
        pd.DataFrame({"kind": "unserved", "rule": rule, "id_number": table.index[met[rule] & ~has], "village": table["home"].to_numpy()[met[rule] & ~has]})
        for rule, has in served.items()
    ]
    month = as_of.replace(day=1)
    due = met["at_risk"] & ~(table["last_contact_on"] >= month).to_numpy(dtype=bool)
    work.append(pd.DataFrame({"kind": "visit", "rule": "monthly_contact", "id_number": table.index[due], "village": table["home"].to_numpy()[due]}))
    pd.concat(work).sort_values(["kind", "village", "id_number"]).to_csv(out / "work.csv", index=False)
    end = month - pd.Timedelta(days=1)
    seen = set(visits[(visits["on"] >= end.replace(day=1)) & (visits["on"] <= end)]["id_number"])
    risk = table[met["at_risk"]]
    rate = pd.DataFrame({"village": risk["home"], "seen": risk.index.isin(seen)}).groupby("village")["seen"].agg(["sum", "count"])
    rate.to_csv(out / "visit_rate.csv")
    base.commit()
    took["work lists and rate"] = time.monotonic() - clock
    unknown = {key: int(truth.isna().sum()) for key, truth in found.items()}
    print(json.dumps({
        "rows": rows, "faulty": faulty, "people": len(table), "seconds": took,
        "met": {key: int(truth.sum()) for key, truth in met.items()}, "unknown": unknown,
    }))


if __name__ == "__main__":
    main()
