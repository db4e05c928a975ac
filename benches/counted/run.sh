#!/usr/bin/env bash
# Instructions of a whole night, counted by callgrind: the same on every machine with the same binary, however busy. A
# processor that computes SHA-256 itself needs fewer than this, for valgrind hides that it can.
#
#   make bench-counted              # OLDER=8000 make bench-counted for another size; KEEP=dir keeps callgrind's file
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
cd "$here/../.."
command -v valgrind >/dev/null || { echo "SKIPPED: valgrind is not installed"; exit 0; }
binary="${CARGO_TARGET_DIR:-$HOME/.cache/yilian}/release/yilian"
work="${KEEP:-$(mktemp -d "${TMPDIR:-/tmp}/yilian-counted-XXXXXX")}"
[ -n "${KEEP:-}" ] || trap 'rm -rf "$work"' EXIT
export YILIAN_LANG=en
mkdir -p "$work/home/inbox"
"$binary" synth --older-people "${OLDER:-8000}" --out "$work/home/inbox" --as-of 2026-11-20 --no-truth >/dev/null
"$binary" --home "$work/home" keys create >/dev/null
valgrind --quiet --tool=callgrind --callgrind-out-file="$work/callgrind.out" \
    "$binary" --home "$work/home" cycle --as-of 2026-11-20 --json >"$work/said.json"
callgrind_annotate --auto=no --inclusive=yes --threshold=100 "$work/callgrind.out" >"$work/inclusive.txt"
python3 "$here/table.py" "$work/said.json" "$work/inclusive.txt"
