"""The twenty rules about people of Kizilsu's plan, with three values: true, false, not known.

A rule is met when all of its conditions are. Conditions have a name, so that an answer can be explained, and the facts
they need, so that somebody can be asked for what is missing.
"""

import numpy as np
import pandas as pd

import families

RULES = {  # clause, conditions
    "living_alone": ("KZ-5a", ["older", "no_partner", "no_child_near"]),
    "empty_nest": ("KZ-5a", ["older", "no_child_near"]),
    "left_behind": ("KZ-5a", ["older", "rural", "has_children", "all_away", "no_supporter"]),
    "incapacitated": ("KZ-5a", ["older", "ability_lost"]),
    "severely_disabled": ("KZ-5a", ["older", "severe_grade"]),
    "special_family": ("KZ-5a", ["older", "recognised"]),
    "oldest_old": ("KZ-1", ["oldest_old_age"]),
    "certified_disabled": ("KZ-1", ["older", "certificate"]),
    "low_income": ("KZ-1", ["older", "income"]),
    "old_caring_for_disabled": ("KZ-4b", ["older", "disabled_member"]),
    "at_risk": ("KZ-5b", ["older", "any_of_six"]),
    "basic_service_recipient": ("KZ-1", ["older", "recipient_class"]),
    "institution_aid": ("KZ-6a", [
        "older", "allowance", "assessed_before_entry", "in_institution", "full_days", "contract", "payment",
    ]),
    "meal_delivery": ("KZ-13d", ["recipient", "need_assessed"]),
    "home_adaptation": ("KZ-18a", ["older", "adaptation_class"]),
    "health_management": ("KZ-15d", ["age_65"]),
    "monthly_contact": ("KZ-5d", ["at_risk"]),
    "monthly_home_visit": ("KZ-5d", ["incapacitated"]),
    "quarterly_village_help": ("KZ-5d", ["incapacitated"]),
    "reassessment_due": ("KZ-3a", ["older", "assessed", "lapses"]),
}
SIX = ["living_alone", "empty_nest", "left_behind", "incapacitated", "severely_disabled", "special_family"]
FACTS = {  # by condition; conditions over other rules need none of their own
    "no_partner": ["marital_status"], "no_child_near": ["children_count", "children_in_village"],
    "rural": ["settlement"], "has_children": ["children_count"], "all_away": ["children_all_away_since"],
    "no_supporter": ["capable_supporter_nearby"], "ability_lost": ["ability_level"],
    "severe_grade": ["disability_grade"], "recognised": ["special_family"], "certificate": ["disability_grade"],
    "income": ["low_income_allowance", "low_income_margin"], "disabled_member": ["household_id"],
    "recipient_class": ["destitute_support", "great_contribution"], "allowance": ["low_income_allowance"],
    "adaptation_class": ["low_income_allowance"], "assessed_before_entry": ["entry_ability_level"],
    "in_institution": ["in_institution"], "full_days": ["institution_since"], "contract": ["institution_contract"],
    "payment": ["institution_paid"], "need_assessed": ["needs_meal_delivery"],
}


def known(values, facts):
    """A condition over facts that are there, not known where they aren't."""
    return pd.arrays.BooleanArray(values.to_numpy(dtype=bool), facts.isna().to_numpy())


def yes(facts):
    return known(facts == 1, facts)


def years(born, night):
    had = (born.dt.month < night.month) | ((born.dt.month == night.month) & (born.dt.day <= night.day))
    return night.year - born.dt.year - (~had).astype(int)


def judge(people, night):
    """Truth by rule and by condition, for the living of the prefecture; those are also returned."""
    age = years(people["birth_date"], night)
    disabled = families.disabled_member(people, age, night)
    inside = ~(people["death_date"] <= night) & people["home"].str.startswith("6530").fillna(False)
    people, age, disabled = people[inside], age[inside], disabled[inside]
    born, children, near = people["birth_date"], people["children_count"], people["children_in_village"]
    since, grade, level = people["children_all_away_since"], people["disability_grade"], people["ability_level"]
    away = (night.year - since.dt.year) * 12 + night.month - since.dt.month - (since.dt.day > night.day)
    away = away.clip(lower=0).mask(people["children_all_away"] == 0, 0)
    stayed, entry = (night - people["institution_since"]).dt.days, people["entry_ability_level"]
    until = people["ability_valid_until"]
    c = {
        "older": known(age >= 60, born), "oldest_old_age": known(age >= 80, born), "age_65": known(age >= 65, born),
        "no_partner": known(people["marital_status"].isin(["10", "30", "40"]), people["marital_status"]),
        "no_child_near": known(children == 0, children) | known(near == 0, near),
        "rural": known(people["settlement"] == "rural", people["settlement"]),
        "has_children": known(children > 0, children), "all_away": known(away >= 6, away),
        "no_supporter": ~yes(people["capable_supporter_nearby"]), "ability_lost": known(level >= 3, level),
        "severe_grade": known(grade.between(1, 2), grade), "certificate": known(grade.between(1, 4), grade),
        "recognised": known(people["special_family"].str.startswith("only_child").eq(True), people["special_family"]),
        "allowance": yes(people["low_income_allowance"]), "disabled_member": disabled.array,
        "assessed_before_entry": known(entry >= 4, entry), "in_institution": yes(people["in_institution"]),
        "full_days": known(stayed >= 30, stayed), "contract": yes(people["institution_contract"]),
        "payment": yes(people["institution_paid"]), "need_assessed": yes(people["needs_meal_delivery"]),
        "assessed": pd.array(until.notna(), dtype="boolean"),
        "lapses": known(until <= night + pd.Timedelta(days=60), until),
    }
    c["income"] = c["allowance"] | yes(people["low_income_margin"])
    r = {}
    for rule, (_, conditions) in RULES.items():
        if rule == "at_risk":
            c["any_of_six"] = any_of(r[six] for six in SIX)
        elif rule == "basic_service_recipient":
            poor = any_of(r[h] for h in [*SIX[:4], "certified_disabled", "oldest_old"])
            c["recipient_class"] = (
                yes(people["destitute_support"]) | (r["low_income"] & poor) | r["special_family"]
                | yes(people["great_contribution"])
            )
        elif rule == "home_adaptation":
            hardships = ["oldest_old", "incapacitated", "left_behind", "empty_nest", "certified_disabled"]
            hard = any_of(r[h] for h in hardships)
            c["adaptation_class"] = (c["allowance"] & hard) | r["special_family"]
        c |= {"recipient": r.get("basic_service_recipient"), "at_risk": r.get("at_risk")}
        c["incapacitated"] = r.get("incapacitated")
        r[rule] = c[conditions[0]]
        for condition in conditions[1:]:
            r[rule] = r[rule] & c[condition]
    return people, r, c


def any_of(truths):
    first, *others = truths
    for other in others:
        first = first | other
    return first


def explain(people, found, conditions):
    """For everyone whom a rule speaks for or can't be decided for: the clause, and every condition with its answer."""
    parts = []
    for rule, (clause, names) in RULES.items():
        told = found[rule].fillna(True)  # met or not known
        answers = np.stack([conditions[name][told].fillna(False) + 2 * conditions[name][told].isna() for name in names])
        # Few combinations occur: their words are made once and handed out.
        codes, which = np.unique(answers.astype(np.int8), axis=1, return_inverse=True)
        words = [", ".join(f"{n}: {('no', 'yes', '?')[a]}" for n, a in zip(names, column)) for column in codes.T]
        parts.append(pd.DataFrame({
            "id_number": people.index[told], "rule": rule, "clause": clause,
            "outcome": np.where(found[rule][told].isna(), "unknown", "met"), "conditions": np.array(words)[which],
        }))
    return pd.concat(parts, ignore_index=True)
