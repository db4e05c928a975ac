"""Readers of all kinds at once, at a steady rate, for a long time; memory of the service and latencies by stretch.

  mix.py --url … --account … --password … --secret … --pid 123 --minutes 60 --rate 20 --stretches 12

Ends with 0 when no answer was an error and memory did not grow. In the middle a night is published, which the service
then holds beside the one before: so the first half is judged by itself and the second by itself. Of the six sixths of
the time the third's least must be within a tenth of the second's, and the last's within a tenth of the fifth's.
"""

import argparse
import asyncio
import json
import pathlib
import random
import sys
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "web"))
import load  # noqa: E402


def resident(pid):
    """MiB that the process holds."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in text.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


async def main():
    arguments = argparse.ArgumentParser()
    for name in ("url", "account", "password", "secret"):
        arguments.add_argument(f"--{name}", required=True)
    arguments.add_argument("--pid", type=int, required=True)
    arguments.add_argument("--minutes", type=float, default=60)
    arguments.add_argument("--rate", type=float, default=20)
    arguments.add_argument("--stretches", type=int, default=12)
    given = arguments.parse_args()
    address = urllib.parse.urlsplit(given.url)
    host, port = address.hostname, address.port
    account = (given.account, given.password, given.secret)
    dice = random.Random(11)
    kinds = list(load.measures(dice).values())
    fine = set().union(*(statuses for _, _, statuses in kinds))
    paths = lambda: dice.choice(kinds)[0]()
    seconds = given.minutes * 60 / given.stretches
    memory, told, bad = [], [], {}
    stop = asyncio.Event()

    async def watch():
        while not stop.is_set():
            memory.append((time.monotonic(), resident(given.pid)))
            await asyncio.sleep(2)

    watching = asyncio.create_task(watch())
    print(f"{'minute':>6} {'requests':>8} {'p50 ms':>8} {'p99 ms':>8} {'most ms':>8} {'MiB':>6}  statuses")
    for stretch in range(given.stretches):
        # A session of staff ends when it is idle, not while it is used; signing in anew costs one code.
        if stretch == 0:
            headers = [("Accept-Encoding", "gzip"), ("Cookie", await load.sign_in(host, port, account))]
        latencies, statuses, _ = await load.run(host, port, paths, headers, given.rate, seconds)
        for status, n in statuses.items():
            if status not in fine:
                bad[str(status)] = bad.get(str(status), 0) + n
        line = {
            "minute": round((stretch + 1) * seconds / 60, 1),
            "requests": len(latencies),
            "p50": load.share(latencies, 0.5),
            "p99": load.share(latencies, 0.99),
            "most": max(latencies),
            "mib": resident(given.pid),
        }
        told.append(line)
        print(
            f"{line['minute']:6} {line['requests']:8} {line['p50']:8.1f} {line['p99']:8.1f} {line['most']:8.1f}"
            f" {line['mib']:6.0f}  {statuses}",
            flush=True,
        )
    stop.set()
    await watching
    held = [mib for _, mib in memory]
    sixth = max(1, len(held) // 6)
    second, third, fifth, last = (round(min(held[at * sixth :][:sixth])) for at in (1, 2, 4, 5))
    flat = third <= second * 1.1 and last <= fifth * 1.1
    verdict = {
        "answers_that_are_errors": bad,
        "least_mib_before_the_night": [second, third],
        "least_mib_after_the_night": [fifth, last],
        "most_mib": round(max(held)),
        "memory_flat": flat,
    }
    print(json.dumps(verdict))
    sys.exit(0 if flat and not bad else 1)


if __name__ == "__main__":
    asyncio.run(main())
