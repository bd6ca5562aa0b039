"""Look at processes from outside, and use an embedded server from another one."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import psutil

PATIENCE = 30.0  # seconds
POLL = 0.02  # seconds
USE = """
import sys
from pathlib import Path
from newsdesk import embedded

with embedded.use(Path(sys.argv[1])) as server:
    print(server.dsn, flush=True)
    sys.stdin.read()
"""


def eventually(condition: Callable[[], bool]) -> bool:
    """Whether it comes true before our patience ends."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL)
    return True


def runs(pid: int) -> bool:
    """Whether there is such a process, and it is no zombie."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def server_pid(data: Path) -> int:
    """The process of the server in ``data``, by its own account."""
    return int((data / "postgres" / "cluster" / "postmaster.pid").read_text().split("\n")[0])


def about(data: Path) -> list[psutil.Process]:
    """All processes whose command line names something in ``data``."""
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(part.startswith(str(data)) for part in process.info["cmdline"] or [])
    ]


class OtherUser:
    """Another process that uses the server in ``data`` until it is told to leave."""

    def __init__(self, data: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", USE, str(data)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def dsn(self) -> str:
        """The server's address, once it is up."""
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def leave(self) -> None:
        """End as programs should."""
        self.process.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.communicate()
