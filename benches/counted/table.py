"""What callgrind counted of a night, in all and by part.

Parts are what one function and all it calls counted on its own thread; second threads that have no line of their own (of the
snapshot, the lake and what there is to do) stand in the whole only. Blinding and sealing lie inside other parts.
"""

import json
import re
import sys

PARTS = {
    "reading lists": "cycle::inbox::take",
    "beside it, rows checked and blinded": "registry::ingest::prepare::read",
    "blinding, inside other parts": "store::keys::Keys::blind",
    "sealing, inside other parts": "store::keys::Keys::seal",
    "linking": "registry::linking::night::<impl registry::ingest::Ingester>::link",
    "snapshot": "registry::snapshot::load",
    "determining and what to do": "cycle::night::compute",
    "measuring": "cycle::night::measure",
    "publishing": "cycle::night::publish",
}
said, inclusive = sys.argv[1:3]
rows = json.load(open(said))["lists"]["rows"]
counted = {}
total = 0
for line in open(inclusive):
    found = re.match(r"\s*([\d,]+) \(\s*[\d.]+%\)\s+(.*)", line)
    if not found:
        continue
    instructions, function = int(found[1].replace(",", "")), found[2].split(" [")[0].split(":", 1)[-1]
    if "PROGRAM TOTALS" in found[2]:
        total = instructions
    counted[function] = max(counted.get(function, 0), instructions)
print("| part of the night | million instructions | of all | a row |")
print("|---|---|---|---|")
for part, function in {"the whole process": None, **PARTS}.items():
    instructions = total if function is None else counted.get(function, 0)
    print(f"| {part} | {instructions / 1e6:,.0f} | {instructions / total:.0%} | {instructions / rows:,.0f} |")
print(f"\n{rows:,} rows read")
