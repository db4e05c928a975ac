"""Load on a running service: requests at a fixed rate from this process, latencies from the moment each was due.

A request that has to wait for a free connection is late, and its waiting counts: what is measured is what a reader
would have waited, not what a patient tool saw. Needs nothing but Python.

  load.py --url http://127.0.0.1:8020 --account demo-region-officer --password … --secret … [--rate 200] [--seconds 60]
"""

import argparse
import asyncio
import base64
import hashlib
import hmac
import json
import random
import struct
import sys
import time
import urllib.parse

CONNECTIONS = 64


class Connection:
    """One kept-alive connection; opened again when the server closed it."""

    def __init__(self, host, port):
        self.host, self.port, self.reader, self.writer = host, port, None, None

    async def ask(self, method, path, headers=(), body=b""):
        for last in (False, True):
            try:
                if self.writer is None:
                    self.reader, self.writer = await asyncio.open_connection(self.host, self.port, limit=1 << 22)
                head = [f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}"]
                head += [f"{name}: {value}" for name, value in headers]
                if body or method == "POST":
                    head.append(f"Content-Length: {len(body)}")
                self.writer.write(("\r\n".join(head) + "\r\n\r\n").encode() + body)
                return await self.answer()
            except (ConnectionError, asyncio.IncompleteReadError, OSError):
                self.writer = None
                if last:
                    raise

    async def answer(self):
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        lines = head.split("\r\n")
        status = int(lines[0].split(" ")[1])
        fields = [line.split(": ", 1) for line in lines[1:] if ": " in line]
        held = {name.lower(): value for name, value in fields}
        cookies = [value.split(";")[0] for name, value in fields if name.lower() == "set-cookie"]
        if "content-length" in held:
            body = await self.reader.readexactly(int(held["content-length"]))
        elif held.get("transfer-encoding") == "chunked":
            body = b""
            while size := int(await self.reader.readline(), 16):
                body += await self.reader.readexactly(size)
                await self.reader.readexactly(2)
            await self.reader.readline()
        else:
            body = b""
        if held.get("connection") == "close":
            self.writer.close()
            self.writer = None
        return status, held, cookies, body


def code(secret, now):
    """The code of an authenticator app (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(now) // 30), hashlib.sha1).digest()
    at = digest[19] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


async def sign_in(host, port, account):
    name, password, secret = account
    origin = f"http://{host}:{port}"
    form = [("Content-Type", "application/x-www-form-urlencoded"), ("Origin", origin)]
    connection = Connection(host, port)
    body = urllib.parse.urlencode({"name": name, "password": password}).encode()
    status, _, cookies, _ = await connection.ask("POST", "/sign-in", form, body)
    if status != 303:
        sys.exit(f"sign-in of {name}: {status}")
    if secret and secret != "-":
        for wait in (0, 31):
            await asyncio.sleep(wait)
            body = urllib.parse.urlencode({"code": code(secret, time.time())}).encode()
            cookie = [("Cookie", "; ".join(cookies))]
            status, _, fresh, _ = await connection.ask("POST", "/sign-in/code", form + cookie, body)
            if status == 303:
                return "; ".join(fresh or cookies)
        sys.exit(f"code of {name}: {status}")
    return "; ".join(cookies)


async def run(host, port, paths, headers, rate, seconds):
    """Sends `paths()` at the rate; gives latencies in ms and a count by status."""
    free = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(Connection(host, port))
    latencies, statuses, sizes, running = [], {}, [], set()

    async def one(path, due):
        connection = await free.get()
        try:
            status, _, _, body = await connection.ask("GET", path, headers)
            sizes.append(len(body))
        except OSError as fault:
            status = type(fault).__name__
        finally:
            free.put_nowait(connection)
        latencies.append((time.perf_counter() - due) * 1000)
        statuses[status] = statuses.get(status, 0) + 1

    began = time.perf_counter()
    for n in range(int(rate * seconds)):
        due = began + n / rate
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        task = asyncio.create_task(one(paths(), due))
        running.add(task)
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)
    return latencies, statuses, sizes


def share(latencies, part):
    return sorted(latencies)[min(len(latencies) - 1, int(len(latencies) * part))]


# What readers type: pinyin initials and names as they grow, and ends of numbers.
TYPED = ["w", "wg", "wgl", "王", "王桂", "z", "zh", "zhang", "张", "a", "ai", "阿依", "李", "0028", "12", "m", "ma", "马"]


def measures(dice, people=150_000):
    # Some of these people live elsewhere and are registered here: a person of the prefecture may not open them.
    person = lambda: f"P{dice.randrange(1, people):08}"
    typed = lambda: urllib.parse.quote(dice.choice(TYPED))
    page = lambda: dice.randrange(1, 20)
    kind = lambda: dice.choice(["unserved", "stop", "visit", "reassess", "ask"])
    return {
        "person page": (lambda: f"/d/people/{person()}", 50, {200, 403, 404}),
        "worklist": (lambda: f"/d/work/{kind()}?page={page()}", 50, {200}),
        "today": (lambda: "/d/today", 50, {200}),
        "search": (lambda: f"/d/people?q={typed()}", 30, {200}),
        "portal check": (lambda: dice.choice(["/benefits/check", "/benefits", "/services", "/"]), 50, {200}),
        "API person": (lambda: f"/api/v1/people/{person()}", 50, {200, 403, 404}),
        "API search": (lambda: f"/api/v1/people?q={typed()}", 30, {200}),
        "API worklist": (lambda: f"/api/v1/work-items?kind={kind()}", 50, {200}),
    }


async def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--url", required=True)
    arguments.add_argument("--account")
    arguments.add_argument("--password")
    arguments.add_argument("--secret")
    arguments.add_argument("--rate", type=float, default=200)
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--only", action="append", help="one of the measures; may be given several times")
    arguments.add_argument("--people", type=int, default=150_000, help="how many entries the registry has")
    arguments.add_argument("--json", help="also written there")
    given = arguments.parse_args()
    address = urllib.parse.urlsplit(given.url)
    host, port = address.hostname, address.port or 80
    headers = [("Accept-Encoding", "gzip")]
    if given.account:
        headers += [("Cookie", await sign_in(host, port, (given.account, given.password, given.secret)))]
    dice, good, told = random.Random(7), True, []
    print(f"{'measure':14} {'requests':>8} {'p50 ms':>8} {'p99 ms':>8} {'most ms':>8} {'KB':>6}  statuses")
    for name, (paths, limit, fine) in measures(dice, given.people).items():
        if given.only and name not in given.only:
            continue
        probe, _, _, _ = await Connection(host, port).ask("GET", paths(), headers)
        if probe == 404 and 404 not in fine:
            print(f"{name:14} not there")
            continue
        await run(host, port, paths, headers, min(given.rate, 50), 2)
        latencies, statuses, sizes = await run(host, port, paths, headers, given.rate, given.seconds)
        p50, p99, most = share(latencies, 0.5), share(latencies, 0.99), max(latencies)
        held = p99 < limit and set(statuses) <= fine
        good &= held
        size = sum(sizes) / max(1, len(sizes)) / 1024
        said = "" if held else f"  above {limit} ms or refused"
        print(f"{name:14} {len(latencies):8} {p50:8.1f} {p99:8.1f} {most:8.1f} {size:6.1f}  {statuses}{said}", flush=True)
        told.append({"measure": name, "p50": p50, "p99": p99, "most": most, "limit": limit, "held": held})
    if given.json:
        with open(given.json, "w", encoding="utf-8") as file:
            json.dump(told, file, indent=1)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    asyncio.run(main())
