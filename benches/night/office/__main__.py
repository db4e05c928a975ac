"""The nightly job as an office would script it today: pandas reads every list, SQLite keeps them, pandas answers.

    python office PACKS INBOX DATABASE OUT AS_OF

It reads every list of the inbox that `yilian cycle` reads, the same rows and the same of them faulty, and answers the
twenty rules about people and the nine indicators of Kizilsu's plan. The second night, on the same database, reads the
lists that came, holds them against what stood, and answers anew.

Left out that Yilian does:
- linking rows by likeness: a row is matched by exact name and birth date or waits, and one that waits is tried again
  only when its list comes again. Nobody is made of a population row without a number; nobody is found standing twice
- entries kept open while a mistyped row could be their person's; lists held because they would end too much
- sealing of names, numbers and answers, the blind index, the archive of lists, the audit trail
- one transaction a list, so that a night can be killed between any two; here all lists are one, all answers another
- rules as data: ages, levels and conditions of one plan stand in Python here, as of one day
- explanations of a no: they are kept for those whom a rule speaks for or can't be decided for
- standards of places and housing beside the canteens', queues, due days, the order of work
- indicators as of the last day of their period, their state, whom they can't count; history as known on another day
- Parquet; the dead whom a newer population list still names, told as a disagreement

What it finds differs by that: a row that only likeness links speaks of nobody here.
"""

import json
import os
import pathlib
import sqlite3
import sys
import time

import pandas as pd

import families
import history
import intake
import lists
import measures
import people as everyone
import rules
import work

# Where pyarrow is installed pandas keeps texts in it; this job takes twice the time with those, for `isin` above all.
# TEXTS=auto leaves pandas its own choice.
pd.options.mode.string_storage = os.environ.get("TEXTS", "python")


def main():
    packs, inbox, database, out = map(pathlib.Path, sys.argv[1:5])
    as_of = sys.argv[5]
    night = pd.Timestamp(as_of)
    sources, absent = lists.sources(packs)
    divisions, codes = lists.divisions(packs)
    base = sqlite3.connect(database)
    took, clock = {}, time.monotonic()

    def done(step):
        nonlocal clock
        took[step], clock = round(time.monotonic() - clock, 2), time.monotonic()

    counts = intake.take_in(base, sources, codes, inbox, as_of)
    base.commit()
    done("lists")
    table, conflicts = everyone.gather(base, sources, absent, divisions, as_of)
    everyone.assessments(base, table, as_of)
    visits = everyone.visits(base, table, as_of)
    done("people")
    kin = families.relations(base, table)
    done("families")
    inside, found, conditions = rules.judge(table, night)
    done("rules")
    why = rules.explain(inside, found, conditions)
    done("explanations")
    met = {rule: truth.fillna(False).astype(bool) for rule, truth in found.items()}
    todo = work.find(table, inside, found, conditions, night)
    done("work")
    places = measures.places(base, as_of)
    sums = measures.township_sums(base, places)
    measured = measures.indicators(base, inside, met, visits, places, divisions, night)
    done("measures")
    gone = lambda rows: pd.Series(True, index=rows.index)
    for name, key, rows in [
        ("disagreement", ["id_number", "fact", "source"], conflicts), ("family", ["id_number"], kin),
        ("explanation", ["id_number", "rule"], why), ("work", work.KEY, todo), ("township", ["township"], sums),
        ("indicator", ["indicator", "division"], measured),
    ]:
        counts[name] = len(rows), *history.keep(base, name, key, rows, as_of, as_of, gone)
    base.commit()
    out.mkdir(parents=True, exist_ok=True)
    todo.sort_values(["kind", "village", "id_number"]).to_csv(out / "work.csv", index=False)
    measured.to_csv(out / "indicators.csv", index=False)
    done("keeping and writing")
    region = measured[measured["division"] == everyone.REGION]
    print(json.dumps({
        **counts, "people": len(table), "in_scope": len(inside), "seconds": took,
        "met": {rule: int(truth.sum()) for rule, truth in met.items()},
        "unknown": {rule: int(truth.isna().sum()) for rule, truth in found.items()},
        "conflicts": conflicts.groupby("fact")["id_number"].nunique().to_dict(),
        "work": todo["kind"].value_counts().to_dict(),
        "indicators": region.set_index("indicator")[["numerator", "denominator"]].T.to_dict("list"),
    }))


if __name__ == "__main__":
    main()
