"""The night's lists into the database: read, linked, held against what stood there before."""

import pandas as pd

import history
import linking
import lists

HOMES = ["id_number", "name", "birth_date", "residence_division", "hukou_division"]


def take_in(base, sources, codes, inbox, night):
    """Every list of the inbox up to this night that wasn't taken before; what came of all of them together.

    What counties send for the same day is one list: held against what stood before once, for all of them.
    """
    counts = dict.fromkeys(["lists", "rows", "faulty", "waiting", "opened", "ended"], 0)
    people = ever(base)
    taken_before = set(pd.read_sql("SELECT file FROM taken", base)["file"]) if history.columns(base, "taken") else set()
    new = [path for path in sorted(inbox.iterdir()) if path.name not in taken_before]
    for source in sources:
        for listed_on, files in lists.deliveries(new, source, night):
            read = [lists.read(path, listed_on, source, codes) for path, _ in files]
            frame, faults = (pd.concat(parts, ignore_index=True) for parts in zip(*((f, g) for f, g, _ in read)))
            rows, scopes = sum(rows for *_, rows in read), tuple(scope for _, scope in files)
            waits = frame.iloc[:0]
            if "id_number" in frame:
                frame, waits = linking.link(frame, people, source)
                wait(base, source, scopes, listed_on, waits)
            table, leaves = f"list_{source.id}", leaving(source, scopes, people, faults["id_number"])
            frame = frame.drop(columns=["written", "kin_written"], errors="ignore")
            opened, ended = history.keep(base, table, source.key, frame, listed_on, night, leaves)
            history.add(base, "fault", faults)
            taken = pd.DataFrame({"file": [path.name for path, _ in files], "scope": scopes, "source": source.id})
            history.add(base, "taken", taken.assign(listed_on=listed_on, read_on=night, is_full=source.full))
            if source.creates and source.entity == "person":
                people = ever(base)
            faulty = len(faults.drop_duplicates(["file", "row"]))
            found = len(files), rows, faulty, len(waits), opened, ended
            counts = {key: counts[key] + more for key, more in zip(counts, found)}
    return counts


def ever(base):
    """Everyone whom the population list named so far, as last described: who died or left may be spoken of still."""
    if not history.columns(base, "list_population"):
        return pd.DataFrame(columns=HOMES, dtype="str")
    rows = pd.read_sql(f"SELECT {history.names(HOMES)} FROM list_population", base)
    return rows.drop_duplicates("id_number", keep="last")


def wait(base, source, scopes, listed_on, waits):
    """Keeps the rows that speak of nobody known. A new full list says anew which of its rows wait."""
    if source.full and history.columns(base, "waiting"):
        base.execute("DELETE FROM waiting WHERE source = ? AND scope IN (?, '')", (source.id, " ".join(scopes)))
    if waits.empty:
        return
    cells = waits.drop(columns=["id_number", "name", "written"]).astype("str").fillna("").agg("|".join, axis=1)
    kept = {"source": source.id, "scope": " ".join(scopes), "listed_on": listed_on, "name": waits["name"]}
    history.add(base, "waiting", pd.DataFrame(kept | {"written": waits["written"], "cells": cells}))


def leaving(source, scopes, people, faulty):
    """Whom absence from a list ends: of a full one whoever lives (or is registered) in a division it speaks for.

    Nobody is absent whose row is there and has a fault.
    """
    if not source.full or "" in scopes or source.scope_by == "none":
        inside = lambda rows: pd.Series(source.full, index=rows.index)
    else:
        first, second = "residence_division", "hukou_division"
        if source.scope_by == "hukou":
            first, second = second, first
        homes = people.set_index("id_number")
        homes = homes[first].fillna(homes[second])
        inside = lambda rows: rows["id_number"].map(homes).str.startswith(scopes).eq(True)
    if "id_number" not in source.key:
        return inside
    return lambda rows: inside(rows) & ~rows["id_number"].isin(faulty)
