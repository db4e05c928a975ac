"""Lists over time: a table a list to which rows are added and in which they are ended, never changed or removed.

A row says `listed_on` (the list that brought it), `recorded_on` (the night that read it) and `ended_on` (the list that
said otherwise or, where it names everyone, nothing).
"""

import numpy as np
import pandas as pd


def keep(base, table, key, frame, listed_on, night, leaves):
    """Takes a list in; says how many rows came and how many ended.

    `leaves` says of rows before it, given their keys, whether absence from this list ends them.
    """
    frame = frame.drop_duplicates(key).assign(print=lambda rows: prints(rows))
    known = columns(base, table)
    if known:
        before = pd.read_sql(f"SELECT rowid, print, {names(key)} FROM {table} WHERE ended_on IS NULL", base)
        same = before["print"].isin(frame["print"])
        other = before[~same]
        told_anew = np.isin(prints(other[key]), prints(frame[key]))
        ended = other.loc[told_anew | leaves(other), "rowid"]
        base.executemany(
            f"UPDATE {table} SET ended_on = ? WHERE rowid = ?", ((listed_on, row) for row in ended.tolist())
        )
        frame = frame[~frame["print"].isin(before["print"])]
        for name in frame.columns.difference(known):
            base.execute(f'ALTER TABLE {table} ADD COLUMN "{name}"')
    else:
        ended = []
    add(base, table, frame.assign(listed_on=listed_on, recorded_on=night, ended_on=None))
    if not known:
        base.execute(f"CREATE INDEX {table}_key ON {table} ({names(key[:1])})")
    return len(frame), len(ended)


def add(base, table, frame):
    """Appends rows, making the table if need be. `to_sql` would commit each time, and a night commits only twice."""
    if not columns(base, table):
        base.execute(f"CREATE TABLE {table} ({names(frame.columns)})")
    cells = [column.astype(object).where(column.notna(), None).tolist() for _, column in frame.items()]
    holes = ", ".join("?" * len(cells))
    base.executemany(f"INSERT INTO {table} ({names(frame.columns)}) VALUES ({holes})", zip(*cells))


def columns(base, table):
    return [row[1] for row in base.execute(f"PRAGMA table_info({table})")]


def standing(base, table, wanted=None, more=""):
    """The rows in force, of the wanted columns those that are there; none where the list never came."""
    known = columns(base, table)
    if not known:
        return pd.DataFrame(columns=list(wanted or []), dtype="str")
    kept = known if wanted is None else [name for name in wanted if name in known]
    found = pd.read_sql(f"SELECT {names(kept)} FROM {table} WHERE ended_on IS NULL {more}", base)
    return found if wanted is None else found.reindex(columns=list(wanted))


def prints(frame):
    """A number for what a row says, the same on every night. SQLite keeps signed ones."""
    return pd.util.hash_pandas_object(frame[sorted(frame.columns)], index=False).to_numpy().view(np.int64)


def names(columns):
    return ", ".join(f'"{name}"' for name in columns)
