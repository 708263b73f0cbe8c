#!/usr/bin/env bash
# Conversions beside spaCy, Label Studio's converter and Hugging Face datasets: the same articles, by turns, in one run.
#
#   benches/peers/exchange.sh [ARTICLES]      2,000 unless told
#
# Theirs is the time of the work alone, without starting Python and importing the library; ours is that of the whole process. The best of
# three of each is compared, by the clock and by CPU time, which other programs disturb less. Our input is repeated 20 times, so that a process has something to do; speeds are by bytes of input.
set -euo pipefail
cd "$(dirname "$0")/../.."
articles=${1:-2000}
program=${BARCHASB:-target/release/barchasb}
[ -x "$program" ] || cargo build --release
folder="${TMPDIR:-/tmp}/barchasb-peers"
mkdir -p "$folder"
[ -x "$folder/venv/bin/python" ] || python3 -m venv "$folder/venv"
python="$folder/venv/bin/python"
"$python" -c 'import spacy, datasets, label_studio_sdk' 2>/dev/null ||
    "$folder/venv/bin/pip" install --quiet spacy datasets label-studio-sdk
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

python3 benches/exchange.py "$articles" "$scratch/few.jsonl"
for _ in $(seq 20); do cat "$scratch/few.jsonl"; done >"$scratch/many.jsonl"
for size in few many; do "$program" convert "$scratch/$size.jsonl" "$scratch/$size.json" --to label-studio >/dev/null 2>&1; done

# The best speed by a column of seconds.
speed() {
    awk -v bytes="$(stat -c %s "$1")" -v column="$2" \
        '{ if (best == 0 || $column < best) best = $column } END { printf "%.2f", bytes / 1e6 / best }'
}
beside() {
    local what=$1 script=$2 format=$3 ending=$4
    rm -f "$scratch/theirs" "$scratch/ours"
    for _ in 1 2 3; do
        "$python" "benches/peers/$script" "$scratch/few.$ending" "$scratch/their-output" 2>/dev/null | tail -1 >>"$scratch/theirs"
        /usr/bin/time -f '%e %U %S' -a -o "$scratch/ours" "$program" convert "$scratch/many.$ending" "$scratch/our-output" --to "$format" \
            >/dev/null 2>"$scratch/said"
        rm -rf "$scratch/their-output" "$scratch/our-output"
    done
    awk '{ print $1, $2 + $3 }' "$scratch/ours" >"$scratch/ours.sums"
    local theirs ours column
    for column in 1 2; do
        theirs=$(speed "$scratch/few.$ending" "$column" <"$scratch/theirs")
        ours=$(speed "$scratch/many.$ending" "$column" <"$scratch/ours.sums")
        awk -v what="$what" -v ours="$ours" -v theirs="$theirs" -v of="$([ "$column" = 1 ] && echo 'MB/s' || echo 'MB/CPU s')" 'BEGIN {
            printf "%-38s  ours %7.1f  theirs %6.2f  %-8s  ratio %5.1f\n", what, ours, theirs, of, ours / theirs
        }'
    done
}
beside 'JSON Lines to CoNLL, spaCy' convert_spacy.py conll jsonl
beside 'JSON Lines to DocBin, spaCy' write_docbin.py spacy jsonl
beside 'JSON Lines to Parquet, datasets' write_datasets.py hugging-face jsonl
beside 'Label Studio to CoNLL, its converter' convert_label_studio.py conll2003 json
uptime
