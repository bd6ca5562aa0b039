"""A client of another server, from npm, at work with ours from beginning to end."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer

from articles.annotations.models import Annotation
from tests.api.calls import caller
from tests.desk.people import make_project, manager_of
from tests.factories import make_article

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS = Path(__file__).parent / "clients"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A script beside the client that it uses, as the lock has it."""
    folder = tmp_path_factory.mktemp("clients")
    for name in ("package.json", "package-lock.json", "anno_store.js"):
        shutil.copy(CLIENTS / name, folder)
    subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
        cwd=folder,
        check=True,
    )
    return folder / "anno_store.js"


def test_anno_store_http_makes_reads_lists_revises_and_deletes(
    live_server: LiveServer, client: Path
) -> None:
    article = make_article(make_project("Harbour inquiry"))
    token = caller(manager_of(article.project)).headers["Authorization"].removeprefix("Bearer ")
    text = f"{live_server.url}/api/v1/articles/{article.pk}/text"

    done = subprocess.run(
        ["node", str(client), live_server.url, token, article.project.slug, text],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    annotation = Annotation.objects.get()
    iri = f"{live_server.url}/w3c/{article.project.slug}/{annotation.pk}"
    assert json.loads(done.stdout) == {
        "mine": iri,
        "exact": "Zoë Hart",
        "revised": "claim",
        "kept": "http://elsewhere.example/",
        "listed": 2,
        "gone": 410,
        "nowhere": 404,
        "left": [iri],
    }
    assert annotation.label.key == "claim"
