"""Cells as offices write them, a column at a time. A text that stands in many rows is read once."""

import numpy as np
import pandas as pd

WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHECK = np.frombuffer(b"10X98765432", dtype="S1")


def column(cells, read, nulls=()):
    """What the cells mean, missing where they say nothing, and where they say something that can't be read."""
    codes, texts = pd.factorize(cells)
    texts = pd.Series(texts).str.strip()
    values = read(texts)
    wrong = (values.isna() & (texts != "")).to_numpy()
    values = values.where(~values.isin(nulls)) if nulls else values
    return values.take(codes).set_axis(cells.index), wrong[codes]


def text(texts):
    return texts.where(texts != "")


def names(texts):
    """Names with one kind of dot between their parts, of the many that keyboards have, and no blanks around it."""
    return text(texts.str.replace(r"\s*[·・•‧.．]\s*", "·", regex=True))


def dates(texts):
    """ISO dates of any of the ways offices write them; what no calendar has is missing."""
    texts = texts.str.split(" ").str[0].str.replace(r"[年月/.]", "-", regex=True).str.rstrip("日-")
    plain = texts.str.fullmatch(r"\d{8}")
    texts = texts.where(~plain, texts.str.slice(0, 4) + "-" + texts.str.slice(4, 6) + "-" + texts.str.slice(6, 8))
    return pd.to_datetime(texts, format="%Y-%m-%d", errors="coerce").dt.strftime("%Y-%m-%d").astype("str")


def numbers(words, low, high):
    """A reader of numbers between two limits, with words that stand for some."""

    def read(texts):
        plain = texts.map(words).fillna(texts.str.replace(r"[,，]", "", regex=True))
        found = pd.to_numeric(plain, errors="coerce").astype(float)
        return found.where(found.between(low, high))

    return read


def codes(words):
    """A reader of codes, by all the ways a list may write them."""
    return lambda texts: texts.map(words).astype("str")


def truths(words):
    """A reader of yes and no as 1 and 0, which is how SQLite keeps them."""
    return lambda texts: texts.map({word: float(value) for word, value in words.items()}).astype(float)


def divisions(places):
    """A reader of divisions by code and by name. A code in a county that the table doesn't have is taken as it is."""
    counties = {code for code in places if len(code) == 6}

    def read(texts):
        elsewhere = texts.str.fullmatch(r"\d{6,12}") & ~texts.str.slice(0, 6).isin(counties)
        return texts.where(elsewhere, texts.map(places)).astype("str")

    return read


def id_numbers(cells):
    """Eighteen characters where the check character is right, with those of fifteen brought up to date; else empty."""
    texts, fits = cells, np.array(cells.str.fullmatch(r"\d{17}[0-9X]"), dtype=bool)
    if not fits.all():
        odd = cells[~fits].str.strip().str.upper()
        old = odd.str.fullmatch(r"\d{15}")
        odd = odd.where(~old, odd.str.slice(0, 6) + "19" + odd.str.slice(6, 15) + "?")
        texts = cells.copy()
        texts[~fits] = odd
        fits[~fits] = odd.str.fullmatch(r"\d{17}[0-9X?]")
    found = np.full(len(texts), "", dtype=object)
    kept = texts[fits].to_numpy(dtype=object)
    if len(kept):
        letters = np.frombuffer("".join(kept).encode(), dtype="S1").reshape(-1, 18)
        digits = letters[:, :17].view(np.uint8).reshape(-1, 17).astype(np.int64) - 48
        check = CHECK[(digits @ WEIGHTS) % 11]
        updated = letters[:, 17] == b"?"
        sound = (letters[:, 17] == check) | updated
        if updated.any():
            kept[updated] = [n[:17] + c.decode() for n, c in zip(kept[updated], check[updated])]
        found[fits] = np.where(sound, kept, "")
    return pd.Series(found, index=cells.index, dtype="str")
