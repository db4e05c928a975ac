#!/usr/bin/env bash
# How a night grows with the region: Chaoyang with more and more of its people, a first full load and a usual night after
# it, on PostgreSQL. Prints a line a size and the exponent of CPU over people.
#
#   benches/scale/growth.sh 10000 100000 1000000 3473000
#   STIR=0.01 benches/scale/growth.sh 3473000      # one row in a hundred of the large lists changed before the usual night
#
# CPU of our process and of the server are told apart; the server is a throw-away one (server.sh).
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
root="$here/../.."
binary="${CARGO_TARGET_DIR:-$HOME/.cache/yilian}/release/yilian"
pack="${PACK:-chaoyang-2021}" region="${REGION:-110105}"
work="$(mktemp -d "${TMPDIR:-/tmp}/yilian-growth-XXXXXX")"
chmod 711 "$work" # the server runs as another user where we are root
trap '"$here/server.sh" stop "$work/pg" >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
cd "$root"
export YILIAN_LANG=en
results="$work/results.txt"
server_cpu() { # seconds of every process of the server so far, those that have ended included
    local parent
    parent=$(head -1 "$work/pg/data/postmaster.pid")
    awk '{print ($14 + $15 + $16 + $17) / 100}' "/proc/$parent/stat"
}
night() { # residents, which night, day
    local before after
    before=$(server_cpu)
    /usr/bin/time -f '%e %U %S %M' -o "$work/time" \
        "$binary" --home "$work/home" --database "$address" cycle --allow-future --pack "$pack" --as-of "$3" \
        --delete-lists --json >"$work/said.json"
    sleep 1
    after=$(server_cpu)
    python3 - "$1" "$2" "$work/time" "$work/said.json" "$before" "$after" <<'PY' | tee -a "$results"
import json, sys
residents, night, time, said, before, after = sys.argv[1:]
wall, user, system, kilobytes = map(float, open(time).read().split()[-4:])
found = json.load(open(said))
print(residents, night, found["people"]["all"], found["lists"]["rows"], f"{wall:.1f}", f"{user + system:.1f}",
      f"{float(after) - float(before):.1f}", f"{kilobytes / 1024:.0f}")
PY
}
echo "residents night people rows wall_s our_cpu_s server_cpu_s peak_mib"
for residents in "$@"; do
    address=$("$here/server.sh" start "$work/pg")
    rm -rf "$work/home"; mkdir -p "$work/home/inbox"
    "$binary" --home "$work/home" keys create >/dev/null
    "$binary" synth --region "$region" --residents "$residents" --out "$work/home/inbox" --as-of 2026-11-20 --no-truth >/dev/null
    night "$residents" first 2026-11-20
    "$binary" synth --region "$region" --residents "$residents" --out "$work/home/inbox" --as-of 2026-11-21 --since 2026-11-20 --no-truth >/dev/null
    [ -z "${STIR:-}" ] || python3 "$here/stir.py" --share "$STIR" "$work"/home/inbox/*.csv >&2
    night "$residents" usual 2026-11-21
    "$here/server.sh" stop "$work/pg"
done
python3 - "$results" <<'PY'
import math, sys
lines = [line.split() for line in open(sys.argv[1])]
for night in ("first", "usual"):
    points = [(math.log(float(l[2])), math.log(max(float(l[5]), 0.01)), math.log(max(float(l[5]) + float(l[6]), 0.01))) for l in lines if l[1] == night]
    if len(points) > 1:
        (x0, *y0), (x1, *y1) = points[0], points[-1]
        ours, both = ((b - a) / (x1 - x0) for a, b in zip(y0, y1))
        print(f"{night}: CPU grows with people to the power of {ours:.2f} (ours), {both:.2f} (with the server's)")
PY
