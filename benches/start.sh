#!/usr/bin/env bash
# How long the program takes from its start to the first frame and to the first article, and how much memory it holds then.
#
#   benches/start.sh [RUNS]          needs Xvfb; draws in software; touches no file of the user's
#
# Times are counted by the program itself from the beginning of `main` to when a frame was handed to the screen
# (`BARCHASB_LOG=info`). "outside" is the same first article by this script's clock, with the start of the process.
# Memory is read from /proc two seconds later: resident in all, and of that what is the program's own (not files: code,
# the graphics driver). The project is the sample, opened by a fresh user; the first run also fills the cache of shaders.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-7}
program=${BARCHASB:-target/release/barchasb}
[ -x "$program" ] || cargo build --release
scratch=$(mktemp -d)
Xvfb -displayfd 1 -screen 0 1600x1000x24 -nolisten tcp >"$scratch/display" 2>/dev/null &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$scratch"' EXIT
until [ -s "$scratch/display" ]; do sleep 0.05; done
export DISPLAY=":$(cat "$scratch/display")" LIBGL_ALWAYS_SOFTWARE=1
unset WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS

median() { sort -n | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'; }
log_value() { sed 's/\x1b\[[0-9;]*m//g' "$1" | sed -n "s/.*$2 milliseconds=\([0-9.]*\).*/\1/p"; }
status() { awk -v key="$2:" '$1 == key { printf "%.1f\n", $2 / 1024 }' "/proc/$1/status"; }

printf '%4s  %16s  %18s  %12s  %13s  %8s\n' run 'first frame, ms' 'first article, ms' 'outside, ms' 'resident, MB' 'own, MB'
for run in $(seq "$runs"); do
    home="$scratch/home"
    rm -rf "$home" && mkdir -p "$home/config/barchasb" "$home/data" "$home/cache" "$home/runtime"
    chmod 700 "$home/runtime"
    echo '{"annotator": "سارا"}' >"$home/config/barchasb/settings.json"
    log="$home/log"
    began=$(date +%s%N)
    HOME="$home" XDG_CONFIG_HOME="$home/config" XDG_DATA_HOME="$home/data" XDG_CACHE_HOME="$scratch/cache" \
        XDG_RUNTIME_DIR="$home/runtime" BARCHASB_LOG=info "$program" 2>"$log" &
    pid=$!
    for _ in $(seq 1000); do
        grep -q 'first article' "$log" && break
        sleep 0.01
    done
    shown=$(date +%s%N -d "$(sed 's/\x1b\[[0-9;]*m//g' "$log" | awk '/first article/ { print $1 }')")
    sleep 2
    frame=$(log_value "$log" 'first frame')
    article=$(log_value "$log" 'first article')
    outside=$(awk -v a="$began" -v b="$shown" 'BEGIN { printf "%.1f", (b - a) / 1e6 }')
    resident=$(status "$pid" VmRSS)
    own=$(status "$pid" RssAnon)
    printf '%4d  %16.1f  %18.1f  %12.1f  %13.1f  %8.1f\n' "$run" "$frame" "$article" "$outside" "$resident" "$own"
    echo "$frame $article $outside $resident $own" >>"$scratch/figures"
    kill "$pid" && wait "$pid" 2>/dev/null || true
done
medians=()
for column in 1 2 3 4 5; do medians+=("$(awk -v c="$column" '{ print $c }' "$scratch/figures" | median)"); done
printf '%4s  %16.1f  %18.1f  %12.1f  %13.1f  %8.1f\n' med "${medians[@]}"
