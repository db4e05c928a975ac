"""Error rates of the night's links and questions against the synthetic truth.

    python3 benches/linkage/night.py HOME LISTS

HOME is an installation whose night took the lists in LISTS, which `yilian synth` wrote with its truth. Reads the
SQLite file; needs no key, since only ids, lists and rows are asked for. A person's truth is the number that most of
the rows with a sound ID number give; a row's truth stands in truth/links.csv.
"""
import collections, csv, pathlib, sqlite3, sys

home, lists = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
truth = {}
with open(lists / "truth" / "links.csv", newline="") as file:
    for row in csv.DictReader(file):
        truth[row["file"], int(row["row"])] = row["number"]
db = sqlite3.connect(f"file:{home / 'yilian.db'}?mode=ro", uri=True)
name = dict(db.execute("SELECT id, file_name FROM list"))
person = {}
for ident, of_list, row in db.execute("SELECT id, list, row_no FROM person"):
    person[ident] = truth.get((name[of_list], row))
in_registry = set(person.values())
# What a linked row said lies with an entry below zero.
linked_to = dict(db.execute("SELECT -id, person FROM row_link"))
as_person = lambda who: person.get(linked_to.get(who, who))
# A file with Windows line ends may be counted from its second line: the count that fits most of its statements.
shift = {}
said = collections.defaultdict(list)
for who, of_list, row in db.execute("SELECT subject, list, row_no FROM statement WHERE layout IN (SELECT id FROM layout "
                                    "WHERE entity IN ('person', 'kin')) UNION ALL SELECT person, list, row_no FROM visit"):
    if len(said[of_list]) < 500:
        said[of_list].append((who, row))
for of_list, rows in said.items():
    shift[of_list] = max((0, 1), key=lambda by: sum(truth.get((name[of_list], row + by)) == as_person(who) for who, row in rows))
truth_of = lambda of_list, row: truth.get((name[of_list], row + shift.get(of_list, 0)))
pairs = collections.defaultdict(list)
for held, who, state, p, of_list, row in db.execute(
    "SELECT c.other, c.person, c.state, c.probability, h.list, h.row_no FROM link_candidate c "
    "JOIN held_row h ON h.id = c.other WHERE c.kind = 'row' ORDER BY c.other, c.probability DESC"
):
    pairs[held].append((person[who] == truth_of(of_list, row), state, p))
rows = db.execute(
    "SELECT h.id, h.list, h.row_no FROM held_row h WHERE h.id IN (SELECT held_row FROM link_try)"
).fetchall()
# Rows that made a person without a number are neither right nor wrong about someone known.
made = {held for held, in db.execute(
    "SELECT c.other FROM link_candidate c JOIN link_decision d ON d.candidate = c.id "
    "WHERE c.kind = 'row' AND d.reason = 'new' AND d.decided_by LIKE 'linkage/%'")}
unnumbered = {ident for ident, in db.execute("SELECT id FROM person WHERE numbered = 0")}
numbered = {truth for ident, truth in person.items() if ident not in unnumbered}
rows = [row for row in rows if row[0] not in made]
pairs = {held: of for held, of in pairs.items() if held not in made}
known = {held for held, of_list, row in rows if truth_of(of_list, row) in in_registry}
linked = {held: all(right for right, state, _ in of if state == "same") for held, of in pairs.items()
          if any(state == "same" for _, state, _ in of)}
asked = {held: of for held, of in pairs.items() if held not in linked}
wrong = sum(not right for right in linked.values())
print(f"rows compared                      {len(rows):6}")
print(f"  whose person is in the registry  {len(known):6}")
twice = collections.Counter(person[ident] for ident in unnumbered)
print(f"rows that made someone             {len(made):6}   someone with a number in the registry "
      f"{sum(person[ident] in numbered for ident in unnumbered)}, made twice {sum(n - 1 for n in twice.values())}")
merged = db.execute("SELECT kept, gone FROM person_merge WHERE proposed_by LIKE 'linkage/%'").fetchall()
print(f"merged when the number came        {len(merged):6}   wrong "
      f"{sum(person[kept] != person[gone] for kept, gone in merged)}")
print(f"linked by itself                   {len(linked):6}   wrong {wrong} ({wrong / max(1, len(linked)):.2%})")
print(f"asked                              {len(asked):6}   person among the choices "
      f"{sum(any(r for r, *_ in of) for of in asked.values())}, likeliest choice right "
      f"{sum(of[0][0] for of in asked.values())}")
print(f"waiting without a question         {len(rows) - len(pairs):6}   person in the registry "
      f"{len(known - set(pairs))}")
for low, high in ((0.2, 0.5), (0.5, 0.8), (0.8, 0.99), (0.99, 0.999), (0.999, 1.01)):
    inside = [right for of in pairs.values() for right, _, p in of if low <= p < high]
    if inside:
        print(f"probability {low:5} to {min(high, 1):5}   {len(inside):6} pairs, right {sum(inside) / len(inside):.1%}")
