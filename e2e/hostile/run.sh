#!/usr/bin/env bash
# Hostile input against a small demonstration: nothing gets through. Says SKIPPED without Python.
#   make test-hostile          YILIAN_HOSTILE=tokens,fields make test-hostile for some parts
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v python3 >/dev/null 2>&1; then
    [ "${YILIAN_REQUIRE_PYTHON:-}" = 1 ] && { echo "hostile: no python3, and YILIAN_REQUIRE_PYTHON=1" >&2; exit 1; }
    echo "hostile: SKIPPED, no python3"
    exit 0
fi
PYTHONDONTWRITEBYTECODE=1 exec python3 hostile
