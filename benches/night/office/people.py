"""One row for everyone of the population with all facts that lists give, and where departments disagree."""

import pandas as pd

import history

REGION = "6530"  # the prefecture, for which a list without a division speaks
TIMES = ["valid_from", "valid_until", "left_on"]
ASSESSED = ["ability_assessed_on", "ability_level", "ability_valid_until"]
VALIDITY = pd.DateOffset(months=36)  # of an assessment whose list gives no last day


def in_force(base, source, night):
    """The rows of a list that hold on a day, dates as dates, of several about one person the latest last."""
    wanted = dict.fromkeys(["id_number", "name", *TIMES, *source.facts()])
    rows = history.standing(base, f"list_{source.id}", list(wanted))
    for fact in {*TIMES, *source.dates()} & set(rows.columns):
        rows[fact] = pd.to_datetime(rows[fact], format="%Y-%m-%d")
    over = (rows["valid_until"] < night) | (rows["left_on"] <= night)
    rows = rows[~over & ~(rows["valid_from"] > night)]
    return rows.sort_values(source.key[1:], kind="stable") if len(source.key) > 1 else rows


def gather(base, sources, absent, table, night):
    """Everyone with their facts, and every disagreement as person, fact, source, value and whether it counts.

    `absent` is what silence means: of someone for whom a full list has spoken and who isn't in it.
    """
    sources = [source for source in sources if source.entity == "person"]
    rows = {source.id: in_force(base, source, night) for source in sources}
    index = pd.Index(rows["population"]["id_number"])
    voices, silent = {}, {}
    for source in sources:
        said = rows[source.id].drop_duplicates("id_number", keep="last").set_index("id_number").reindex(index)
        listed = index.isin(rows[source.id]["id_number"])
        said = said.assign(**{fact: pd.Series(1.0, index).where(listed) for fact in source.presence})
        ranks = source.facts() | dict.fromkeys(source.presence, source.precedence)
        for fact in [fact for fact in ranks if fact not in ASSESSED]:
            voices.setdefault(fact, []).append((ranks[fact], source.id, said[fact]))
            if fact in absent:
                silent[fact] = (source, ~listed)
    for said in voices.values():
        said.sort(key=lambda voice: -voice[0])
    people = pd.DataFrame({fact: current(said) for fact, said in voices.items()}, index=index)
    people["home"] = people["residence_division"].fillna(people["hukou_division"])
    taken = pd.read_sql("SELECT DISTINCT source, scope FROM taken WHERE is_full", base)
    scopes = taken["scope"].replace("", REGION).groupby(taken["source"]).agg(tuple)
    inside = {}
    for fact, (source, missing) in silent.items():
        asked = source.scope_by, scopes.get(source.id, ())
        if asked not in inside:
            inside[asked] = spoken_for(people, *asked)
        people[fact] = people[fact].mask(missing & inside[asked], absent[fact])
    people["settlement"] = people["home"].map(table["settlement"])
    return people, pd.concat([*disagreements(voices), names(rows)], ignore_index=True)


def current(said):
    """The value that counts: of the sources that say something the one of highest precedence."""
    values = said[0][2]
    for _, _, other in said[1:]:
        values = values.fillna(other) if other.notna().any() else values
    return values


def spoken_for(people, scope_by, scopes):
    """Whether a full list has come in which the person would stand."""
    first, second = "residence_division", "hukou_division"
    if scope_by == "hukou":
        first, second = second, first
    return people[first].fillna(people[second]).str.startswith(scopes).fillna(False).to_numpy(dtype=bool)


def disagreements(voices):
    for fact, said in voices.items():
        if len(said) == 1:
            continue
        counts = current(said)
        differs = pd.concat([values.notna() & (values != counts) for *_, values in said], axis=1).any(axis=1)
        for rank, source, values in said:
            told = values[differs].dropna()
            yield pd.DataFrame({
                "id_number": told.index, "fact": fact, "source": source, "value": told.astype("str").to_numpy(),
                "precedence": rank, "counts": (told == counts[told.index]).to_numpy(),
            })


def names(rows):
    """Lists that write another name than the population's."""
    own = rows["population"].set_index("id_number")["name"]
    told = pd.concat([frame[["id_number", "name"]].assign(source=source) for source, frame in rows.items()])
    registered = told["id_number"].map(own)
    differs = told["name"].notna() & registered.notna() & (told["name"] != registered)
    told = told[differs].drop_duplicates().rename(columns={"name": "value"})
    return told.assign(fact="name", precedence=0, counts=False)


def assessments(base, people, night):
    """Adds the ability level valid tonight, the one valid on the day of entry, and the last day of the newest."""
    made = history.standing(base, "list_ability_assessments", ["id_number", *ASSESSED])
    made["on"], until = (pd.to_datetime(made[key]) for key in ("ability_assessed_on", "ability_valid_until"))
    made["until"] = until.fillna(made["on"] + VALIDITY - pd.Timedelta(days=1))
    made["entry"] = made["id_number"].map(people["institution_since"])
    made = made.sort_values("on", kind="stable")
    tonight = pd.Timestamp(night)
    for fact, key, valid in [
        ("ability_level", "ability_level", made["on"].le(tonight) & made["until"].ge(tonight)),
        ("entry_ability_level", "ability_level", made["on"].le(made["entry"]) & made["until"].ge(made["entry"])),
        ("ability_valid_until", "until", made["on"].le(tonight) & made["until"].ge(tonight)),
    ]:
        newest = made[valid].drop_duplicates("id_number", keep="last").set_index("id_number")
        people[fact] = newest[key].reindex(people.index)


def visits(base, people, night):
    """Adds the day of the last visit, of any kind and by kind; returns the visits."""
    made = history.standing(base, "list_visit_returns", ["id_number", "kind", "on"])
    made["on"] = pd.to_datetime(made["on"])
    made = made[made["on"] <= night]
    last = made.groupby(["id_number", "kind"])["on"].max().unstack().reindex(people.index)
    people["last_contact_on"] = last.max(axis=1)
    people["last_home_visit_on"], people["last_village_help_on"] = last.get("home"), last.get("village_help")
    return made
