#!/usr/bin/env python3
"""People registered twice: what the night asks about, against the synthetic truth.

    python3 benches/linkage/twice.py HOME LISTS

LISTS come from `yilian synth --twice SHARE`. Reads the SQLite file only; a pair of entries is right when both stand
for the same invented person. Entries without a number are none of these: night.py tells of them.
"""
import collections, csv, pathlib, sqlite3, sys

home, lists = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
truth = {(row["file"], int(row["row"])): row["number"] for row in csv.DictReader(open(lists / "truth" / "links.csv"))}
db = sqlite3.connect(f"file:{home / 'yilian.db'}?mode=ro", uri=True)
name = dict(db.execute("SELECT id, file_name FROM list"))
person = {i: truth.get((name[of], row)) for i, of, row in db.execute("SELECT id, list, row_no FROM person WHERE numbered = 1")}
entries = collections.defaultdict(list)
for i, number in person.items():
    entries[number].append(i)
planted = {tuple(sorted(of)) for number, of in entries.items() if number and len(of) == 2}
found = {}
for one, other, p in db.execute("SELECT person, other, probability FROM link_candidate WHERE kind = 'person'"):
    if one not in person or other not in person:
        continue
    found[tuple(sorted((one, other)))] = p
right = [pair for pair in found if pair in planted]
print(f"entries {len(person)}, registered twice {len(planted)}")
print(f"pairs asked about {len(found)}, right {len(right)}: precision {len(right) / max(1, len(found)):.3f}, "
      f"recall {len(right) / max(1, len(planted)):.3f}")
for low, high in ((0, .5), (.5, .8), (.8, .95), (.95, .99), (.99, 1.01)):
    inside = [pair in planted for pair, p in found.items() if low <= p < high]
    if inside:
        print(f"probability {low} to {min(high, 1)}: {len(inside)} pairs, right {sum(inside) / len(inside):.1%}")
if "-v" in sys.argv:
    ids = {row["number"]: row["id_number"] for row in csv.DictReader(open(lists / "truth" / "twice.csv"))}
    first = {row["number"]: row for row in csv.DictReader(open(lists / "truth" / "people.csv"))}
    missed = [number for number, of in entries.items() if number and len(of) == 2 and tuple(sorted(of)) not in found]
    other_day = sum(ids[n][6:14] != first[n]["id_number"][6:14] for n in missed)
    print(f"missed {len(missed)}: another birth date in the number {other_day}")
