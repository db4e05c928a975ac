#!/bin/sh
# Linkage side by side: the same files to Splink and to `yilian link`, one after the other, in one run.
#
#   benches/linkage/run.sh [REGISTRY_ROWS LIST_ROWS SEED…]     1000000 200000 43 when nothing is given
#
# Latin names (generate.py), Chinese, Uyghur and Kyrgyz names (`yilian synth --pair`), FEBRL. WORK=latin, people or
# febrl for one of them.
#
# YILIAN: the program, $CARGO_TARGET_DIR/release/yilian when unset. Peers come from PyPI into a virtual environment below
# ${YILIAN_CACHE:-$HOME/.cache/yilian}; files are kept there too, by size and seed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$HOME/.cache/yilian}"
yilian=${YILIAN:-$CARGO_TARGET_DIR/release/yilian}
cache=${YILIAN_CACHE:-$HOME/.cache/yilian}
venv=$cache/venv-linkage
data=$cache/linkage
[ -x "$yilian" ] || { echo "no program at $yilian: cargo build --release, or set YILIAN" >&2; exit 1; }

if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install -q "splink>=5,<6" duckdb recordlinkage pandas pyarrow pypinyin
fi
python=$venv/bin/python
score="$python $here/score.py"
mkdir -p "$data"

rows=${1:-1000000}
listed=${2:-200000}
[ $# -gt 2 ] && shift 2 || set -- 43
work=${WORK:-latin people febrl}
wants() { case " $work " in *" $1 "*) true ;; *) false ;; esac; }

for seed in "$@"; do
    wants latin || break
    folder=$data/$rows-$listed-$seed
    [ -f "$folder/truth.csv" ] || "$python" "$here/generate.py" "$rows" "$listed" 0.8 "$seed" "$folder"
    echo "registry $rows, list $listed, seed $seed"
    $score "  splink" "$folder/truth.csv" "$folder/splink.csv" one \
        "$python" "$here/splink_registry.py" "$folder" "$folder/splink.csv"
    $score "  yilian" "$folder/truth.csv" "$folder/yilian.csv" one \
        "$yilian" link "$folder/a.csv" "$folder/b.csv" --spec "$here/registry.toml" --out "$folder/yilian.csv"
done

for seed in "$@"; do
    wants people || break
    folder=$data/people-$rows-$listed-$seed
    if [ ! -f "$folder/b.parquet" ]; then
        "$yilian" --packs "$here/../../packs" synth --pair "$rows" "$listed" --seed "$seed" --out "$folder"
        "$python" "$here/prepare_people.py" "$folder"
    fi
    echo "Chinese, Uyghur and Kyrgyz names: registry $rows, list $listed, seed $seed"
    $score "  splink, columns prepared" "$folder/truth.csv" "$folder/splink.csv" one \
        "$python" "$here/splink_people.py" "$folder" "$folder/splink.csv"
    $score "  splink, columns as they are" "$folder/truth.csv" "$folder/splink.csv" one \
        "$python" "$here/splink_people.py" "$folder" "$folder/splink.csv" plain
    $score "  yilian" "$folder/truth.csv" "$folder/yilian.csv" one \
        "$yilian" link "$folder/a.csv" "$folder/b.csv" --spec "$here/people.toml" --out "$folder/yilian.csv"
done

wants febrl || exit 0
febrl=$data/febrl
[ -f "$febrl/febrl4_truth.csv" ] || "$python" "$here/febrl.py" "$febrl"
for set in febrl1 febrl2 febrl3 febrl4; do
    files=$febrl/$set.csv
    mode=many
    if [ "$set" = febrl4 ]; then
        files="$febrl/febrl4a.csv $febrl/febrl4b.csv"
        mode=one
    fi
    echo "$set"
    # shellcheck disable=SC2086 -- two paths without blanks of their own
    $score "  splink" "$febrl/${set}_truth.csv" "$febrl/splink.csv" $mode \
        "$python" "$here/splink_febrl.py" $files "$febrl/splink.csv"
    # shellcheck disable=SC2086
    $score "  yilian" "$febrl/${set}_truth.csv" "$febrl/yilian.csv" $mode \
        "$yilian" link $files --spec "$here/febrl.toml" --out "$febrl/yilian.csv"
done
