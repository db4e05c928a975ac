"""The rules in DataFusion. usage: datafusion_rules.py RULES_SQL FILE OUT THREADS REPEATS"""

import sys

import datafusion
import pyarrow.parquet
from datafusion import SessionConfig, SessionContext

from measure import aggregate, repeat, report

sql, file, out, threads, times = open(sys.argv[1]).read(), sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
table = pyarrow.parquet.read_table(file)
memory = SessionContext(SessionConfig().with_target_partitions(threads))
share = -(-len(table) // threads)
parts = [table.slice(at * share, share).to_batches(max_chunksize=8192) for at in range(threads)]
memory.register_record_batches("persons", parts)
tasks = {}
tasks["counted"], batches = repeat(lambda: memory.sql(aggregate(sql)).collect(), times)
row = [column[0].as_py() for column in batches[0].columns]
tasks["in_memory"], _ = repeat(lambda: memory.sql(sql).collect(), times)
files = SessionContext(SessionConfig().with_target_partitions(threads))
files.register_parquet("persons", file)
tasks["files"], _ = repeat(lambda: files.sql(sql).write_parquet(out, compression="snappy"), times)
report("DataFusion", datafusion.__version__, threads, tasks, row[0::2], row[1::2])
