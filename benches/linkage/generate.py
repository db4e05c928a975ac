#!/usr/bin/env python3
"""A registry of people and a departmental list of some of them, with the truth.

usage: generate.py REGISTRY_ROWS LIST_ROWS OVERLAP SEED FOLDER

Writes a.csv (registry), b.csv (list), truth.csv (b_id,a_id) and the same as Parquet for peers that prefer it. Names
follow a Zipf law; households share surname, village, address and often the telephone; a part of the list are
unregistered relatives of registered people. A list row is well, fairly or badly kept, and its errors come together.
"""
import pathlib
import sys

import numpy as np
import pandas as pd

ONSETS = "b ch d g h j k l m n p r s t v sh kh bh pr kr y z dh gr tr st".split()
VOWELS = "a i u e o aa ee ai".split()
CODAS = ["", "n", "r", "l", "m", "sh", "k", "t", "ndra", "nt", "d", ""]
NEIGHBOURS = dict(a="se", e="ai", i="eu", o="ua", u="oi", b="vp", v="bw", s="zc", k="cg", t="d", d="t", n="m",
                  m="n", r="l", l="r", h="j", g="k", p="b")
SPELLINGS = [("aa", "a"), ("ee", "i"), ("sh", "s"), ("kh", "k"), ("bh", "b"), ("dh", "d"), ("ai", "ay"), ("v", "w"),
             ("ch", "c")]
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Names:
    """The same universe of names whatever the seed."""

    def __init__(self):
        dice = np.random.default_rng(2024)

        def invent(count, syllables):
            found = set()
            while len(found) < count:
                parts = [dice.choice(ONSETS) + dice.choice(VOWELS) for _ in range(dice.integers(*syllables))]
                found.add("".join(parts) + dice.choice(CODAS))
            names = np.array(sorted(found), dtype=object)
            dice.shuffle(names)
            return names

        self.men, self.women = invent(3000, (2, 4)), invent(3000, (2, 4))
        self.surnames, self.streets = invent(20000, (2, 5)), invent(400, (2, 4))


def zipf(dice, count, kinds, steepness):
    weights = np.arange(1, kinds + 1) ** -steepness
    return dice.choice(kinds, size=count, p=weights / weights.sum())


def dates(years, days):
    return (pd.to_datetime(pd.Series(years).astype(str)) + pd.to_timedelta(days, unit="D")).dt.strftime("%Y-%m-%d")


def numbers(dice, count):
    return pd.Series(dice.integers(10**8, 10**9, count)).map("9{}".format).to_numpy(dtype=object)


def registry(dice, rows, names):
    sizes = dice.poisson(2.6, rows) + 1
    home = np.repeat(np.arange(rows), sizes)[:rows]
    place = np.arange(rows) - np.searchsorted(home, home)
    homes = home[-1] + 1
    surname_of, head_of, grandfather_of = (zipf(dice, homes, n, s) for n, s in [(20000, .85), (3000, .75), (3000, .75)])
    village_of = zipf(dice, homes, max(20, rows // 2500), .5)
    street_of, door_of = dice.integers(0, 400, homes), dice.integers(1, 300, homes)
    base_of = dice.integers(1925, 1985, homes)
    man = np.where(place == 0, True, np.where(place == 1, False, dice.random(rows) < .5))
    given = zipf(dice, rows, 3000, .75)
    given = np.where(place == 0, head_of[home], given)
    married_in = (place == 1) & (dice.random(rows) < .4)
    year = np.where(place < 2, base_of[home] + (place == 1) * dice.integers(-2, 10, rows),
                    base_of[home] + 22 + 2 * place + dice.integers(0, 4, rows)).clip(1915, 2024)
    day = dice.integers(0, 365, rows)
    for twin in np.flatnonzero((place > 2) & (dice.random(rows) < .012)):
        year[twin], day[twin] = year[twin - 1], day[twin - 1]
    day[(year < 1965) & (dice.random(rows) < .06)] = 0
    phone = np.where(dice.random(rows) < .55, numbers(dice, homes)[home], numbers(dice, rows))
    phone[dice.random(rows) < .25] = None
    father = np.where(place == 0, grandfather_of[home], np.where(place == 1, zipf(dice, rows, 3000, .75), head_of[home]))
    return year, pd.DataFrame(dict(
        given=np.where(man, names.men[given], names.women[given]),
        surname=names.surnames[np.where(married_in, zipf(dice, rows, 20000, .85), surname_of[home])],
        father=names.men[father],
        sex=np.where(man, "M", "F"),
        dob=dates(year, day),
        village=pd.Series(village_of[home]).map("V{:04}".format),
        address=[f"{door} {street}" for door, street in zip(door_of[home], names.streets[street_of[home]])],
        phone=phone,
        national_id=pd.Series(dice.permutation(rows) * 7919 % 10**11 + 10**10).map("{:012}".format),
    ))


def strangers(dice, count, people, years, names):
    """People the registry does not have; six in ten are relatives of someone it has."""
    man = dice.random(count) < .5
    any_row = lambda column: people[column].to_numpy()[dice.integers(0, len(people), count)]
    given = zipf(dice, count, 3000, .75)
    found = pd.DataFrame(dict(
        given=np.where(man, names.men[given], names.women[given]), surname=names.surnames[zipf(dice, count, 20000, .85)],
        father=names.men[zipf(dice, count, 3000, .75)], sex=np.where(man, "M", "F"), dob=any_row("dob"),
        village=any_row("village"), address=any_row("address"), phone=numbers(dice, count),
        national_id=dice.integers(2 * 10**11, 9 * 10**11, count).astype(str)))
    related = np.flatnonzero(dice.random(count) < .6)
    to = dice.integers(0, len(people), len(related))
    for column in ["surname", "father", "village", "address"]:
        found.loc[related, column] = people[column].to_numpy()[to]
    born = (years[to] + dice.choice([-6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6], len(related))).clip(1915, 2024)
    found.loc[related, "dob"] = [f"{year}{date[4:]}" for year, date in zip(born, found.dob.to_numpy()[related])]
    return found


class Clerk:
    """Copies rows with the errors of people in a hurry."""

    def __init__(self, dice, rows, villages, names):
        self.dice, self.villages, self.names = dice, villages, names
        self.haste = dice.choice([.3, 1., 2.6], size=rows, p=[.45, .33, .22])

    def typo(self, text):
        kind, at = self.dice.integers(6), int(self.dice.integers(len(text)))
        letter = LETTERS[self.dice.integers(26)]
        if kind == 0:
            return text[:at] + letter + text[at:]
        if kind == 1 and len(text) > 3:
            return text[:at] + text[at + 1:]
        if kind == 2 and 2 < len(text) and at < len(text) - 1:
            return text[:at] + text[at + 1] + text[at] + text[at + 2:]
        if kind == 3:
            near = NEIGHBOURS.get(text[at], "e")
            return text[:at] + near[self.dice.integers(len(near))] + text[at + 1:]
        if kind == 4:
            for long, short in SPELLINGS:
                if long in text:
                    return text.replace(long, short, 1)
            return text + "a"
        return text[:at] + letter + text[at + 1:]

    def digit(self, text):
        places = [at for at, c in enumerate(text) if c.isdigit()]
        at = places[self.dice.integers(len(places))]
        return f"{text[:at]}{self.dice.integers(10)}{text[at + 1:]}"

    def other_year(self, date):
        return f"{int(date[:4]) + self.dice.choice([-10, -1, 1, 10, 2])}{date[4:]}"

    def turned_date(self, date):
        year, month, day = date.split("-")
        return f"{year}-{day}-{month}" if int(day) <= 12 else f"{year}-{month}-{self.digit(day)}"

    def copy(self, rows):
        names, dice = self.names, self.dice
        slips = [
            ("given", .18, self.typo), ("given", .04, lambda t: self.typo(self.typo(t))),
            ("given", .04, lambda t: t[:max(3, len(t) - 3)]), ("given", .02, lambda t: t[0]),
            ("surname", .18, self.typo), ("surname", .04, lambda t: self.typo(self.typo(t))),
            ("surname", .05, lambda t: names.surnames[dice.integers(20000)]),
            ("father", .15, self.typo), ("father", .25, lambda t: None), ("swap", .02, None),
            ("dob", .03, self.turned_date), ("dob", .04, lambda t: t[:4] + self.digit(t[4:])),
            ("dob", .03, self.other_year), ("dob", .08, lambda t: t[:4] + "-01-01"), ("dob", .03, lambda t: None),
            ("village", .08, lambda t: f"V{dice.integers(self.villages):04}"), ("village", .03, lambda t: None),
            ("address", .30, lambda t: f"{dice.integers(1, 300)} {names.streets[dice.integers(400)]}"),
            ("address", .15, self.typo), ("address", .10, lambda t: None),
            ("phone", .42, lambda t: None), ("phone", .25, lambda t: f"9{dice.integers(10**8, 10**9)}"),
            ("phone", .03, self.digit), ("national_id", 0., None), ("national_id", .03, self.digit),
            ("sex", .01, lambda t: "F" if t == "M" else "M"),
        ]
        for column, share, slip in slips:
            if column == "swap":
                hit = dice.random(len(rows)) < share
                rows.loc[hit, ["given", "surname"]] = rows.loc[hit, ["surname", "given"]].to_numpy()
            elif slip is None:
                rows.loc[dice.random(len(rows)) < .88, column] = None
            else:
                cells = rows[column].to_numpy(dtype=object).copy()
                for at in np.flatnonzero(dice.random(len(rows)) < np.minimum(share * self.haste, .97)):
                    cells[at] = slip(cells[at]) if cells[at] is not None else None
                rows[column] = cells
        broken = rows.dob.notna() & pd.to_datetime(rows.dob, errors="coerce").isna()
        rows.loc[broken, "dob"] = rows.loc[broken, "dob"].str[:4] + "-01-01"
        return rows


def main(rows, listed, overlap, seed, folder):
    dice, names = np.random.default_rng(seed), Names()
    years, people = registry(dice, rows, names)
    people.insert(0, "rec_id", [f"a{n}" for n in range(rows)])
    weights = np.where(years < 1966, 3., 1.)
    known = dice.choice(rows, size=int(listed * overlap), replace=False, p=weights / weights.sum())
    new = strangers(dice, listed - len(known), people, years, names)
    listing = pd.concat([people.iloc[known].rename(columns={"rec_id": "a_id"}), new], ignore_index=True)
    listing = Clerk(dice, listed, max(20, rows // 2500), names).copy(listing)
    listing = listing.sample(frac=1, random_state=seed).reset_index(drop=True)
    listing.insert(0, "rec_id", [f"b{n}" for n in range(listed)])
    truth = listing.loc[listing.a_id.notna(), ["rec_id", "a_id"]].rename(columns={"rec_id": "b_id"})
    people = people.sample(frac=1, random_state=seed + 1).reset_index(drop=True)
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in [("a", people), ("b", listing.drop(columns="a_id")), ("truth", truth)]:
        table.to_csv(folder / f"{name}.csv", index=False)
        table.to_parquet(folder / f"{name}.parquet", index=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
