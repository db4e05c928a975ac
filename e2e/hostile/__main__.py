"""Hostile input, all of it, against a demonstration of our own. Says what got through and ends with 1 if anything did.

make test-hostile            YILIAN_HOSTILE=tokens,fields make test-hostile for some parts
"""

import os
import sys
import time

import bodies
import districts
import fields
import interface
import paths
import shapes
import tokens
from judge import MARK, TAG, Judge
from service import Service
from slow import Crowd
from stage import Stage

# Fields come last: what is filled in there ends sessions and accounts.
PARTS = {
    "tokens": tokens,
    "districts": districts,
    "shapes": shapes,
    "paths": paths,
    "bodies": bodies,
    "interface": interface,
    "fields": fields,
}
MEMORY_MIB = 400


def main():
    chosen = os.environ.get("YILIAN_HOSTILE", ",".join(PARTS)).split(",")
    began, judge, service = time.monotonic(), Judge(), Service()
    try:
        stage = Stage(service.start(), judge)
        told(f"two districts are at work, {len(stage.foreign)} people in the other one", began)
        crowd = Crowd(stage.wire)
        for name, part in PARTS.items():
            if name in chosen:
                answers = judge.answers
                part.run(stage)
                told(f"{name}: {judge.answers - answers} answers, {service.memory_mib('VmRSS')} MiB", began)
                assert service.alive(), f"the service died in {name}: {service.log()[-2000:]}"
        crowd.leave(judge)
        stage.nobody.get("/help")
        judge.expect(service.memory_mib() < MEMORY_MIB, "memory is not bounded", f"{service.memory_mib()} MiB")
        log = service.log()
        judge.expect("answered" in log, "the log holds nothing", "log")
        for kind, count in stage.known.standing_in(log).items():
            judge.find("the log names people", f"{count} {kind}")
        judge.expect(TAG not in log and MARK not in log, "the log holds what was sent", "log")
        for line in {
            line.split("ERROR")[1][:200] for line in log.splitlines() if "ERROR" in line or "panicked" in line
        }:
            judge.find("the log tells of an error", line)
    finally:
        service.stop()
    statuses = ", ".join(f"{status}: {count}" for status, count in sorted(judge.statuses.items()))
    told(f"{judge.answers} answers ({statuses})", began)
    for finding in judge.findings:
        print(f"hostile: FOUND {finding}", file=sys.stderr)
    return 1 if judge.findings else 0


def told(what, began):
    print(f"hostile: {time.monotonic() - began:5.1f} s  {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
