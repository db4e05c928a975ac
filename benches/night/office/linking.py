"""Rows without a usable number, matched by exact name and birth date to the population; the others wait.

A row has no usable number if it has none, a mistyped one, or one that nobody of the population has. Its birth date is
its own or the one in the number as written. Where several people have both name and birth date the village decides.
"""

import pandas as pd


def link(frame, people, source):
    """The list with the numbers of matched rows put in, and the rows that wait.

    `people` has id_number, name, birth_date and residence_division of the population so far.
    """
    sound = frame["id_number"] != ""
    usable = sound if source.creates else sound & frame["id_number"].isin(people["id_number"])
    if "kin_id_number" in frame:
        usable &= frame["kin_id_number"] != ""
    lost = frame[~usable]
    if lost.empty or people.empty:
        return frame[usable], lost
    digits = lost["written"].str.strip().str.slice(6, 14)
    written = digits.str.slice(0, 4) + "-" + digits.str.slice(4, 6) + "-" + digits.str.slice(6, 8)
    lost = lost.assign(birth_date=lost["birth_date"].fillna(written) if "birth_date" in lost else written)
    number = matched(lost, people, ["name", "birth_date"])
    if "residence_division" in lost:
        number = number.fillna(matched(lost, people, ["name", "birth_date", "residence_division"]))
    # A sound number that nobody has is somebody else's: the same name and birthday don't make it a slip.
    number = number.where(lost["id_number"] == "")
    found = lost.assign(id_number=number)[number.notna()]
    return pd.concat([frame[usable], found[frame.columns]]), lost[number.isna()]


def matched(lost, people, on):
    """The number of the one person who has all of this, missing where there is none or more than one."""
    namesakes = people[people["name"].isin(lost["name"])]
    one = namesakes.drop_duplicates(on, keep=False).set_index(on)["id_number"]
    return pd.Series(one.reindex(pd.MultiIndex.from_frame(lost[on])).to_numpy(), index=lost.index, dtype="str")
