"""Visitors who come home at the same hour: each hands in a month of visits and takes in what changed, over loopback.

Reads one JSON line a visitor (prepare.py). Every fourth delivery is broken off after the
service took it in, as if the answer was lost, and sent again. Ends with the numbers that count: sent, applied, doubled.
"""

import argparse
import gzip
import http.client
import json
import random
import sys
import threading
import time
import uuid
from datetime import datetime, timedelta, timezone

PART = 10


class Visitor:
    def __init__(self, line, host, port, seed):
        self.cookie, self.people = line["cookie"], line["people"]
        self.host, self.port = host, port
        self.random = random.Random(seed)
        self.device = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        self.connection = None
        self.timings, self.resent, self.receipts, self.failures = [], 0, {}, 0

    def ask(self, path, body, lose=False):
        data = gzip.compress(json.dumps(body).encode())
        head = {
            "host": f"{self.host}:{self.port}",
            "origin": f"http://{self.host}:{self.port}",
            "cookie": f"yilian-session={self.cookie}",
            "content-type": "application/json",
            "content-encoding": "gzip",
            "accept-encoding": "gzip",
        }
        for attempt in range(5):
            began = time.perf_counter()
            try:
                self.connection = self.connection or http.client.HTTPConnection(self.host, self.port, timeout=60)
                self.connection.request("POST", path, data, head)
                answer = self.connection.getresponse()
                text = answer.read()
                if answer.status != 200:
                    raise RuntimeError(f"{path} answered {answer.status}: {text[:200]!r}")
                self.timings.append((path, time.perf_counter() - began))
                if lose:
                    # Taken in, but the phone never hears of it.
                    self.connection.close()
                    self.connection, lose = None, False
                    self.resent += 1
                    continue
                if answer.getheader("content-encoding") == "gzip":
                    text = gzip.decompress(text)
                return json.loads(text)
            except (OSError, http.client.HTTPException):
                self.failures += 1
                self.connection = None
                time.sleep(0.2 * (attempt + 1))
        raise RuntimeError(f"{path}: gave up")

    def visit(self, number, person):
        at = datetime.now(timezone.utc) - timedelta(minutes=self.random.randrange(30, 600))
        fine = {"state": "ok"}
        housing = {"state": "mind", "signs": ["no_handrail"], "note": "浴室"} if number % 5 == 0 else fine
        return {
            "id": str(uuid.UUID(int=self.random.getrandbits(128), version=4)),
            "seq": number,
            "at": at.isoformat(),
            "kind": "visit",
            "body": {
                "person": person,
                "visit_kind": "home",
                "began_at": at.isoformat(),
                "met": True,
                "checks": {"food": fine, "clothes": fine, "housing": housing, "health": fine},
                "helps": ["errands"],
                "needs": [{"need": "adaptation", "wants": True}] if number % 5 == 0 else [],
                "note": "量了血压，药还有十天，窗户关不严。",
            },
        }

    def now(self):
        return datetime.now(timezone.utc).isoformat()

    def evening(self):
        first = self.ask("/f/sync/pull", {"device": self.device, "sent_at": self.now(), "cursor": 0})
        assert len(first["people"]) == len(self.people), (len(first["people"]), len(self.people))
        operations = [self.visit(number, person) for number, person in enumerate(self.people)]
        for begin in range(0, len(operations), PART):
            part = operations[begin : begin + PART]
            lose = self.random.random() < 0.25
            answer = self.ask("/f/sync/push", {"device": self.device, "sent_at": self.now(), "operations": part}, lose)
            for receipt in answer["receipts"]:
                self.receipts[receipt["id"]] = receipt["outcome"]
        self.ask("/f/sync/pull", {"device": self.device, "sent_at": self.now(), "cursor": first["cursor"]})
        self.sent = [operation["id"] for operation in operations]


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("accounts")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--minutes", type=float, default=10.0, help="over which the visitors come in")
    given = parser.parse_args()
    with open(given.accounts, encoding="utf-8") as lines:
        visitors = [Visitor(json.loads(line), given.host, given.port, seed) for seed, line in enumerate(lines)]
    faults = []
    waits = random.Random(7)
    began = time.perf_counter()

    def run(visitor, wait):
        time.sleep(wait)
        try:
            visitor.evening()
        except Exception as fault:
            faults.append(repr(fault))

    threads = [
        threading.Thread(target=run, args=(visitor, waits.uniform(0, given.minutes * 60))) for visitor in visitors
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    sent = [one for visitor in visitors for one in getattr(visitor, "sent", [])]
    applied = sum(visitor.receipts.get(one) == "applied" for visitor in visitors for one in getattr(visitor, "sent", []))
    report = {
        "visitors": len(visitors),
        "seconds": round(took, 1),
        "visits_sent": len(sent),
        "receipts_applied": applied,
        "deliveries_sent_again": sum(visitor.resent for visitor in visitors),
        "connections_lost": sum(visitor.failures for visitor in visitors),
        "faults": faults[:5],
    }
    for path in ("/f/sync/pull", "/f/sync/push"):
        times = [t * 1000 for visitor in visitors for p, t in visitor.timings if p == path]
        if times:
            report[path] = {
                "requests": len(times),
                "p50_ms": round(percentile(times, 0.5), 1),
                "p99_ms": round(percentile(times, 0.99), 1),
                "max_ms": round(max(times), 1),
            }
    print(json.dumps(report, ensure_ascii=False, indent=1))
    sys.exit(1 if faults or applied != len(sent) else 0)


if __name__ == "__main__":
    main()
