#!/usr/bin/env bash
# An hour of readers, visitors that hand in, and a night in the middle, on PostgreSQL: does memory stay, does anything fail?
#   make soak            MINUTES=10 RATE=20 VISITORS=60 make soak
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
cd "$here/../.."
minutes=${MINUTES:-60} visitors=${VISITORS:-60} each=${EACH:-30}
binary=${YILIAN_BIN:-${CARGO_TARGET_DIR:-$HOME/.cache/yilian}/release/yilian}
programs=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1 || true)
export PATH="${programs:+$programs:}$PATH" YILIAN_LANG=en
work=$(mktemp -d "${TMPDIR:-/tmp}/yilian-soak-XXXXXX")
chmod 711 "$work" # the server runs as another user where we are root
server=
trap '[ -z "$server" ] || kill -INT "$server" 2>/dev/null || true; benches/scale/server.sh stop "$work/pg" >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
address=$(benches/scale/server.sh start "$work/pg")
at=(--home "$work/home" --database "$address")
"$binary" "${at[@]}" demo --no-serve >"$work/told"
read -r name password secret _ < <(grep '^  demo-region-officer ' "$work/told")
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$binary" "${at[@]}" serve --port "$port" >"$work/serve.log" 2>&1 &
server=$!
for _ in $(seq 300); do [ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/health/ready")" = 200 ] && break; sleep 0.2; done
python3 benches/field/prepare.py "$work/home" --database "$address" --binary "$binary" --port "$port" \
    --visitors "$visitors" --each "$each" --run soak >"$work/accounts.jsonl"
python3 benches/soak/mix.py --url "http://127.0.0.1:$port" --account "$name" --password "$password" --secret "$secret" \
    --pid "$server" --minutes "$minutes" --rate "${RATE:-20}" &
mix=$!
python3 benches/field/load.py "$work/accounts.jsonl" --port "$port" --minutes "$(python3 -c "print($minutes * 0.9)")" >"$work/field.json" &
field=$!
sleep "$(python3 -c "print($minutes * 30)")"
"$binary" synth --out "$work/home/inbox" --as-of 2026-11-27 --since 2026-11-20 --no-truth >/dev/null
"$binary" "${at[@]}" cycle --as-of 2026-11-27 >"$work/night.txt" 2>&1 && night=published || night="failed: $(tail -1 "$work/night.txt")"
status=0
wait "$mix" || status=1
wait "$field" || status=1
cat "$work/field.json"
python3 benches/field/count.py "$work/home" "$address"
echo "the night in the middle: $night"
# What the service complained of, without the times.
grep -E "WARN|ERROR" "$work/serve.log" | sed -E 's/^[^ ]+ +//' | sort | uniq -c | sort -rn | head -20 || true
[ "$night" = published ] && exit "$status" || exit 1
