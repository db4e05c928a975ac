#!/usr/bin/env bash
# What a usual night of the prefecture computes, and what it waits for: a flame graph, and a table of what the main thread
# and the others do, stretch by stretch. SQLite, on this machine; needs perf (linux-perf).
#
#   make profile                  the usual night, into ~/.cache/yilian/profile
#   NIGHT=first make profile      the first one
#   OLDER=5000 STRETCH=10 make profile
#
# perf takes its share of the time it measures: some 5 %. Compare stretches with each other, not with a clock.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
root="$here/../.."
cache="${YILIAN_CACHE:-$HOME/.cache/yilian}"
binary="${CARGO_TARGET_DIR:-$cache}/release/yilian"
older="${OLDER:-55000}" night="${NIGHT:-usual}" stretch="${STRETCH:-40}" first=2026-11-20 usual=2026-11-21
out="${OUT:-$cache/profile}"
command -v perf >/dev/null || { echo "SKIPPED: perf is not installed"; exit 0; }
[ -x "$cache/inferno/bin/inferno-flamegraph" ] ||
    cargo install --quiet --locked --version 0.12.8 --root "$cache/inferno" inferno
work="$(mktemp -d "${TMPDIR:-/tmp}/yilian-profile-XXXXXX")"
trap 'rm -rf "$work"' EXIT
mkdir -p "$out" "$work/home/inbox"
cd "$root"
export YILIAN_LANG=en
run() { "$@" cycle --allow-future --as-of "$day" --json >/dev/null 2>&1; }
"$binary" --home "$work/home" keys create >/dev/null
"$binary" synth --older-people "$older" --out "$work/home/inbox" --as-of $first --no-truth >/dev/null
day=$first
if [ "$night" = usual ]; then
    run "$binary" --home "$work/home"
    rm -f "$work"/home/inbox/*
    "$binary" synth --older-people "$older" --out "$work/home/inbox" --as-of $usual --since $first --no-truth >/dev/null
    python3 benches/scale/stir.py --share "${STIR:-0.01}" "$work"/home/inbox/*.csv >&2
    day=$usual
fi
run perf record --quiet --freq 1997 --call-graph dwarf,32000 --output "$work/perf.data" "$binary" --home "$work/home"
perf script --input "$work/perf.data" --no-inline --fields comm,tid,time,event,ip,sym,dso >"$work/script.txt" 2>/dev/null
"$cache/inferno/bin/inferno-collapse-perf" "$work/script.txt" 2>/dev/null |
    "$cache/inferno/bin/inferno-flamegraph" --title "a $night night, $older older people" >"$out/$night.svg"
python3 "$here/timeline.py" "$work/script.txt" "$stretch" | tee "$out/$night.txt"
echo "$out/$night.svg" >&2
