"""The rules as a ZEN decision: one expression node, one row at a time. usage: zen_rules.py RULES_SQL FILE OUT THREADS REPEATS

ZEN looks at one record: what a household comes to is worked out beside it, in Polars, and counted with it.
"""

import json
import sys

import polars as pl
import zen

from measure import RULES, whole_frames

file, out, threads, times = sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])

# Chained: an expression may use those above it.
EXPRESSIONS = {
    "r1": "age >= 68 and inc < 12000 ? 4000 : 0",
    "r2": "$.r1 == 0 and age >= 60 and rural and pc < 9000 ? 2500 : 0",
    "r3": "$.r1 == 0 and $.r2 == 0 and sex == 1 and marital != 1 and age >= 60 and pc < 15000 ? 2600 : 0",
    "r4": "marital == 2 and age >= 18 and age <= 59 and income < 20000 ? 2600 : 0",
    "r5": "disability_pct >= 51 and residency_years >= 1 ? 3990 : 0",
    "r6": "disability_pct >= 26 and disability_pct <= 50 ? 2128 : 0",
    "r7": "age < 16 and disability_pct >= 30 ? 1500 : 0",
    "r8": "care_level >= 1 and care_level <= 2 and pc < 12000 ? 3000 : 0",
    "r9": "care_level >= 3 ? max([0, 6000 - 0.1 * max([inc - 10000, 0])]) : 0",
    "r10": "hh_size == 1 and age >= 65 and inc < 25000 ? 1200 : 0",
    "r11": "care_level >= 4 ? 8 : care_level >= 2 ? 4 : age >= 80 and hh_size == 1 ? 2 : age >= 70 ? 1 : 0",
    "r12": "bereaved_months >= 0 and bereaved_months <= 12 and pc < 18000 ? 5000 : 0",
    "r13": "pc < 7000 and assets < 200000 ? 800 : 0",
    "r14": "age >= 18 and age <= 59 and employed_months < 3 and pc < 10000 ? 1000 * (3 - employed_months) : 0",
    "r15": "children_u18 > 0 and age >= 18 and age <= 59 and pc < 9000 ? 532 * min([children_u18, 3]) : 0",
    "r16": "not house_owner and pc < 11000 ? max([0, 2000 - 0.1 * pc]) : 0",
    "r17": "age >= 70 or chronic >= 3 or disability_pct >= 40 or pc < 8000 ? 1 : 0",
    "r18": "pc < 6000 ? 350 : pc < 12000 ? 262.5 : pc < 18000 ? 175 : 0",
    "r19": "max([0, 0.05 * min([max([inc - 20000, 0]), 30000]) + 0.12 * min([max([inc - 50000, 0]), 70000])"
    " + 0.2 * max([inc - 120000, 0]) - (age >= 65 ? 1000 : 0)])",
    "r20": "2 * care_level + (age >= 80 ? 3 : 0) + (hh_size == 1 ? 3 : 0) + disability_pct / 20"
    " + (pc < 7000 ? 2 : 0) + 0.5 * chronic",
    "total": "min([9000, " + " + ".join(f"$.r{n}" for n in range(1, 17) if n != 11) + "])",
}
GRAPH = {
    "nodes": [
        {"id": "in", "type": "inputNode", "name": "in"},
        {
            "id": "rules",
            "type": "expressionNode",
            "name": "rules",
            "content": {"expressions": [{"id": key, "key": key, "value": value} for key, value in EXPRESSIONS.items()]},
        },
        {"id": "out", "type": "outputNode", "name": "out"},
    ],
    "edges": [
        {"id": "a", "type": "edge", "sourceId": "in", "targetId": "rules"},
        {"id": "b", "type": "edge", "sourceId": "rules", "targetId": "out"},
    ],
}
decision = zen.ZenEngine().create_decision(json.dumps(GRAPH))


def people(persons):
    """Those alive, with what their household comes to."""
    p = persons.filter(pl.col("alive"))
    homes = p.group_by("household_id").agg(
        pl.len().alias("hh_size"), (pl.col("income") + pl.col("pension")).sum().alias("hh_income")
    )
    p = p.join(homes, on="household_id").with_columns(
        pc=pl.col("hh_income") / pl.col("hh_size"), inc=pl.col("income") + pl.col("pension")
    )
    return p.drop("household_id", "district", "alive", "prev_benefit", "hh_income")


def rules(persons):
    p = people(persons)
    found = {rule: [] for rule in RULES}
    for row in p.iter_rows(named=True):
        result = decision.evaluate(row)["result"]
        for rule in RULES:
            found[rule].append(float(result[rule]))
    return pl.DataFrame({"person_id": p["person_id"], **found})


whole_frames("ZEN", "zen-engine", rules, file, out, threads, times)
