"""The rules as OpenFisca variables on a year. usage: openfisca_rules.py RULES_SQL FILE OUT THREADS REPEATS"""

import sys

import numpy as np
import polars as pl
from openfisca_core import entities, periods, simulation_builder, taxbenefitsystems, variables

from measure import RULES, whole_frames

file, out, threads, times = sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])

Person = entities.Entity("person", "persons", "", "")
Household = entities.GroupEntity("household", "households", "", "", roles=[{"key": "member", "plural": "members"}])
system = taxbenefitsystems.TaxBenefitSystem([Person, Household])
YEAR = "2026"
READ = [
    "age", "sex", "marital", "income", "pension", "assets", "disability_pct", "care_level", "employed_months",
    "children_u18", "rural", "bereaved_months", "chronic", "house_owner", "residency_years",
]  # fmt: skip
WHOLE_YES = {"rural", "house_owner"}
# OpenFisca keeps money in 32 bits; thresholds of the rules are compared in 64.
DOUBLE = np.float64


def variable(name, entity, kind, formula=None):
    held = {"value_type": kind, "entity": entity, "definition_period": periods.YEAR, "label": name}
    if formula is not None:
        held["formula"] = formula
    made = type(name, (variables.Variable,), held)
    system.add_variable(made)
    system.variables[name].dtype = DOUBLE if kind is float else system.variables[name].dtype


for key in READ:
    variable(key, Person, bool if key in WHOLE_YES else float)
variable("hh_size", Household, float, lambda household, period: household.nb_persons().astype(DOUBLE))
variable("inc", Person, float, lambda person, period: person("income", period) + person("pension", period))
variable("hh_income", Household, float, lambda household, period: household.sum(household.members("inc", period)))
variable(
    "pc",
    Person,
    float,
    lambda person, period: person.household("hh_income", period) / person.household("hh_size", period),
)


def rule(name):
    """A variable of a person whose formula reads others by name."""

    def keep(formula):
        def run(person, period):
            get = lambda key: person.household(key, period) if key in ("hh_size", "hh_income") else person(key, period)
            return formula(get)

        variable(name, Person, float, run)

    return keep


def pays(condition, amount):
    return np.where(condition, amount, 0.0)


def above(value, limit):
    return np.clip(value - limit, 0.0, None)


def adult(v):
    return (v("age") >= 18) & (v("age") <= 59)


rule("r1")(lambda v: pays((v("age") >= 68) & (v("inc") < 12000), 4000.0))
rule("r2")(lambda v: pays((v("r1") == 0) & (v("age") >= 60) & v("rural") & (v("pc") < 9000), 2500.0))
rule("r3")(
    lambda v: pays(
        (v("r1") == 0) & (v("r2") == 0) & (v("sex") == 1) & (v("marital") != 1) & (v("age") >= 60) & (v("pc") < 15000),
        2600.0,
    )
)
rule("r4")(lambda v: pays((v("marital") == 2) & adult(v) & (v("income") < 20000), 2600.0))
rule("r5")(lambda v: pays((v("disability_pct") >= 51) & (v("residency_years") >= 1), 3990.0))
rule("r6")(lambda v: pays((v("disability_pct") >= 26) & (v("disability_pct") <= 50), 2128.0))
rule("r7")(lambda v: pays((v("age") < 16) & (v("disability_pct") >= 30), 1500.0))
rule("r8")(lambda v: pays((v("care_level") >= 1) & (v("care_level") <= 2) & (v("pc") < 12000), 3000.0))
rule("r9")(lambda v: pays(v("care_level") >= 3, np.clip(6000.0 - 0.1 * above(v("inc"), 10000.0), 0.0, None)))
rule("r10")(lambda v: pays((v("hh_size") == 1) & (v("age") >= 65) & (v("inc") < 25000), 1200.0))
rule("r11")(
    lambda v: np.select(
        [v("care_level") >= 4, v("care_level") >= 2, (v("age") >= 80) & (v("hh_size") == 1), v("age") >= 70],
        [8.0, 4.0, 2.0, 1.0],
        0.0,
    )
)
rule("r12")(lambda v: pays((v("bereaved_months") >= 0) & (v("bereaved_months") <= 12) & (v("pc") < 18000), 5000.0))
rule("r13")(lambda v: pays((v("pc") < 7000) & (v("assets") < 200000), 800.0))
rule("r14")(
    lambda v: pays(
        adult(v) & (v("employed_months") < 3) & (v("pc") < 10000), 1000.0 * (3 - v("employed_months"))
    )
)
rule("r15")(
    lambda v: pays((v("children_u18") > 0) & adult(v) & (v("pc") < 9000), 532.0 * np.minimum(v("children_u18"), 3))
)
rule("r16")(lambda v: pays(~v("house_owner") & (v("pc") < 11000), np.clip(2000.0 - 0.1 * v("pc"), 0.0, None)))
rule("r17")(
    lambda v: pays(
        (v("age") >= 70) | (v("chronic") >= 3) | (v("disability_pct") >= 40) | (v("pc") < 8000), 1.0
    )
)
rule("r18")(
    lambda v: np.select([v("pc") < 6000, v("pc") < 12000, v("pc") < 18000], [350.0, 262.5, 175.0], 0.0)
)
rule("r19")(
    lambda v: np.clip(
        0.05 * np.clip(v("inc") - 20000.0, 0.0, 30000.0)
        + 0.12 * np.clip(v("inc") - 50000.0, 0.0, 70000.0)
        + 0.2 * above(v("inc"), 120000.0)
        - pays(v("age") >= 65, 1000.0),
        0.0,
        None,
    )
)
rule("r20")(
    lambda v: 2.0 * v("care_level")
    + pays(v("age") >= 80, 3.0)
    + pays(v("hh_size") == 1, 3.0)
    + v("disability_pct") / 20.0
    + pays(v("pc") < 7000, 2.0)
    + 0.5 * v("chronic")
)
rule("total")(lambda v: np.minimum(9000.0, sum(v(f"r{n}") for n in range(1, 17) if n != 11)))


def rules(persons):
    p = persons.filter(pl.col("alive"))
    ids = p["person_id"].to_numpy()
    homes, home_of = np.unique(p["household_id"].to_numpy(), return_inverse=True)
    builder = simulation_builder.SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("person", ids)
    household = builder.declare_entity("household", homes)
    builder.join_with_persons(household, homes[home_of], np.array(["member"] * len(ids)))
    simulation = builder.build(system)
    for key in READ:
        column = p[key].to_numpy()
        simulation.set_input(key, YEAR, column if key in WHOLE_YES else column.astype(DOUBLE))
    return pl.DataFrame({"person_id": ids, **{r: simulation.calculate(r, YEAR) for r in RULES}})


whole_frames("OpenFisca", "openfisca-core", rules, file, out, threads, times)
