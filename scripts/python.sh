#!/bin/sh
# Print the path of a Python that can run Newsdesk: 3.12 or newer, with venv and pip inside.
# python3 may be an older one, so look wherever Pythons usually are and try each.
set -u

candidates() {
    for name in python3.14 python3.13 python3.12 python3 python; do
        command -v "$name"
    done
    if command -v uv >/dev/null; then
        uv python find --system --no-python-downloads '>=3.12'
    fi
    for folder in \
        "${UV_PYTHON_INSTALL_DIR:-${HOME:-}/.local/share/uv/python}"/* \
        "${PYENV_ROOT:-${HOME:-}/.pyenv}"/versions/* \
        /opt/homebrew /usr/local /usr "${HOME:-}/.local" \
        /Library/Frameworks/Python.framework/Versions/*; do
        for name in python3.14 python3.13 python3.12 python3; do
            test -x "$folder/bin/$name" && echo "$folder/bin/$name"
        done
    done
}

found=$(candidates 2>/dev/null)
bare=
IFS='
'
for python in $found; do
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null || continue
    if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        echo "$python"
        exit
    fi
    bare=$python
done

if [ -n "$bare" ]; then
    echo "newsdesk: $bare lacks venv. On Debian and Ubuntu: apt install python3-venv" >&2
else
    echo "newsdesk: no Python 3.12 or newer was found. Install one, from your system's packages," \
        "https://www.python.org/downloads/ or with: uv python install 3.13" >&2
fi
exit 1
