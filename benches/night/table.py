"""Medians and spread by engine and night, the script over ours, then what each found on both nights."""

import json
import statistics
import sys

NIGHTS = ["first", "usual"]
runs = [json.loads(line) for line in open(sys.argv[1])]
of = {}
for run in runs:
    run["all"] = run["cpu"] + run["server"]
    run["a_row"] = 1e6 * run["all"] / run["rows"]
    of.setdefault((run["engine"], run["night"]), []).append(run)
engines = list(dict.fromkeys(run["engine"] for run in runs))
script = next((engine for engine in engines if "pandas" in engine), None)
ours = [engine for engine in engines if engine != script]


def median(engine, night, key):
    return statistics.median(run[key] for run in of[engine, night])


def spread(engine, night, key):
    values = [run[key] for run in of[engine, night]]
    return f"{statistics.median(values):.1f} ({min(values):.1f}–{max(values):.1f})"


print("Median (least–most); µs a row are CPU, the server's included.\n")
print("| engine, night | rows | wall s | CPU s | server's CPU s | µs a row | peak MiB |")
print("|---|---|---|---|---|---|---|")
for night in NIGHTS:
    for engine in engines:
        times = " | ".join(spread(engine, night, key) for key in ("wall", "cpu", "server", "a_row"))
        rows, peak = of[engine, night][0]["rows"], max(run["mib"] for run in of[engine, night])
        print(f"| {engine}, {night} night | {rows:,} | {times} | {peak:.0f} |")
if script and ours:
    print("\n| pandas + SQLite over | wall | CPU, the server's included | CPU without the server's |")
    print("|---|---|---|---|")
    for night in NIGHTS:
        for engine in ours:
            times = (median(script, night, key) / median(engine, night, key) for key in ("wall", "all", "cpu"))
            print(f"| {engine}, {night} night | " + " | ".join(f"{ratio:.1f}" for ratio in times) + " |")
    print("\n| people who meet it (not known) | " + " | ".join(f"{e}, {n}" for n in NIGHTS for e in ("yilian", script)) + " |")
    print("|---|---|---|---|---|")
    columns = [of[engine, night][0] for night in NIGHTS for engine in (ours[0], script)]
    for rule in columns[1]["met"]:
        print(f"| {rule} | " + " | ".join(f"{c['met'].get(rule, '')} ({c['unknown'].get(rule, '')})" for c in columns) + " |")
    for kind in columns[1]["work"]:
        print(f"| work: {kind} | " + " | ".join(str(c["work"].get(kind, "")) for c in columns) + " |")
