#!/usr/bin/env bash
# The nightly job on the same lists in one run: `yilian cycle` on SQLite, on PostgreSQL where it is installed, and the
# script an office would write (pandas + SQLite, office.py). Prints a table and what each found.
#
#   make bench                     the prefecture of the demonstration, three runs each
#   OLDER=5000 RUNS=1 make bench   a smaller one
#
# CPU counts all threads of the process; the server's own is told beside.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
root="$here/../.."
cache="${YILIAN_CACHE:-$HOME/.cache/yilian}"
older="${OLDER:-55000}" runs="${RUNS:-3}" day=2026-11-20
binary="${CARGO_TARGET_DIR:-$cache}/release/yilian"
work="$(mktemp -d "${TMPDIR:-/tmp}/yilian-night-XXXXXX")"
chmod 711 "$work" # the server runs as another user where we are root
trap '"$root/benches/scale/server.sh" stop "$work/pg" >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
python="$cache/venv/bin/python"
[ -x "$python" ] || python3 -m venv "$cache/venv"
"$python" -m pip install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
cd "$root"
export YILIAN_LANG=en
"$binary" synth --older-people "$older" --out "$work/lists" --as-of $day --no-truth

results="$work/results.jsonl"
night() { # name, more arguments…
    local name=$1; shift
    rm -rf "$work/home"; mkdir -p "$work/home/inbox"
    cp "$work"/lists/*.csv "$work"/lists/*.xlsx "$work/home/inbox/"
    "$binary" --home "$work/home" keys create >/dev/null
    /usr/bin/time -f '%e %U %S %M' -o "$work/time" \
        "$binary" --home "$work/home" "$@" cycle --as-of $day --json >"$work/said.json"
    "$python" "$here/line.py" "$name" "$work/time" "$work/said.json" >>"$results"
}
for _ in $(seq "$runs"); do
    night "yilian, SQLite"
    if address=$("$root/benches/scale/server.sh" start "$work/pg" 2>/dev/null); then
        night "yilian, PostgreSQL" --database "$address"
        "$root/benches/scale/server.sh" stop "$work/pg"
    fi
    rm -rf "$work/office.db" "$work/office-out"
    /usr/bin/time -f '%e %U %S %M' -o "$work/time" \
        "$python" "$here/office.py" packs "$work/lists" "$work/office.db" "$work/office-out" $day >"$work/said.json"
    "$python" "$here/line.py" "pandas + SQLite" "$work/time" "$work/said.json" >>"$results"
done
"$python" "$here/table.py" "$results"
