#!/usr/bin/env bash
# 500 visitors hand in 30 visits each within ten minutes, from a second process on loopback; then everything is counted.
# Usage: benches/field/run.sh HOME   (a home made by `yilian demo --no-serve`; it is changed)
set -euo pipefail
cd "$(dirname "$0")/../.."
home=$1
visitors=${VISITORS:-500} each=${EACH:-30} minutes=${MINUTES:-10}
binary=${YILIAN_BIN:-${CARGO_TARGET_DIR:-$HOME/.cache/yilian}/release/yilian}
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
work=$(mktemp -d)
"$binary" --home "$home" --packs packs --authz authz serve --port "$port" > "$work/serve.log" 2>&1 &
server=$!
trap 'kill -INT $server 2>/dev/null || true; wait $server 2>/dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 100); do curl -s -o /dev/null "http://127.0.0.1:$port/sign-in" && break; sleep 0.3; done
python3 benches/field/prepare.py "$home" --binary "$binary" --port "$port" --visitors "$visitors" --each "$each" \
    --run "r$((RANDOM % 1000))" > "$work/accounts.jsonl"
python3 benches/field/load.py "$work/accounts.jsonl" --port "$port" --minutes "$minutes"
python3 benches/field/count.py "$home"
# What the service complained of, without the times.
grep -E "WARN|ERROR" "$work/serve.log" | sed -E 's/^[^ ]+ +//' | sort | uniq -c | sort -rn | head -20 || true
