#!/usr/bin/env bash
# A province's own rules over four lakes: in one process, and on a scheduler with two workers of one core each. Both must
# write the same bytes and, cell by cell, what the counties published.
#   make bench-cluster              OLDER=5000 make bench-cluster for smaller lakes
# `yilian-cluster` is built as for its tests, without optimisation; CLUSTER_BIN names another.
set -euo pipefail
cd "$(dirname "$0")/../.."
binary=${CARGO_TARGET_DIR:-$HOME/.cache/yilian}/release/yilian
cluster=${CLUSTER_BIN:-${CLUSTER_TARGET_DIR:-$HOME/.cache/yilian-cluster}/debug/yilian-cluster}
work=$(mktemp -d "${TMPDIR:-/tmp}/yilian-cluster-XXXXXX")
pids=()
trap '[ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
export YILIAN_LANG=en
pack=kizilsu-2024 day=2026-11-20
mkdir -p "$work/home/inbox"
"$binary" synth --region 653001 --older-people "${OLDER:-55000}" --out "$work/home/inbox" --as-of $day --no-truth >/dev/null
"$binary" --home "$work/home" keys create >/dev/null
"$binary" --home "$work/home" cycle --pack $pack --as-of $day >/dev/null
for lake in a b c d; do mkdir -p "$work/province/$lake"; cp -a "$work/home/lake/." "$work/province/$lake/"; done

free() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
cpu() { awk '{print ($14 + $15) / 100}' "/proc/$1/stat"; }
ask() { # what it is called, out, more arguments…
    local name=$1 out=$2; shift 2
    /usr/bin/time -f "%e %U %S %M" -o "$work/time" "$cluster" determine --pack $pack --lake "$work/province" --as-of $day \
        --out "$out" "$@" >"$work/told" || { cat "$work/told"; exit 1; }
    read -r wall user system kilobytes <"$work/time"
    echo "$name: $wall s, $(python3 -c "print(round($user + $system, 1))") CPU s, $((kilobytes / 1024)) MiB"
    cat "$work/told"
}
ask "one process, held against what the counties published" "$work/alone" --verify
scheduler=127.0.0.1:$(free)
"$cluster" scheduler --listen "$scheduler" >"$work/scheduler.log" 2>&1 &
pids+=($!)
for _ in $(seq 100); do (exec 3<>"/dev/tcp/${scheduler/:/\/}") 2>/dev/null && break; sleep 0.1; done
for worker in 1 2; do
    mkdir "$work/worker-$worker"
    "$cluster" worker --scheduler "$scheduler" --listen "127.0.0.1:$(free)" --cores 1 --work-dir "$work/worker-$worker" \
        >"$work/worker-$worker.log" 2>&1 &
    pids+=($!)
done
sleep 2
ask "who asks two workers" "$work/together" --scheduler "$scheduler"
echo "the workers: $(cpu "${pids[1]}") and $(cpu "${pids[2]}") CPU s"
diff -r "$work/alone" "$work/together" && echo "the same bytes"
