#!/usr/bin/env bash
# Journeys through the desk in a real browser; says SKIPPED without Node.js or Chromium.
set -euo pipefail
cd "$(dirname "$0")"

skip() {
    if [ "${YILIAN_REQUIRE_BROWSER:-}" = 1 ]; then
        echo "e2e: $1, and YILIAN_REQUIRE_BROWSER=1" >&2
        exit 1
    fi
    echo "e2e: SKIPPED, $1"
    exit 0
}
command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 || skip "no Node.js"
CHROMIUM=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
[ -n "$CHROMIUM" ] || skip "no Chromium"
export CHROMIUM
export YILIAN_BIN=${YILIAN_BIN:-${CARGO_TARGET_DIR:-$HOME/.cache/yilian}/release/yilian}
npm ci --silent --no-audit --no-fund
npm test --silent
