#!/usr/bin/env bash
# Two nights on the same lists in one run: a first full load, and the usual night after it, on what the first one left.
# `yilian cycle` on SQLite, on PostgreSQL where it is installed, and the script an office would write (office/, pandas
# and SQLite). Prints a table, the ratios, and what each found on both nights.
#
#   make bench                     the prefecture of the demonstration, three runs each
#   OLDER=5000 RUNS=1 make bench   a smaller one
#   TEXTS=auto make bench          the script with pandas' own choice of how texts are kept, which is slower
#   STIR=0.05 make bench           five rows in a hundred of the large lists changed before the usual night, not one
#
# CPU counts all threads of the process; the server's own is told beside.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
root="$here/../.."
cache="${YILIAN_CACHE:-$HOME/.cache/yilian}"
older="${OLDER:-55000}" runs="${RUNS:-3}" first=2026-11-20 usual=2026-11-21
binary="${CARGO_TARGET_DIR:-$cache}/release/yilian"
work="$(mktemp -d "${TMPDIR:-/tmp}/yilian-night-XXXXXX")"
chmod 711 "$work" # the server runs as another user where we are root
trap '"$root/benches/scale/server.sh" stop "$work/pg" >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
python="$cache/venv/bin/python"
[ -x "$python" ] || python3 -m venv "$cache/venv"
"$python" -m pip install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
cd "$root"
export YILIAN_LANG=en
"$binary" synth --older-people "$older" --out "$work/first" --as-of $first --no-truth
"$binary" synth --older-people "$older" --out "$work/usual" --as-of $usual --since $first --no-truth
"$python" benches/scale/stir.py --share "${STIR:-0.01}" "$work"/usual/*.csv >&2

results="$work/results.jsonl"
server_cpu() { # seconds of every process of the server so far, those that have ended included
    local parent
    [ -f "$work/pg/data/postmaster.pid" ] || { echo 0; return; }
    sleep 1
    parent=$(head -1 "$work/pg/data/postmaster.pid")
    awk '{print ($14 + $15 + $16 + $17) / 100}' "/proc/$parent/stat"
}
measure() { # engine, night, command…
    local engine=$1 night=$2 before; shift 2
    sync # nights are a day apart: what the one before wrote is on the disk
    before=$(server_cpu)
    /usr/bin/time -f '%e %U %S %M' -o "$work/time" "$@" >"$work/said.json"
    "$python" "$here/line.py" "$engine" "$night" "$work/time" "$work/said.json" "$before" "$(server_cpu)" >>"$results"
}
nights() { # engine, more arguments…
    local engine=$1 night; shift
    rm -rf "$work/home"; mkdir -p "$work/home/inbox"
    "$binary" --home "$work/home" keys create >/dev/null
    for night in first usual; do
        rm -f "$work"/home/inbox/*
        cp "$work/$night"/*.* "$work/home/inbox/"
        measure "$engine" "$night" \
            "$binary" --home "$work/home" "$@" cycle --allow-future --as-of "${!night}" --json
    done
}
for _ in $(seq "$runs"); do
    nights "yilian, SQLite"
    if address=$("$root/benches/scale/server.sh" start "$work/pg" 2>/dev/null); then
        nights "yilian, PostgreSQL" --database "$address"
        "$root/benches/scale/server.sh" stop "$work/pg"
    fi
    rm -rf "$work/office.db" "$work/office-out"
    for night in first usual; do
        measure "pandas + SQLite" "$night" \
            "$python" "$here/office" packs "$work/$night" "$work/office.db" "$work/office-out" "${!night}"
    done
done
"$python" "$here/table.py" "$results"
