"""Medians and spread by engine, then what each found, rule by rule."""

import json
import statistics
import sys

runs = [json.loads(line) for line in open(sys.argv[1])]
names = list(dict.fromkeys(run["name"] for run in runs))
print("| engine | rows | wall s, median (least–most) | CPU s, median (least–most) | peak MiB |")
print("|---|---|---|---|---|")
for name in names:
    mine = [run for run in runs if run["name"] == name]
    spread = lambda key: "{:.1f} ({:.1f}–{:.1f})".format(
        statistics.median(run[key] for run in mine), min(run[key] for run in mine), max(run[key] for run in mine)
    )
    print(f"| {name} | {mine[0]['rows']:,} | {spread('wall')} | {spread('cpu')} | {max(run['mib'] for run in mine):.0f} |")
print()
office = next((run for run in runs if "pandas" in run["name"]), None)
ours = next((run for run in runs if "pandas" not in run["name"]), None)
if office and ours:
    print("| rule, people who meet it | yilian | pandas + SQLite |")
    print("|---|---|---|")
    for rule, met in office["met"].items():
        print(f"| {rule} | {ours['met'].get(rule, '')} | {met} |")
