"""One run as a line of JSON: name, wall, CPU, memory, and what it found by rule."""

import json
import pathlib
import sys

name, time, said = sys.argv[1], *map(pathlib.Path, sys.argv[2:4])
wall, user, system, kilobytes = map(float, time.read_text().split()[-4:])
found = json.loads(said.read_text())
if "lists" in found:
    rows, met = found["lists"]["rows"], {rule["rule"]: rule["met"] for rule in found["rules"]}
else:
    rows, met = found["rows"], found["met"]
print(json.dumps({"name": name, "wall": wall, "cpu": user + system, "mib": kilobytes / 1024, "rows": rows, "met": met}))
