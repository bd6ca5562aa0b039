"""What a deployment may set, read as a deployment sets it: in the environment of a new process."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TELL = """
import json
from newsdesk import settings as s
print(json.dumps({"data": str(s.DATA_DIR), "mailer": s.MAILERS["default"], "https": s.HTTPS}))
"""


def settings_with(**environment: str) -> Any:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("NEWSDESK_", "DATABASE"))}
    given = {"NEWSDESK_SECRET_KEY": "not kept", "DATABASE_URL": "postgres://nowhere/newsdesk"}
    done = subprocess.run(
        [sys.executable, "-c", TELL],
        env={**inherited, **given, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_an_empty_data_folder_is_the_usual_one() -> None:
    assert settings_with(NEWSDESK_DATA="")["data"] == str(ROOT / "var")


def test_a_data_folder_that_is_named_is_taken(tmp_path: Path) -> None:
    assert settings_with(NEWSDESK_DATA=str(tmp_path))["data"] == str(tmp_path)


def test_without_a_mail_server_mail_goes_to_the_console() -> None:
    assert settings_with()["mailer"] == {
        "BACKEND": "django.core.mail.backends.console.EmailBackend"
    }


@pytest.mark.parametrize(
    ("port", "tls", "ssl"), [("", True, False), (":25", False, False), (":465", False, True)]
)
def test_a_mail_server_is_spoken_to_as_its_port_asks(port: str, tls: bool, ssl: bool) -> None:
    mailer = settings_with(NEWSDESK_MAIL_URL=f"smtp://desk:p%40ss@mail.example.org{port}")["mailer"]

    assert mailer == {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": "mail.example.org",
            "port": int(port.removeprefix(":") or 587),
            "username": "desk",
            "password": "p@ss",
            "use_tls": tls,
            "use_ssl": ssl,
            "timeout": 10,
        },
    }
