#!/bin/sh
# The page of GraphiQL: graphiql.sh build makes gateway/static/graphiql from graphiql/, graphiql.sh check makes it again
# elsewhere and compares.
#
# Node comes from the environment, the packages from what package-lock.json names; both are kept in .cache.
set -eu
cd "$(dirname "$0")/.."

built=gateway/static/graphiql
place=.cache/graphiql

make_page() {
    node=$(.venv/bin/python -c 'from tests.support import node; print(node.find().program)')
    packages=$(.venv/bin/python -c 'from pathlib import Path; from tests.support import node; print(node.installed(Path("graphiql")))')
    rm -rf "$place"
    cp -R graphiql "$place"
    ln -s "$packages/node_modules" "$place/node_modules"
    (
        cd "$place"
        "$node" node_modules/typescript/bin/tsc
        "$node" notices.js
        "$node" node_modules/vite/bin/vite.js build --logLevel error
    )
}

case ${1:-} in
build)
    make_page
    rm -rf "$built"
    cp -R "$place/dist" "$built"
    ;;
check)
    make_page
    diff -rq "$place/dist" "$built" || {
        echo "graphiql: $built is not what graphiql/ makes; run scripts/graphiql.sh build" >&2
        exit 1
    }
    ;;
*)
    echo "usage: graphiql.sh build|check" >&2
    exit 2
    ;;
esac
