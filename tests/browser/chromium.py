"""Find a Chromium for the browser tests, or get one: ``python -m tests.browser.chromium``."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = ("Chromium", "Google Chrome")


def find() -> str | None:
    """The path of a Chromium that runs: the system's if it has one, else Playwright's."""
    places = [shutil.which(name) for name in NAMES]
    places += [f"/Applications/{name}.app/Contents/MacOS/{name}" for name in MAC]
    with sync_playwright() as playwright:
        places.append(playwright.chromium.executable_path)
    return next((place for place in places if place and _runs(place)), None)


def _runs(place: str) -> bool:
    # Some are only a script that says how to install the real one.
    return Path(place).exists() and _done(place, "--version")


def _done(*command: str) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def main() -> None:
    """Make sure that there is a Chromium, or say that none can be had."""
    if find():
        return
    sys.stdout.write("Getting Chromium\n")
    _done(sys.executable, "-m", "playwright", "install", "chromium")
    if not find() and os.geteuid() == 0 and shutil.which("apt-get"):
        _done("apt-get", "update")
        _done("apt-get", "install", "--yes", "chromium")
    if not find():
        sys.exit("newsdesk: the browser tests need Chromium, and it could not be installed.")


if __name__ == "__main__":
    main()
