#!/usr/bin/env bash
# The whole prefecture, signed in, 200 requests a second for a minute each, from a second process on loopback.
#   make bench-web            SECONDS_EACH=20 RATE=200 ONLY="search" make bench-web
set -euo pipefail
cd "$(dirname "$0")/../.."
BIN=${YILIAN_BIN:-${CARGO_TARGET_DIR:-$HOME/.cache/yilian}/release/yilian}
HOME_DIR=${BENCH_HOME:-${TMPDIR:-/tmp}/yilian-bench-web}
mkdir -p "$HOME_DIR"
told=$(mktemp)
"$BIN" --home "$HOME_DIR" --lang en demo --no-serve >"$told"
read -r name password secret _ < <(grep '^  demo-region-officer ' "$told")
"$BIN" --home "$HOME_DIR" --lang en serve --port 0 >"$told" &
server=$!
trap 'kill -INT $server 2>/dev/null; wait $server 2>/dev/null; rm -f "$told"' EXIT
for _ in $(seq 100); do
    url=$(grep -o 'http://[0-9.:]*' "$told" || true)
    [ -n "$url" ] && break
    sleep 0.2
done
only=()
[ -n "${ONLY:-}" ] && only=(--only "$ONLY")
for _ in $(seq 100); do [ "$(curl -s -o /dev/null -w "%{http_code}" "$url/health/ready")" = 200 ] && break; sleep 0.2; done
python3 benches/web/load.py --url "$url" --account "$name" --password "$password" --secret "$secret" \
    --rate "${RATE:-200}" --seconds "${SECONDS_EACH:-60}" "${only[@]}"
echo "most memory of the service: $(grep VmHWM "/proc/$server/status" | tr -s ' \t' ' ')"
