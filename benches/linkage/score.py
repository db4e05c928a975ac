#!/usr/bin/env python3
"""Runs a command that writes pairs, measures it, and holds its pairs against the truth. Prints one line of a table.

usage: score.py LABEL TRUTH.csv PAIRS.csv one|many COMMAND…

`one`: a right row is linked with its best left row, and that one with no other; `many`: every pair counts. Truth and
pairs are compared without regard to which row stands left.
"""
import resource
import subprocess
import sys
import time

label, truth_path, pairs_path, mode, *command = sys.argv[1:]
start = time.time()
subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
wall, used = time.time() - start, resource.getrusage(resource.RUSAGE_CHILDREN)

# only now: a child's peak memory includes what its parent held when it was started
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

truth = {frozenset(pair) for pair in pd.read_csv(truth_path).itertuples(index=False)}
pairs = pd.read_csv(pairs_path, usecols=[0, 1, 2])
pairs.columns = ["left", "right", "p"]
pairs = pairs.sort_values("p", ascending=False, kind="stable")
if mode == "one":
    pairs = pairs.drop_duplicates("right").drop_duplicates("left")
good = np.array([frozenset(pair) in truth for pair in zip(pairs.left, pairs.right)], dtype=bool).cumsum()
taken = np.arange(1, len(pairs) + 1)
f1 = 2 * good / (taken + len(truth))
best, half = int(f1.argmax()), int((pairs.p >= .5).sum()) - 1
print(f"{label:<28} P {good[best] / taken[best]:.4f}  R {good[best] / len(truth):.4f}  F1 {f1[best]:.5f}  "
      f"F1 at 0.5 {f1[half]:.5f}  wall {wall:6.2f} s  CPU {used.ru_utime + used.ru_stime:6.2f} s  "
      f"memory {used.ru_maxrss / 1024:5.0f} MB", flush=True)
