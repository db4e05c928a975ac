#!/usr/bin/env bash
# The same rules on the same file in one run: ours, Polars, DuckDB, DataFusion, OpenFisca, ZEN. Prints a table.
#
#   make bench-rules                    600,000 people
#   PEOPLE=100000 make bench-rules      fewer
#
# The peers come from PyPI into ${YILIAN_CACHE:-$HOME/.cache/yilian}/venv.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
cache="${YILIAN_CACHE:-$HOME/.cache/yilian}"
people="${PEOPLE:-600000}" seed="${SEED:-11}" repeats="${REPEATS:-9}"
data="$cache/bench-rules"
python="$cache/venv/bin/python"

mkdir -p "$data"
[ -x "$python" ] || python3 -m venv "$cache/venv"
"$python" -m pip install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"

"${CARGO:-cargo}" build --release --locked --quiet --manifest-path "$here/Cargo.toml"
ours="${CARGO_TARGET_DIR:-$here/../../target}/release/yilian-bench-rules"

export PYTHONPATH="$here"
file="$data/people-$people-$seed.parquet"
[ -f "$file" ] || "$python" "$here/generate.py" "$people" "$seed" "$file"

results="$data/results.jsonl"
: >"$results"
"$ours" "$here/packs" "$file" "$data/out.parquet" "$repeats" >>"$results"
for engine in polars duckdb datafusion; do
    for threads in 1 "$(nproc)"; do
        "$python" "$here/peers/${engine}_rules.py" "$here/rules.sql" "$file" "$data/out.parquet" "$threads" "$repeats" >>"$results"
    done
done
# numpy on one thread.
"$python" "$here/peers/openfisca_rules.py" "$here/rules.sql" "$file" "$data/out.parquet" 1 "$repeats" >>"$results"
# One person after the other takes minutes: once.
"$python" "$here/peers/zen_rules.py" "$here/rules.sql" "$file" "$data/out.parquet" 1 1 >>"$results"
"$python" "$here/table.py" "$results"
