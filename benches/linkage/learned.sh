#!/usr/bin/env bash
# What learning source by source changes: the same lists linked by the stated parameters and by learned ones.
#
#     benches/linkage/learned.sh [SYNTH_OPTION...]        such as --townships 4 --older-people 6000 --seed 11
#
# The population is taken first. Then every other list teaches its source, in one of two copies of the installation,
# and both take the lists. YILIAN names the binary, WORK the folder to work in.
set -euo pipefail
cd "$(dirname "$0")/../.."
yilian=${YILIAN:-${CARGO_TARGET_DIR:-$HOME/.cache/yilian}/release/yilian}
work=${WORK:-$(mktemp -d)}
day=2026-11-20

"$yilian" synth "$@" --as-of $day --out "$work/lists" > /dev/null
mkdir -p "$work/stated/inbox"
"$yilian" --home "$work/stated" keys create > /dev/null
cp "$work"/lists/population_* "$work/stated/inbox/"
"$yilian" --home "$work/stated" cycle --as-of $day > /dev/null
cp -r "$work/stated" "$work/learned"
for list in "$work"/lists/*.csv "$work"/lists/*.xlsx; do
    case $(basename "$list") in population_*) continue ;; esac
    # Lists of places and of other things teach nothing.
    "$yilian" --home "$work/learned" --lang en link-review learn "$list" 2> /dev/null || true
done
for home in stated learned; do
    find "$work/lists" -maxdepth 1 -type f ! -name 'population_*' -exec cp {} "$work/$home/inbox/" \;
    "$yilian" --home "$work/$home" cycle --as-of $day > "$work/$home.log"
    echo "== $home"
    python3 benches/linkage/night.py "$work/$home" "$work/lists"
done
