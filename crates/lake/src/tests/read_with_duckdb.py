"""Reads a lake written by the tests as an analyst would, and compares with how the rows were made.

usage: read_with_duckdb.py LAKE
"""

import datetime
import decimal
import sys

import duckdb

lake = sys.argv[1]
db = duckdb.connect()
for table in ("person", "place", "visit", "determination"):
    files = f"{lake}/as_of=*/county=*/{table}.parquet"
    db.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{files}', hive_partitioning = true)")


def ask(sql):
    return db.execute(sql).fetchall()


def same(found, wanted):
    if found == wanted:
        return
    pairs = zip(found, wanted) if isinstance(found, list) else [(found, wanted)]
    first = next((f"found {a}, wanted {b}" for a, b in pairs if a != b), "")
    raise SystemExit(f"{len(found)} rows for {len(wanted)}; {first}")


def columns(table):
    return {name: kind for name, kind, *_ in ask(f"DESCRIBE {table}")}


same(
    columns("person"),
    {
        "person_id": "BIGINT",
        "sex": "VARCHAR",
        "birth_date": "DATE",
        "residence_division": "VARCHAR",
        "low_income_allowance": "BOOLEAN",
        "children_count": "BIGINT",
        "pension": "DECIMAL(18,2)",
        "share": "DECIMAL(18,3)",
        "as_of": "DATE",
        "county": "BIGINT",
    },
)
same(ask("SELECT county, count(*) FROM person GROUP BY 1 ORDER BY 1 NULLS LAST"), [(653001, 1500), (653022, 1499), (None, 1)])
people = range(1, 3001)
same(
    ask("SELECT person_id, pension, share, birth_date, children_count, low_income_allowance FROM person ORDER BY 1"),
    [
        (
            n,
            None if n % 5 == 0 else decimal.Decimal(n * 12345 % 900000) / 100,
            None if n % 2 == 0 else decimal.Decimal(n * 17 % 1000 - 500) / 1000,
            None if n % 11 == 0 else datetime.date(1940, 3, 5) + datetime.timedelta(days=n * 37 % 9000),
            None if n % 7 == 0 else n % 6,
            None if n % 3 == 0 else n % 4 == 0,
        )
        for n in people
    ],
)
# three values: met, not met, not known
same(
    ask("SELECT institution_aid, count(*) FROM determination GROUP BY 1 ORDER BY 1 NULLS LAST"),
    [
        (False, sum(n % 7 != 0 and n % 2 != 0 for n in people)),
        (True, sum(n % 7 != 0 and n % 2 == 0 for n in people)),
        (None, sum(n % 7 == 0 for n in people)),
    ],
)
# amounts only for those who meet the rule
met = [n for n in people if n % 7 != 0 and n % 2 == 0]
same(
    ask("SELECT person_id, institution_aid_amount FROM determination WHERE institution_aid_amount IS NOT NULL ORDER BY 1"),
    [(n, decimal.Decimal(n * 12345 % 900000) / 100) for n in met if n % 5 != 0],
)
same(
    ask("SELECT count(*), min(oldest_old_amount), max(oldest_old_amount) FROM determination WHERE oldest_old"),
    [(len(met), decimal.Decimal("200.50"), decimal.Decimal("200.50"))],
)
same(ask("SELECT count(oldest_old_amount) FROM determination"), [(len(met),)])
same(ask("SELECT count(*) FROM visit JOIN person USING (person_id)"), [(2,)])
same(ask("SELECT place_id, lon FROM place WHERE county = 653022"), [("W2", 75.9)])
print("as written")
