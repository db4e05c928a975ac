"""The rules in DuckDB. usage: duckdb_rules.py RULES_SQL FILE OUT THREADS REPEATS"""

import sys

import duckdb

from measure import aggregate, repeat, report

sql, file, out, threads, times = open(sys.argv[1]).read(), sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
db = duckdb.connect()
db.execute(f"SET threads = {threads}")
db.execute(f"CREATE TABLE persons AS SELECT * FROM '{file}'")
tasks = {}
tasks["counted"], row = repeat(lambda: db.execute(aggregate(sql)).fetchone(), times)
tasks["in_memory"], _ = repeat(lambda: db.execute(f"CREATE OR REPLACE TEMP TABLE outcome AS {sql}"), times)
files = duckdb.connect()
files.execute(f"SET threads = {threads}")
files.execute(f"CREATE VIEW persons AS SELECT * FROM '{file}'")
tasks["files"], _ = repeat(lambda: files.execute(f"COPY ({sql}) TO '{out}' (FORMAT parquet, COMPRESSION snappy)"), times)
report("DuckDB", duckdb.__version__, threads, tasks, row[0::2], row[1::2])
