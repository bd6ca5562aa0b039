#!/bin/sh
# Everything a change must pass, quickest first; stops at the first failure.
set -eu
bin=.venv/bin
# Tests start many processes, and each would compile all of Newsdesk anew.
unset PYTHONDONTWRITEBYTECODE

stage() {
    echo "== $1"
    shift
    "$@"
}

stage "Style" "$bin/ruff" check --quiet
stage "Format" "$bin/ruff" format --check --quiet
# The types need the settings, but no database and no secret.
stage "Types" env DATABASE_URL=postgresql:///none NEWSDESK_SECRET_KEY=none "$bin/mypy"
stage "Browser" "$bin/python" -m tests.browser.chromium
# tests/real needs files from beside the project; .ci/run runs it.
stage "Tests" "$bin/python" -m pytest --ignore tests/real --numprocesses 2 --dist worksteal --quiet
