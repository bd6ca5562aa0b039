"""Readers that nobody here wrote, in the environment of their own that ``make test`` makes."""

import subprocess
from pathlib import Path

PYTHON = Path(__file__).parents[2] / ".venv-clients" / "bin" / "python"


def said_by(script: str, folder: Path) -> str:
    """What ``script`` prints, run by their Python in ``folder``."""
    done = subprocess.run(
        [PYTHON, "-W", "ignore", "-c", script],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
