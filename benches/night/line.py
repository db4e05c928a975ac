"""One night of one engine as a line of JSON: wall, CPU, the server's CPU, memory, and what it found."""

import json
import pathlib
import sys

engine, night = sys.argv[1:3]
time, said = map(pathlib.Path, sys.argv[3:5])
before, after = map(float, sys.argv[5:7])
wall, user, system, kilobytes = map(float, time.read_text().split()[-4:])
found = json.loads(said.read_text())
if isinstance(found["lists"], dict):
    rows, met = found["lists"]["rows"], {rule["rule"]: rule["met"] for rule in found["rules"]}
    unknown = {rule["rule"]: rule["unknown"] for rule in found["rules"]}
    work = {kind["kind"]: kind["open"] for kind in found["work"]}
else:
    rows, met, unknown, work = (found[key] for key in ("rows", "met", "unknown", "work"))
print(json.dumps({
    "engine": engine, "night": night, "wall": wall, "cpu": user + system, "server": after - before,
    "mib": kilobytes / 1024, "rows": rows, "met": met, "unknown": unknown, "work": work,
}))
