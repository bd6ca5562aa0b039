"""The whole API, as its own document describes it, against somebody who tries everything."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.api.calls import token_of
from tests.desk.people import make_project, manager_of
from tests.factories import make_article
from tests.review.listening import newsdesk

pytestmark = pytest.mark.django_db(transaction=True)

CHECKS = Path(__file__).with_name("schemathesis.toml")


def test_every_answer_is_one_that_the_document_names(tmp_path: Path) -> None:
    project = make_project("Harbour inquiry")
    make_article(project)
    token = token_of(manager_of(project))
    with newsdesk(NEWSDESK_API_RATE="0") as (_, address):
        ran = subprocess.run(
            [
                sys.executable, "-m", "schemathesis.cli", "--config-file", CHECKS,
                "run", f"{address}/api/v1/openapi.json",
                "--header", f"Authorization: Bearer {token}",
                "--phases", "examples,coverage,fuzzing,stateful",
                "--max-examples", "3", "--seed", "7", "--no-shrink", "--warnings", "off",
            ],
            cwd=tmp_path,
            env={
                **os.environ,
                "PYTHONPATH": str(CHECKS.parents[2]),
                "SCHEMATHESIS_HOOKS": "tests.api.schemathesis_hooks",
            },
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip

    assert ran.returncode == 0, ran.stdout[-8000:]
    assert "Coverage" in ran.stdout
