#!/usr/bin/env bash
# Pages over a whole district: Chaoyang with all its residents on a throw-away PostgreSQL, a first night, and then each kind of
# page at 200 requests a second. The service is open to this machine without signing in.
#   make bench-web-large            RESIDENTS=100000 SECONDS_EACH=8 RATE=200 make bench-web-large
# Needs some 15 GB of disk for all residents.
set -euo pipefail
cd "$(dirname "$0")/../.."
binary=${YILIAN_BIN:-${CARGO_TARGET_DIR:-$HOME/.cache/yilian}/release/yilian}
pack=chaoyang-2021 region=110105 day=2026-11-20 residents=${RESIDENTS:-3473000}
work=$(mktemp -d "${TMPDIR:-/tmp}/yilian-large-XXXXXX")
chmod 711 "$work" # the server runs as another user where we are root
server=
trap '[ -z "$server" ] || kill -INT "$server" 2>/dev/null || true; benches/scale/server.sh stop "$work/pg" >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
export YILIAN_LANG=en
address=$(benches/scale/server.sh start "$work/pg")
at=(--home "$work/home" --database "$address")
mkdir -p "$work/home/inbox"
"$binary" "${at[@]}" keys create >/dev/null
"$binary" synth --region $region --residents "$residents" --out "$work/home/inbox" --as-of $day --no-truth >/dev/null
"$binary" "${at[@]}" cycle --allow-future --pack $pack --as-of $day --delete-lists --json >"$work/said.json"
people=$(python3 -c "import json, sys; print(json.load(open(sys.argv[1]))['people']['all'])" "$work/said.json")
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
began=$(date +%s)
"$binary" "${at[@]}" serve --pack $pack --port "$port" >"$work/serve.log" 2>&1 &
server=$!
ready() { [ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/health/ready")" = 200 ]; }
for _ in $(seq 600); do ready && break; sleep 0.5; done
ready || { tail -5 "$work/serve.log"; echo "the service did not get ready"; exit 1; }
echo "$people people; ready after $(($(date +%s) - began)) s"
status=0
python3 benches/web/load.py --url "http://127.0.0.1:$port" --people "$people" --rate "${RATE:-200}" --seconds "${SECONDS_EACH:-8}" || status=1
echo "most memory of the service: $(grep VmHWM "/proc/$server/status" | tr -s ' \t' ' ')"
exit "$status"
