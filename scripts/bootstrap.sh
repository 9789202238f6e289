#!/bin/sh
# Make a virtual environment that holds exactly what a lock names: bootstrap.sh [DIRECTORY LOCK]
#
# Needs Python 3.11 or later (another than python3: PYTHON=/path/to/it) and a package index. No root; writes
# nothing outside the working tree but the installers' caches. Wheels only, each checked against its hash.
# Does nothing when DIRECTORY already holds this lock, which its stamp, a SHA-256, tells.
set -eu
cd "$(dirname "$0")/.."

directory=${1:-.venv}
lock=${2:-requirements/dev.lock}
stamp=$directory/.installed
uv_home=.venv/uv # beside the packages, where installing a lock cannot remove it

say() {
    echo "bootstrap: $*" >&2
}

fail() {
    say "$@"
    exit 1
}

sha256() {
    if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi
}

is_recent_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        is_recent_enough "$PYTHON" || fail "PYTHON=$PYTHON is not Python 3.11 or later."
        echo "$PYTHON"
        return
    fi
    for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
        if is_recent_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    fail "needs Python 3.11 or later and found $(python3 --version 2>&1 || true)." \
        "Install one, or name it: make PYTHON=/path/to/python3.12"
}

version_of() {
    "$1" -c 'import sys; print(sys.version_info[:2])' 2>/dev/null || true
}

# An environment of another version than the one asked for by name is made anew.
is_usable() {
    is_recent_enough "$directory/bin/python" &&
        { [ -z "${PYTHON:-}" ] || [ "$(version_of "$PYTHON")" = "$(version_of "$directory/bin/python")" ]; }
}

make_environment() {
    python=$(find_python)
    rm -rf "$directory"
    "$python" -m venv "$directory" ||
        fail "$python could not make $directory. On Debian and Ubuntu: apt-get install python3-venv"
}

pip_install() {
    "$directory/bin/python" -m pip --disable-pip-version-check --quiet install \
        --require-hashes --no-deps --only-binary :all: "$@"
}

install_with_uv() {
    pip_install --upgrade --target "$uv_home" --requirement requirements/bootstrap.lock &&
        "$uv_home/bin/uv" --quiet --system-certs pip sync --python "$directory/bin/python" \
            --require-hashes --no-build --compile-bytecode "$lock"
}

install_with_pip() {
    make_environment
    pip_install --compile --requirement "$lock"
}

wanted=$(sha256 "$lock" requirements/bootstrap.lock scripts/bootstrap.sh)
if is_usable; then
    [ "$wanted" != "$(cat "$stamp" 2>/dev/null)" ] || exit 0
else
    make_environment
fi

say "installing $lock into $directory"
if ! install_with_uv; then
    say "uv did not work here; pip takes a minute longer"
    install_with_pip || fail "could not install $lock: the reason stands above."
fi
echo "$wanted" >"$stamp"
