"""What there is to do: who is due something, whose benefit ends, whom to visit, to assess anew, to ask for what."""

import pandas as pd

import rules

SERVED = {
    "institution_aid": "receives_institution_aid", "meal_delivery": "receives_meal_delivery",
    "home_adaptation": "home_adapted_on", "health_management": "health_managed_on",
}
KEY = ["kind", "rule", "id_number", "fact"]


def find(people, inside, found, conditions, night):
    """All work of a night: kind, rule, person, missing fact, village.

    `people` is everyone, `inside` whom the plan is for.
    """
    met = {rule: truth.fillna(False).astype(bool) for rule, truth in found.items()}
    year, month, quarter = (night.to_period(unit).start_time for unit in "YMQ")
    has = {
        "institution_aid": inside["receives_institution_aid"] != 0,
        "meal_delivery": inside["receives_meal_delivery"] != 0,
        "home_adaptation": inside["home_adapted_on"].notna(), "health_management": inside["health_managed_on"] >= year,
    }
    parts = [items("unserved", rule, inside[met[rule] & ~served.to_numpy()]) for rule, served in has.items()]
    for rule in ("institution_aid", "meal_delivery"):
        keeps = inside.index[found[rule].fillna(True)]
        gets = people[people[SERVED[rule]] == 1]
        parts.append(items("stop", rule, gets[~gets.index.isin(keeps)]))
    for rule, last, start in [
        ("monthly_contact", "last_contact_on", month), ("monthly_home_visit", "last_home_visit_on", month),
        ("quarterly_village_help", "last_village_help_on", quarter),
    ]:
        parts.append(items("visit", rule, inside[met[rule] & ~(inside[last] >= start).to_numpy()]))
    parts.append(items("reassess", "reassessment_due", inside[met["reassessment_due"]]))
    parts.append(ask(inside, found, conditions))
    return pd.concat(parts, ignore_index=True)


def items(kind, rule, of):
    villages = of["home"].to_numpy()
    return pd.DataFrame({"kind": kind, "rule": rule, "id_number": of.index, "fact": "", "village": villages})


def ask(inside, found, conditions):
    """Whom to ask for what: the missing facts of unknown conditions of rules that aren't decided without them."""
    parts = []
    for rule, (_, names) in rules.RULES.items():
        open_ = found[rule].isna()
        for name in names:
            waits = open_ & conditions[name].isna() if name in rules.FACTS else None
            for fact in rules.FACTS.get(name, []):
                lacks = inside[waits & inside[fact].isna().to_numpy()]
                parts.append(items("ask", "", lacks).assign(fact=fact))
    return pd.concat(parts).drop_duplicates(["id_number", "fact"])
