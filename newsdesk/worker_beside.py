"""A worker beside the web process: it is started anew when it dies, and never outlives us.

It reads a pipe of ours, which the kernel closes however we end: that tells it to stop.
"""

import os
import signal
import subprocess
import sys
import threading
from typing import Self

PAUSE = 2.0  # seconds between a worker that died and the next
PATIENCE = 15.0  # seconds that it may take to stop; it gives its jobs less
#: What it is started with.
COMMAND = [sys.executable, "-m", "newsdesk", "worker", "--beside"]


class WorkerBeside:
    """Keeps one worker running, from entering to leaving."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._changing = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, name="worker", daemon=True)

    def __enter__(self) -> Self:
        self._keeper.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._changing:
            self._stopping.set()
        if self._process and self._process.stdin:
            self._process.stdin.close()
            try:
                self._process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._keeper.join()

    def _keep(self) -> None:
        while not self._stopping.is_set():
            with self._changing:
                if self._stopping.is_set():
                    return
                # In a session of its own: Ctrl-C is for us, and we tell it.
                self._process = subprocess.Popen(
                    COMMAND, stdin=subprocess.PIPE, start_new_session=True
                )
            self._process.wait()
            self._stopping.wait(PAUSE)


def stop_with_parent() -> None:
    """In the worker: be told to stop, as by SIGTERM, when whoever started it ends."""
    threading.Thread(target=_wait_for_end, name="parent", daemon=True).start()


def _wait_for_end() -> None:
    os.read(0, 1)  # nothing ever comes
    os.kill(os.getpid(), signal.SIGTERM)
