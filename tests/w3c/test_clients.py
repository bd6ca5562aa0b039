"""Clients of other servers, which nobody here wrote, at work with ours from beginning to end.

They live in an environment of their own, and so in a process of their own.
"""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from articles.annotations.models import Annotation
from articles.desk.models import User
from articles.intake.models import Article
from articles.w3c.container_queries import PAGE_SIZE
from articles.w3c.models import WebAnnotation
from articles.w3c.received import receive
from articles.w3c.services import add_entry
from tests.api.calls import caller
from tests.desk.people import make_project, manager_of
from tests.factories import make_article
from tests.w3c.calls import bookmark

pytestmark = pytest.mark.django_db(transaction=True)

#: Annotations that are there already.
MANY = PAGE_SIZE + 5
PYTHON = Path(__file__).parents[2] / ".venv-clients" / "bin" / "python"

ANNOREPO = """
import json, sys
from annorepo.client import AnnoRepoClient

home, token, container, text = sys.argv[1:]
with AnnoRepoClient(home, api_key=token) as client:
    adapter = client.container_adapter(container)
    nowhere = client.container_adapter("nowhere").exists()
    opened = adapter.create(label="Mine")
    quote = {
        "@context": "http://www.w3.org/ns/anno.jsonld", "type": "Annotation",
        "body": {"type": "TextualBody", "purpose": "tagging", "value": "source"},
        "target": {"source": text, "selector": {"type": "TextQuoteSelector", "exact": "Zoë Hart"}},
    }
    mine = adapter.add_annotation(quote, "our-source")
    page = {"type": "Annotation", "target": "http://elsewhere.example/"}
    adapter.add_annotation(page, "elsewhere")
    paged = [one["id"].rpartition("/")[2] for one in adapter.read_annotations()]
    read = adapter.read_annotation("our-source")
    read.annotation["body"] = [
        {"type": "TextualBody", "purpose": "tagging", "value": "claim"},
        {"type": "TextualBody", "purpose": "commenting", "value": "Sells fish"},
    ]
    changed = adapter.update_annotation("our-source", read.etag, read.annotation)
    try:
        adapter.update_annotation("our-source", read.etag, read.annotation)
        stale = "taken"
    except Exception as error:
        stale = str(error)
    last = adapter.read_annotation("elsewhere")
    deleted = adapter.delete_annotation("elsewhere", last.etag)
    print(json.dumps({
        "nowhere": nowhere, "opened": opened.uuid, "mine": mine.uuid,
        "paged": paged, "changed": changed.annotation["body"][1]["value"], "stale": stale,
        "deleted": deleted, "left": len(list(adapter.read_annotations())),
    }))
"""

ELUCIDATE = """
import json, sys
from pyelucidate import pyelucidate as elucidate

home, token, container, text = sys.argv[1:]  # the token is in .netrc, where requests finds it
quote = {
    "type": "Annotation",
    "body": {"type": "TextualBody", "purpose": "tagging", "value": "source"},
    "target": {"source": text, "selector": {"type": "TextQuoteSelector", "exact": "Zoë Hart"}},
}
made, iri = elucidate.create_anno(home, quote, container=container)
page = {"type": "Annotation", "target": "http://elsewhere.example/"}
_, last = elucidate.create_anno(home, page, container=container)
refused, _ = elucidate.create_anno(home, dict(quote), container="of-nobody")
content, etag = elucidate.read_anno(iri)
content["body"] = {"type": "TextualBody", "purpose": "tagging", "value": "claim"}
changed = elucidate.update_anno(iri, content, etag, dry_run=False)
stale = elucidate.update_anno(iri, content, etag, dry_run=False)
items = [one["id"] for one in elucidate.get_items(f"{home}/annotation/w3c/{container}/")]
_, etag = elucidate.read_anno(last)
deleted = elucidate.delete_anno(last, etag, dry_run=False)
print(json.dumps({
    "made": made, "refused": refused, "changed": changed, "stale": stale, "items": len(items),
    "different": len(set(items)), "first": items[0] == iri, "deleted": deleted,
    "gone": elucidate.read_anno(last)[0],
}))
"""


@dataclass
class Desk:
    """An article to annotate, in a project whose annotations fill more than a page."""

    server: str
    article: Article
    user: User
    token: str

    def run(self, program: str, **environment: str) -> Any:
        """What ``program`` prints, as a client of our server."""
        assert PYTHON.exists(), "scripts/install.sh clients makes it"
        text = f"{self.server}/api/v1/articles/{self.article.pk}/text"
        arguments = [self.server, self.token, self.article.project.slug, text]
        done = subprocess.run(
            [PYTHON, "-c", program, *arguments],
            capture_output=True,
            text=True,
            env={**os.environ, **environment},
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def desk(live_server: LiveServer) -> Desk:
    project = make_project("Harbour inquiry")
    user = manager_of(project)
    token = caller(user).headers["Authorization"].removeprefix("Bearer ")
    for number in range(MANY):
        add_entry(actor=user, project=project, received=receive(bookmark(number)), meant=None)
    return Desk(live_server.url, make_article(project), user, token)


def test_annorepo_client_makes_pages_changes_and_deletes(desk: Desk) -> None:
    said = desk.run(ANNOREPO)

    assert "returned 412" in said.pop("stale")
    paged = said.pop("paged")
    assert {"our-source", "elsewhere"} < set(paged)
    assert len(paged) == len(set(paged)) == MANY + 2
    assert said == {
        "nowhere": False,
        "opened": desk.article.project.slug,
        "mine": "our-source",
        "changed": "claim",
        "deleted": True,
        "left": MANY + 1,
    }
    annotation = Annotation.objects.get()
    assert (annotation.label.key, annotation.note) == ("claim", "Sells fish")
    assert annotation.layer.annotator == desk.user
    assert WebAnnotation.objects.get(annotation=annotation).name == "our-source"


def test_pyelucidate_makes_pages_changes_and_deletes(desk: Desk, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine localhost login token password {desk.token}\n")
    netrc.chmod(0o600)

    said = desk.run(ELUCIDATE, NETRC=str(netrc))

    assert said == {
        "made": 201,
        "refused": 404,  # its word for a container that it may not have
        "changed": 200,
        "stale": 412,
        "items": MANY + 2,
        "different": MANY + 2,
        "first": True,
        "deleted": 204,
        "gone": None,
    }
    assert Annotation.objects.get().label.key == "claim"
