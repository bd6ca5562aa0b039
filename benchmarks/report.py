"""Put a measured table into docs/performance.md, between the markers of its section."""

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "performance.md"


def write_section(name: str, table: str) -> None:
    """Replace what stands between ``<!-- name -->`` and ``<!-- /name -->`` with ``table``.

    Raises:
        SystemExit: if the page has no such section.
    """
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    measured = f"_Measured {datetime.now(UTC):%Y-%m-%d} on {machine}._"
    page = PAGE.read_text()
    section = f"<!-- {name} -->\n{table}\n\n{measured}\n<!-- /{name} -->"
    changed, found = re.subn(
        rf"<!-- {name} -->.*?<!-- /{name} -->", lambda _: section, page, flags=re.DOTALL
    )
    if not found:
        raise SystemExit(f"{PAGE.name} has no section “{name}”.")
    PAGE.write_text(changed)
