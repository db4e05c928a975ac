"""What every runner measures: wall and CPU time of repeated work, peak memory, and a checksum of the outcome."""

import json
import resource
import time
from importlib import metadata

RULES = [f"r{n}" for n in range(1, 21)] + ["total"]


def repeat(work, times):
    """Best wall and CPU milliseconds of `times` runs, and the last result."""
    wall, cpu, result = [], [], None
    for _ in range(times):
        result = None
        before, start = time.process_time(), time.perf_counter()
        result = work()
        wall.append(time.perf_counter() - start)
        cpu.append(time.process_time() - before)
    return {"wall_ms": round(min(wall) * 1e3, 1), "cpu_ms": round(min(cpu) * 1e3, 1)}, result


def report(engine, version, threads, tasks, counts, sums):
    """One JSON line; `counts` and `sums` by rule, in the order of RULES."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    line = dict(engine=engine, version=version, threads=threads, peak_mib=round(peak), tasks=tasks)
    line["counts"] = [int(n) for n in counts]
    line["sums"] = [round(float(s), 2) for s in sums]
    print(json.dumps(line))


def whole_frames(engine, package, rules, file, out, threads, times):
    """Measures and reports an engine whose `rules` makes a Polars frame of every rule out of one of people."""
    import polars as pl

    persons = pl.read_parquet(file)
    tasks = {}
    tasks["in_memory"], table = repeat(lambda: rules(persons), times)
    tasks["files"], _ = repeat(lambda: rules(pl.read_parquet(file)).write_parquet(out, compression="snappy"), times)
    counts, sums = [(table[r] > 0).sum() for r in RULES], [table[r].sum() for r in RULES]
    report(engine, metadata.version(package), threads, tasks, counts, sums)


def aggregate(sql):
    """The SQL that counts and sums each rule."""
    columns = ", ".join(f"sum(CASE WHEN {r} > 0 THEN 1 ELSE 0 END) AS c_{r}, sum({r}) AS s_{r}" for r in RULES)
    return f"SELECT {columns} FROM ({sql})"
