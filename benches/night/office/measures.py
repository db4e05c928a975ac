"""The plan's nine indicators and what each township has, by prefecture, county, township and village."""

import pandas as pd

import history

LEVELS = {"prefecture": 4, "county": 6, "township": 9, "village": 12}
EMBEDDED = ["regional_centre", "day_care", "station"]
PUBLIC = ["welfare_home", "care_home", "regional_centre"]


def places(base, night):
    """Places in use of all lists that name some."""
    wanted = [
        "place_id", "kind", "division", "area_m2", "beds", "nursing_beds", "occupied", "ownership", "standardised",
        "food_licence_on", "geriatrics_dept", "in_use_since", "closed_on",
    ]
    found = pd.concat([history.standing(base, f"list_{source}", wanted) for source in ("places", "hospitals")])
    return found[~(found["in_use_since"] > night) & ~(found["closed_on"] <= night)]


def township_sums(base, found):
    """Places, beds, residents in them and square metres by township, beside the township's own residents."""
    care = found[found["beds"].notna() & found["kind"].isin(PUBLIC)]
    beds = care.groupby(care["division"].str.slice(0, 9))[["beds", "nursing_beds", "occupied"]].sum()
    area = found.groupby(found["division"].str.slice(0, 9)).agg(places=("place_id", "size"), area_m2=("area_m2", "sum"))
    known = history.standing(base, "list_division_residents", ["code", "residents"]).set_index("code")["residents"]
    sums = area.join(beds).rename_axis("township")
    sums["residents"] = known.reindex(sums.index)
    sums["beds_per_thousand"] = 1000 * sums["beds"] / sums["residents"]
    return sums.reset_index()


def indicators(base, people, met, visits, found, divisions, night):
    """Numerator and denominator of every indicator by division."""
    last_month = night.to_period("M") - 1
    seen = visits.loc[visits["on"].dt.to_period("M") == last_month, "id_number"]
    risk = people[met["at_risk"]]
    last_year = night.year - 1
    old = people[(pd.Timestamp(last_year, 12, 31) - pd.DateOffset(years=65)) >= people["birth_date"]]
    # All rows of the list, those that have ended too: last year's examination counts though a newer one has come.
    examined = pd.read_sql("SELECT id_number, health_managed_on AS day FROM list_health_management", base)
    examined = examined.loc[examined["day"].str.startswith(str(last_year)).eq(True), "id_number"]
    trained = history.standing(base, "list_training", ["division", "topic", "on", "person_times"])
    trained = trained[(trained["topic"] == "care_worker") & trained["on"].between("2021-01-01", str(night.date()))]
    public = found[found["kind"].isin(PUBLIC) & (found["ownership"] == "public") & (found["beds"] > 0)]
    hospitals = found[found["kind"] == "hospital_2_plus"]
    codes = divisions.index[divisions.index.str.startswith("6530")]
    counties, townships = (pd.Series(codes[codes.str.len() == size], dtype="str") for size in (6, 9))
    has = lambda kinds, size: found.loc[found["kind"].isin(kinds), "division"].str.slice(0, size)
    both = counties.isin(has(["welfare_home"], 6)) & counties.isin(has(["care_home"], 6))
    canteens = found[(found["kind"] == "canteen") & (found["standardised"] == 1)]
    canteens = canteens[canteens["food_licence_on"] <= str(night.date())]
    measured = {
        "I-KZ1": (risk["home"], risk.index.isin(seen), None),
        "I-KZ2": (trained["division"], trained["person_times"], None),
        "I-KZ3": (counties, both, None),
        "I-KZ4": (townships, townships.isin(has(["regional_centre"], 9)), None),
        "I-KZ5": (townships, townships.isin(canteens["division"].str.slice(0, 9)), None),
        "I-KZ6": (public["division"], public["occupied"], public["beds"]),
        "I-KZ7": (old["home"], old.index.isin(examined), None),
        "I-KZ8": (hospitals["division"], hospitals["geriatrics_dept"] == 1, None),
        "I-KZ9": (townships, townships.isin(has(EMBEDDED, 9)), None),
    }
    parts = []
    for name, (division, numerator, denominator) in measured.items():
        rows = pd.DataFrame({
            "division": division.to_numpy(), "numerator": pd.Series(numerator).to_numpy(dtype=float),
            "denominator": 1.0 if denominator is None else denominator.to_numpy(),
        })
        finest = rows["division"].str.len().max()
        for size in (size for size in LEVELS.values() if size <= finest):
            sums = rows.groupby(rows["division"].str.slice(0, size))[["numerator", "denominator"]].sum()
            parts.append(sums.assign(indicator=name).reset_index())
    return pd.concat(parts, ignore_index=True)[["indicator", "division", "numerator", "denominator"]]
