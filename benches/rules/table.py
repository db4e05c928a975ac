"""Compares the counts of every rule and prints the table. Fails when engines disagree.

usage: table.py RESULTS_JSONL
"""

import json
import sys

lines = [json.loads(line) for line in open(sys.argv[1])]
ours = lines[0]
for other in lines[1:]:
    assert other["counts"] == ours["counts"], f"{other['engine']} counts other people"
    apart = max(abs(a - b) for a, b in zip(other["sums"], ours["sums"], strict=True))
    assert apart < 1, f"{other['engine']} pays {apart} more or less"
print(f"{len(ours['counts'])} rules, equal counts and sums in all engines\n")


def least(line):
    """The cheaper of computing every column and of only counting and summing."""
    tasks = line["tasks"]
    return min((tasks[key] for key in ("in_memory", "counted") if key in tasks), key=lambda task: task["cpu_ms"])


print("| engine | threads | in memory: CPU ms | wall ms | Parquet to Parquet: CPU ms | wall ms | peak MiB |")
print("|---|---|---|---|---|---|---|")
for line in lines:
    memory, files = least(line), line["tasks"]["files"]
    name = f"{line['engine']} {line['version']}"
    cells = [name, line["threads"], memory["cpu_ms"], memory["wall_ms"], files["cpu_ms"], files["wall_ms"], line["peak_mib"]]
    print("| " + " | ".join(str(cell) for cell in cells) + " |")

print()
for engine in dict.fromkeys(line["engine"] for line in lines[1:]):
    peers = [line for line in lines if line["engine"] == engine]
    memory = min(least(line)["cpu_ms"] for line in peers)
    files = min(line["tasks"]["files"]["cpu_ms"] for line in peers)
    own = (least(ours)["cpu_ms"], ours["tasks"]["files"]["cpu_ms"])
    print(f"ours / {engine}, least CPU of either: in memory {own[0] / memory:.2f}, Parquet to Parquet {own[1] / files:.2f}")
parts = {name: ours["tasks"][name]["cpu_ms"] for name in ("reading", "households", "in_memory", "writing")}
print("ours by part, CPU ms:", ", ".join(f"{name} {ms}" for name, ms in parts.items()))
