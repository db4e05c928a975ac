"""Who the invented people are, read from the lists of their departments: none of it may stand in a log."""

import csv
import io
import re
import zipfile

NUMBER = re.compile(r"^[1-9]\d{16}[\dX]$")
PHONE = re.compile(r"^1[3-9]\d{9}$")
NAME = re.compile(r"^[\u4e00-\u9fff·]{2,16}$")


class Known:
    def __init__(self, numbers, phones, names):
        self.numbers, self.phones, self.names = numbers, phones, names

    def standing_in(self, text):
        """Kinds and how many, never which: what a test prints is a log, too."""
        found = {
            "id numbers": {
                number for number in set(re.findall(r"[1-9]\d{16}[\dXx]", text)) if number.upper() in self.numbers
            },
            "phones": set(re.findall(r"1[3-9]\d{9}", text)) & self.phones,
            "names": {name for name in self.names if len(name) > 2 and name in text},
        }
        return {kind: len(some) for kind, some in found.items() if some}


def read(folder):
    numbers, phones, names = set(), set(), set()
    for file in sorted(folder.iterdir()):
        if file.suffix not in (".csv", ".xlsx"):
            continue
        rows = _csv(file) if file.suffix == ".csv" else _xlsx(file)
        head, named = next(rows, []), []
        named = [at for at, title in enumerate(head) if title.strip() in ("姓名", "老人姓名", "name")]
        for row in rows:
            numbers.update(cell for cell in row if NUMBER.match(cell))
            phones.update(cell for cell in row if PHONE.match(cell))
            names.update(row[at] for at in named if at < len(row) and NAME.match(row[at]))
    assert min(len(numbers), len(phones), len(names)) > 200, (len(numbers), len(phones), len(names))
    return Known(numbers, phones, names)


def _csv(file):
    raw = file.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")
    return csv.reader(io.StringIO(text))


def _xlsx(file):
    with zipfile.ZipFile(file) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        shared = []
        if "xl/sharedStrings.xml" in book.namelist():
            strings = book.read("xl/sharedStrings.xml").decode()
            shared = [
                "".join(re.findall(r"<t[^>]*>([^<]*)</t>", one)) for one in re.findall(r"<si>(.*?)</si>", strings, re.S)
            ]
    for row in re.findall(r"<row[^>]*>(.*?)</row>", sheet, re.S):
        cells = re.findall(r"<c([^>]*?)(?:/>|>(.*?)</c>)", row, re.S)
        yield [_cell(traits, inner, shared) for traits, inner in cells]


def _cell(traits, inner, shared):
    value = re.search(r"<(?:v|t)[^>]*>([^<]*)</(?:v|t)>", inner or "")
    if not value:
        return ""
    return shared[int(value.group(1))] if 't="s"' in traits else value.group(1)
