#!/usr/bin/env bash
# How much CPU time and memory it takes to bring many articles in, out, and from one format into another.
#
#   benches/exchange.sh [ARTICLES]       100,000 unless told, and a tenth of them; needs GNU time and Python 3
#
# A megabyte is 10⁶ bytes of the JSON Lines file, whatever is written. CPU time is that of the process, user and system. With the disk
# and the two sizes one can see that memory does not grow; what is written is looked at no further: tests do that.
set -euo pipefail
cd "$(dirname "$0")/.."
all=${1:-100000}
program=${BARCHASB:-target/release/barchasb}
[ -x "$program" ] || cargo build --release
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

printf '%-10s  %-14s  %8s  %8s  %10s  %8s  %9s\n' articles what 'wall, s' 'CPU, s' 'MB/CPU s' 'MB/s' 'peak, MB'
for articles in $((all / 10)) "$all"; do
    file="$scratch/articles.jsonl"
    python3 benches/exchange.py "$articles" "$file"
    bytes=$(stat -c %s "$file")
    measured() {
        local what=$1
        shift
        /usr/bin/time -f '%e %U %S %M' -o "$scratch/time" "$@" >"$scratch/said" 2>&1 || { tail -3 "$scratch/said"; exit 1; }
        awk -v articles="$articles" -v what="$what" -v bytes="$bytes" '{
            cpu = $2 + $3
            printf "%-10d  %-14s  %8.2f  %8.2f  %10.0f  %8.0f  %9.1f\n", \
                articles, what, $1, cpu, bytes / 1e6 / cpu, bytes / 1e6 / $1, $4 / 1024
        }' "$scratch/time"
    }
    "$program" new "$scratch/project.barchasb" >/dev/null
    measured import "$program" import "$scratch/project.barchasb" "$file"
    measured export "$program" export "$scratch/project.barchasb" -o "$scratch/out.jsonl"
    rm -f "$scratch"/project.barchasb* "$scratch/out.jsonl"
    for format in jsonl conll conll2003 spacy hugging-face label-studio; do
        measured "to $format" "$program" convert "$file" "$scratch/out" --to "$format"
        rm -rf "$scratch/out"
    done
done
uptime
