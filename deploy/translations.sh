#!/bin/sh
# Compiles the message catalogues that are newer than their compiled form.
set -eu
cd "$(dirname "$0")/.."
catalogues=services/gateway/translations
[ -d "$catalogues" ] || exit 0
for source in "$catalogues"/*/LC_MESSAGES/*.po; do
    [ -f "$source" ] || continue
    compiled=${source%.po}.mo
    if [ "$compiled" -nt "$source" ]; then continue; fi
    .venv/bin/pybabel -q compile -i "$source" -o "$compiled"
done
