"""Makes volunteers for the load test in a demonstration's home: invited by the command line, opened and signed in over HTTP.

Each is given people who are due visits, written straight into the table of assignments: that is preparation, not
what is measured. Writes one JSON line a visitor. Never for a real home.
"""

import argparse
import concurrent.futures
import http.client
import json
import re
import subprocess
import urllib.parse

from database import Database

PASSWORD = "seven apricots on the wall"


def post(port, path, form):
    head = {
        "host": f"127.0.0.1:{port}",
        "origin": f"http://127.0.0.1:{port}",
        "content-type": "application/x-www-form-urlencoded",
    }
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", path, urllib.parse.urlencode(form), head)
    answer = connection.getresponse()
    answer.read()
    return answer


def one(given, number, township):
    name = f"load-{given.run}-{number}"
    command = [given.binary, "--home", given.home, "--packs", "packs", "--authz", "authz"]
    command += (["--database", given.database] if given.database else []) + ["user", "invite", name]
    command += ["--name", f"志愿者 {number}", "--role", "volunteer", "--division", township]
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    token = re.search(r"/invite/(\S+)", said).group(1)
    opened = post(given.port, f"/invite/{token}", {"password": PASSWORD, "again": PASSWORD})
    assert opened.status == 303, (name, opened.status)
    signed = post(given.port, "/sign-in", {"name": name, "password": PASSWORD})
    assert signed.status == 303, (name, signed.status)
    cookie = signed.getheader("set-cookie").split(";")[0].split("=", 1)[1]
    return name, cookie


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("home")
    parser.add_argument("--database", help="a PostgreSQL server; else the file in the home")
    parser.add_argument("--binary", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--visitors", type=int, default=500)
    parser.add_argument("--each", type=int, default=30)
    parser.add_argument("--run", default="a")
    given = parser.parse_args()
    db = Database(given.home, given.database)
    due = db.ask(
        "SELECT DISTINCT village, person_id FROM work_item WHERE state = 'open' AND kind = 'visit'"
        " AND LENGTH(village) = 12 ORDER BY village, person_id"
    )
    due = [(str(village), person) for village, person in due]
    if len(due) < given.each:
        raise SystemExit(f"only {len(due)} people are due visits, {given.each} are wanted for each visitor")
    # Where there are more visits than people, several visitors see the same people.
    shares = [[due[(n * given.each + at) % len(due)] for at in range(given.each)] for n in range(given.visitors)]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda n: one(given, n, shares[n][0][0][:9]), range(given.visitors)))
    accounts = dict(db.ask("SELECT username, id FROM account"))
    first = db.one("SELECT COALESCE(MAX(id), 0) + 1 FROM account_assignment")
    rows = []
    for (name, cookie), people in zip(made, shares):
        for _, person in people:
            rows.append(f"({first + len(rows)}, {accounts[name]}, {person}, '2026-11-01T00:00:00.000000Z', 'load test')")
        print(json.dumps({"cookie": cookie, "people": [f"P{person:08}" for _, person in people]}))
    insert = "INSERT INTO account_assignment (id, account, person, given_at, given_by) VALUES "
    parts = [insert + ", ".join(rows[at : at + 500]) for at in range(0, len(rows), 500)]
    db.write(parts + [f"UPDATE counter SET next = {first + len(rows)} WHERE name = 'account_assignment'"])


if __name__ == "__main__":
    main()
