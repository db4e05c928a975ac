"""The rules written by hand in Polars. usage: polars_rules.py RULES_SQL FILE OUT THREADS REPEATS"""

import os
import sys

file, out, threads, times = sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
os.environ["POLARS_MAX_THREADS"] = str(threads)

import polars as pl
from polars import col, lit, when

from measure import RULES, repeat, report


def pays(condition, amount):
    return when(condition).then(amount).otherwise(0.0)


def above(value, limit):
    return (value - limit).clip(0.0, None)


def rules(persons: pl.LazyFrame) -> pl.LazyFrame:
    p = persons.filter(col("alive"))
    homes = p.group_by("household_id").agg(
        pl.len().alias("hh_size"), (col("income") + col("pension")).sum().alias("hh_income")
    )
    p = p.join(homes, on="household_id").with_columns(
        pc=col("hh_income") / col("hh_size"), inc=col("income") + col("pension")
    )
    age, inc, pc, care = col("age"), col("inc"), col("pc"), col("care_level")
    disability, chronic = col("disability_pct"), col("chronic")
    adult, alone = (age >= 18) & (age <= 59), col("hh_size") == 1
    p = p.with_columns(r1=pays((age >= 68) & (inc < 12000), lit(4000.0)))
    p = p.with_columns(r2=pays((col("r1") == 0) & (age >= 60) & col("rural") & (pc < 9000), lit(2500.0)))
    p = p.with_columns(
        r3=pays(
            (col("r1") == 0)
            & (col("r2") == 0)
            & (col("sex") == 1)
            & (col("marital") != 1)
            & (age >= 60)
            & (pc < 15000),
            lit(2600.0),
        ),
        r4=pays((col("marital") == 2) & adult & (col("income") < 20000), lit(2600.0)),
        r5=pays((disability >= 51) & (col("residency_years") >= 1), lit(3990.0)),
        r6=pays((disability >= 26) & (disability <= 50), lit(2128.0)),
        r7=pays((age < 16) & (disability >= 30), lit(1500.0)),
        r8=pays((care >= 1) & (care <= 2) & (pc < 12000), lit(3000.0)),
        r9=pays(care >= 3, (6000.0 - 0.1 * above(inc, 10000.0)).clip(0.0, None)),
        r10=pays(alone & (age >= 65) & (inc < 25000), lit(1200.0)),
        r11=when(care >= 4)
        .then(8.0)
        .when(care >= 2)
        .then(4.0)
        .when((age >= 80) & alone)
        .then(2.0)
        .when(age >= 70)
        .then(1.0)
        .otherwise(0.0),
        r12=pays((col("bereaved_months") >= 0) & (col("bereaved_months") <= 12) & (pc < 18000), lit(5000.0)),
        r13=pays((pc < 7000) & (col("assets") < 200000), lit(800.0)),
        r14=pays(
            adult & (col("employed_months") < 3) & (pc < 10000), 1000.0 * (3 - col("employed_months"))
        ),
        r15=pays(
            (col("children_u18") > 0) & adult & (pc < 9000),
            532.0 * pl.min_horizontal(col("children_u18"), lit(3, dtype=pl.Int8)),
        ),
        r16=pays(~col("house_owner") & (pc < 11000), (2000.0 - 0.1 * pc).clip(0.0, None)),
        r17=pays((age >= 70) | (chronic >= 3) | (disability >= 40) | (pc < 8000), lit(1.0)),
        r18=when(pc < 6000).then(350.0).when(pc < 12000).then(262.5).when(pc < 18000).then(175.0).otherwise(0.0),
        r19=(
            0.05 * (inc - 20000.0).clip(0.0, 30000.0)
            + 0.12 * (inc - 50000.0).clip(0.0, 70000.0)
            + 0.2 * above(inc, 120000.0)
            - pays(age >= 65, lit(1000.0))
        ).clip(0.0, None),
        r20=2.0 * care.cast(pl.Float64)
        + pays(age >= 80, lit(3.0))
        + pays(alone, lit(3.0))
        + disability.cast(pl.Float64) / 20.0
        + pays(pc < 7000, lit(2.0))
        + 0.5 * chronic.cast(pl.Float64),
    )
    paid = [f"r{n}" for n in range(1, 17) if n != 11]
    p = p.with_columns(total=pl.sum_horizontal(paid).clip(None, 9000.0))
    return p.select(["person_id", *RULES])


def counted(persons: pl.LazyFrame) -> pl.DataFrame:
    sums = [x for r in RULES for x in ((col(r) > 0).sum().alias(f"c_{r}"), col(r).sum().alias(f"s_{r}"))]
    return rules(persons).select(sums).collect()


persons = pl.read_parquet(file)
tasks = {}
tasks["counted"], table = repeat(lambda: counted(persons.lazy()), times)
tasks["in_memory"], _ = repeat(lambda: rules(persons.lazy()).collect(), times)


def files():
    rules(pl.scan_parquet(file)).collect().write_parquet(out, compression="snappy")


tasks["files"], _ = repeat(files, times)
row = table.row(0)
report("Polars", pl.__version__, threads, tasks, row[0::2], row[1::2])
