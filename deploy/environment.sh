#!/bin/sh
# Creates or updates the Python environment in .venv from a lock file; does nothing when it is current.
# Usage: deploy/environment.sh requirements.lock|requirements-dev.lock
set -eu
cd "$(dirname "$0")/.."
lock=$1
venv=.venv

fail() { printf '\n%s\n' "$*" >&2; exit 1; }

find_python() {
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
}

# The whole lock belongs to the stamp: a changed pin, or a moved directory, means a new installation.
stamp=$venv/.installed-$lock
wanted=$(pwd; cat "$lock")
# A link leads to the environment of another checkout, which keeps it current.
if [ -L $venv ] && [ -x $venv/bin/python ]; then exit 0; fi
if [ -x $venv/bin/python ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then exit 0; fi

python=$(find_python)
[ -n "$python" ] || fail "School Diary needs Python 3.11 or newer; found: $(python3 --version 2>&1 || echo none).
Install it (Debian, Ubuntu: apt-get install python3 python3-venv) or name it: make PYTHON=/path/to/python3.11 run"
"$python" -c 'import ensurepip, venv' 2>/dev/null || fail "This Python has no venv module.
Install it (Debian, Ubuntu: apt-get install python3-venv, or python$("$python" -c \
    'import sys; print("%d.%d" % sys.version_info[:2])')-venv) and try again."

case $(uname -s)/$(uname -m) in
    Linux/x86_64 | Linux/aarch64) ;;
    *) fail "The embedded servers run on Linux x86_64 and aarch64. Elsewhere use: docker compose up" ;;
esac

if ! [ -x $venv/bin/python ] || [ "$(cat $venv/.home 2>/dev/null)" != "$(pwd)" ]; then
    echo "[1/2] Creating the Python environment in .venv ($("$python" --version))"
    "$python" -m venv --clear $venv
    pwd > $venv/.home
else
    echo "[1/2] Updating the Python environment in .venv"
fi

total=$(grep -c '==' "$lock")
echo "[2/2] Installing $total packages (about 200 MB on the first time)"
log=$venv/install.log
rm -f $venv/.failed
terminal=0
[ -t 1 ] && terminal=1
{ $venv/bin/python -m pip install --disable-pip-version-check --no-input --require-hashes \
    --only-binary :all: --no-binary font-roboto -r "$lock" 2>&1 || touch $venv/.failed; } | tee "$log" | awk -v total="$total" -v terminal="$terminal" '
    /^(Collecting|Requirement already satisfied:)/ {
        name = $1 == "Collecting" ? $2 : $4; sub(/[=;].*/, "", name); seen++
        if (terminal) printf "\r\033[K      %d/%d %s", seen, total, name
        else if (seen % 10 == 0) printf "      %d/%d\n", seen, total
        fflush()
    }
    /^Installing collected packages/ {
        printf terminal ? "\r\033[K      unpacking" : "      unpacking\n"; fflush()
    }
    END { if (terminal) printf "\r\033[K" }'
if [ -f $venv/.failed ]; then
    tail -15 "$log" >&2
    fail "The packages could not be installed; the whole output is in $log"
fi
printf '%s\n' "$wanted" > "$stamp"
