"""Faults brought about on purpose: killed processes, stolen ports, torn files."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsdesk import embedded


def new_folder() -> Path:
    """A folder with a short path that every user of the machine may enter."""
    folder = Path(tempfile.mkdtemp(prefix="newsdesk-test-", dir="/tmp"))
    folder.chmod(0o755)
    return folder


@pytest.fixture(scope="session")
def stopped_server() -> Iterator[Path]:
    """A data folder whose server has run and stopped."""
    folder = new_folder()
    with embedded.use(folder):
        pass
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder for one test."""
    folder = new_folder()
    yield folder
    for socket in folder.rglob("socket"):  # may be a link to one with a shorter path
        shutil.rmtree(socket.resolve())
    shutil.rmtree(folder)


@pytest.fixture
def data(folder: Path, stopped_server: Path) -> Path:
    """A data folder whose server has run and stopped, for one test."""
    subprocess.run(["cp", "-a", stopped_server / "postgres", folder], check=True)
    return folder
