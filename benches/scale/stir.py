"""Changes one cell in some of a full list's rows: a night after which one row in a hundred says something else.

    python3 stir.py --share 0.01 population_2026-11-21_110105.csv village_survey_2026-11-21.csv ...

Half of the rows get another phone number or address, so that people are called or found otherwise; the other half another
marital status, so that a statement changes. Which rows is told by a digest of the row: the same rows in every run. Lists
without any of these columns are left as they are. Prints how many rows of each list were changed.
"""

import argparse
import codecs
import csv
import hashlib
import pathlib

MARRIED = ["未婚", "已婚", "丧偶", "离婚"]


def encoding(path):
    head = path.read_bytes()[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
        return "utf-8-sig" if head.startswith(b"\xef\xbb\xbf") else "utf-8"
    except UnicodeDecodeError:
        return "gb18030"


def changed(row, columns, chance):
    if chance % 2 == 0 and "婚姻状况" in columns:
        at = columns["婚姻状况"]
        others = [status for status in MARRIED if status != row[at]]
        row[at] = others[chance // 2 % len(others)]
    elif "联系电话" in columns:
        row[columns["联系电话"]] = f"139{chance % 10**8:08d}"
    else:
        return False
    return True


def stir(path, share):
    form = encoding(path)
    with path.open(encoding=form, newline="") as file:
        rows = list(csv.reader(file))
    header = next((at for at, row in enumerate(rows[:30]) if any("身份" in cell for cell in row)), None)
    if header is None:
        return 0
    columns = {name: at for at, name in enumerate(rows[header])}
    count = 0
    for row in rows[header + 1 :]:
        digest = hashlib.blake2b("\x1f".join(row).encode(), digest_size=12).digest()
        if int.from_bytes(digest[:4]) < share * 2**32 and len(row) == len(columns):
            count += changed(row, columns, int.from_bytes(digest[4:]))
    with path.open("w", encoding=form, newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return count


def main():
    args = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    args.add_argument("--share", type=float, default=0.01)
    args.add_argument("lists", nargs="+", type=pathlib.Path)
    args = args.parse_args()
    for path in args.lists:
        if path.suffix == ".csv":
            print(path.name, stir(path, args.share))


main()
