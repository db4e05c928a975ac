"""Relations and households: partner and children by the kin list, and who cares for whom under one roof."""

import pandas as pd

import history


def relations(base, people):
    """A row for everyone with relatives: partner, children, those of them who live in the same village."""
    kin = history.standing(base, "list_kin", ["id_number", "kin_id_number", "kin_relation"])
    dead = kin["kin_id_number"].map(people["death_date"]).notna()
    kin = kin[kin["id_number"].isin(people.index) & ~dead]
    villages = kin["kin_id_number"].map(people["home"])
    kin["near"] = villages.notna() & (villages == kin["id_number"].map(people["home"]))
    children = kin[kin["kin_relation"] == "child"].groupby("id_number")["near"].agg(["size", "sum"])
    partners = kin[kin["kin_relation"] == "spouse"].drop_duplicates("id_number").set_index("id_number")["kin_id_number"]
    grand = kin[kin["kin_relation"] == "grandchild"].groupby("id_number").size()
    return pd.DataFrame({
        "partner": partners, "children": children["size"], "children_near": children["sum"], "grandchildren": grand,
    }).rename_axis("id_number").reset_index()


def disabled_member(people, age, night):
    """Whether a household has a living member under sixty with a disability certificate: true, false, not known."""
    alive = ~(people["death_date"] <= night)
    young = (alive & (age < 60)).to_numpy()
    grade = people["disability_grade"].to_numpy(dtype=float)
    house = people["household_id"]
    with_one = house[young & (grade >= 1) & (grade <= 4)].dropna().unique()
    maybe = house[young & pd.isna(grade)].dropna().unique()
    found = house.isin(with_one).astype("boolean")
    return found.mask(house.isna() | (~house.isin(with_one) & house.isin(maybe)))
