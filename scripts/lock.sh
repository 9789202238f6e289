#!/bin/sh
# Compile the hash-pinned locks. Arguments go to uv: lock.sh --upgrade, lock.sh --upgrade-package starlette
#
# The locks name no package index and no path, so that they install the same from any index.
set -eu
cd "$(dirname "$0")/.."

compile() {
    .venv/uv/bin/uv --quiet --system-certs pip compile --universal --python-version 3.11 \
        --generate-hashes --no-emit-index-url --no-header "$@"
}

compile "$@" pyproject.toml --output-file requirements/run.lock
compile "$@" pyproject.toml --extra demo --group dev \
    --constraint requirements/run.lock --output-file requirements/dev.lock
compile "$@" requirements/bootstrap.in --output-file requirements/bootstrap.lock
compile "$@" requirements/tryton.in --output-file requirements/tryton.lock
