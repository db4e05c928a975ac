#!/bin/sh
# The night's link step against a large registry.
#
#   benches/linkage/night_large.sh [PEOPLE ROWS SEED]     4000000 5000 7 when nothing is given
#
# Invents PEOPLE people, takes them into a registry (once: 3 minutes and 4 GB for 4,000,000), then takes a list of
# ROWS rows about them of which none has a sound number, and times the step that finds their persons. Prints seconds,
# CPU seconds and the most memory.
#
# YILIAN: the program, $CARGO_TARGET_DIR/release/yilian when unset. Files are kept below ${YILIAN_CACHE:-$HOME/.cache/yilian}.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$HOME/.cache/yilian}"
yilian=${YILIAN:-$CARGO_TARGET_DIR/release/yilian}
[ -x "$yilian" ] || { echo "no program at $yilian: cargo build --release, or set YILIAN" >&2; exit 1; }
people=${1:-4000000}
rows=${2:-5000}
seed=${3:-7}
folder=${YILIAN_CACHE:-$HOME/.cache/yilian}/linkage/night-$people-$seed
if [ ! -f "$folder/truth.csv" ]; then
    "$yilian" --packs "$here/../../packs" synth --region 65 --pair "$people" 20000 --seed "$seed" --out "$folder"
fi
cd "$here/../.."
exec cargo run --quiet --release -p yilian-registry --example link_night -- "$folder" "$rows"
