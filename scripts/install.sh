#!/bin/sh
# Make an environment hold what requirements/$1.txt locks; a copy of the lock tells that it does.
# The clients have one of their own: they pin what Newsdesk does not.
set -eu
lock=requirements/$1.txt
case $1 in
    clients) venv=.venv-clients ;;
    *) venv=.venv ;;
esac
installed=$venv/installed-$1.txt

if $venv/bin/python -c '' 2>/dev/null && cmp -s "$lock" "$installed"; then
    exit
fi
if ! $venv/bin/python -m pip --version >/dev/null 2>&1; then
    python=$(sh scripts/python.sh)
    echo "Making $venv with $("$python" --version)"
    "$python" -m venv --clear $venv
fi
echo "Installing $lock"
$venv/bin/python -m pip install --quiet --quiet --disable-pip-version-check \
    --require-hashes --only-binary :all: --requirement "$lock"
cp "$lock" "$installed"
