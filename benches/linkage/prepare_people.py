#!/usr/bin/env python3
"""The files of `yilian synth --pair` as Parquet with the columns a careful user of Splink would make beforehand.

usage: prepare_people.py FOLDER

Marks and blanks taken out of names, pinyin beside them (pypinyin), the parts of a transliterated name in either
order, 18-digit ID numbers brought to the 15 digits both forms share, the door of an address. Not counted as Splink's
work.
"""
import sys

import pandas as pd
from pypinyin import lazy_pinyin

SOUND = {}


def sound(name):
    return "".join(SOUND.setdefault(c, None) or SOUND.update({c: lazy_pinyin(c)[0]}) or SOUND[c] for c in name)


for name in ["a", "b"]:
    path = f"{sys.argv[1]}/{name}"
    table = pd.read_csv(f"{path}.csv", dtype=str).rename(columns={"rec_id": "unique_id"})
    born, names = table.birth_date, pd.Series(table.name.unique())
    table["yob"], table["md"] = born.str[:4], born.str[5:]
    table["town"], table["county"] = table.division.str[:9], table.division.str[:6]
    table["f1"] = table.name.str[:1]
    parts = names.str.split(r"[·.•・ ]+")
    named = pd.DataFrame(dict(name=names, clean=parts.str.join(""), py=[sound("".join(p)) for p in parts],
                              turned=[sound("".join(p[1:] + p[:1])) for p in parts],
                              given=[sound(p[0]) for p in parts]))
    table = table.merge(named, on="name", how="left")
    table["py4"], table["pyend"] = table.py.str[:4], table.py.str[-4:]
    number = table.id_number
    table["id15"] = number.where(number.str.len() != 18, number.str[:6] + number.str[8:17])
    door = table.address.str.extract(r"(\d+\D+\d+(?:\D+\d+)?)\D*$", expand=False)
    table["door"] = door.str.replace(r"\D+", "-", regex=True)
    table.to_parquet(f"{path}.parquet", index=False)
