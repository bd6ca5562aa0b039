"""Two checkers of the W3C's rules, which nobody here wrote, against our server.

They lie in the folder ``shared`` beside the repository.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from articles.desk.models import Project
from tests.desk.people import make_project, manager_of
from tests.factories import make_annotation, make_article, make_layer, make_relation
from tests.w3c.calls import Program, bookmark, on

pytestmark = pytest.mark.django_db(transaction=True)

CHECKERS = Path(__file__).parents[3] / "shared" / "w3c"
#: What a server does not do that leaves TLS to its proxy and speaks JSON-LD alone.
NOT_DONE = {"https", "Accept: text/turtle answers Turtle"}

#: The forms of a container, by what is preferred.
FORMS = [
    ("ldp#PreferMinimalContainer",),
    ("oa#PreferContainedIRIs",),
    ("oa#PreferContainedDescriptions",),
    ("ldp#PreferMinimalContainer", "oa#PreferContainedIRIs"),
]


def checked(checker: str, *arguments: str) -> Any:
    """The report of a checker."""
    path = CHECKERS / checker
    assert path.exists(), f"The checker is missing: {checker} belongs in {path.parent}"
    command = [sys.executable, str(path), *arguments, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode < 2, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def project() -> Project:
    """A project with a few annotations."""
    project = make_project("Harbour inquiry")
    make_relation(make_layer(make_article(project)))
    return project


def test_the_protocol_is_spoken_in_all_that_it_demands_and_advises(
    live_server: LiveServer, project: Project
) -> None:
    layer = make_layer(make_article(project))
    for start in range(110):  # more than a page
        make_annotation(layer, label="claim", span=(start, start + 2))
    token = Program(manager_of(project)).headers["Authorization"]

    statements = checked(
        "protocol_check.py",
        f"{live_server.url}/w3c/{project.slug}/",
        *("--header", f"Authorization: {token}"),
    )

    assert len(statements) >= 70
    failed = {one["text"]: one["note"] for one in statements if not one["ok"]}
    assert failed.keys() <= NOT_DONE, failed


def test_whatever_is_given_out_is_valid(project: Project, tmp_path: Path) -> None:
    program = Program(manager_of(project))
    article = make_article(project)
    comment = {"type": "TextualBody", "purpose": "commenting", "value": "See the tape"}
    body = [on(article, "Zoë Hart")["body"], comment, "http://elsewhere.example/tape"]
    program.post(project.slug, on(article, "Zoë Hart", body=body, rights="http://cc.example/by"))
    program.post(project.slug, bookmark(body=comment))
    path = f"{project.slug}/"
    page = program.get(f"{path}?page=0").json()
    annotations = [program.get(one["id"]).json() for one in page["items"]]
    forms = [program.get(path, Prefer=prefer(*kinds)).json() for kinds in FORMS]

    assert len(annotations) == 4
    for number, document in enumerate([annotations, page, *forms]):
        (tmp_path / f"{number}.json").write_text(json.dumps(document))
        report = checked("check.py", str(tmp_path / f"{number}.json"))
        assert not failed_musts(report)
    text = tmp_path / "text.txt"
    text.write_text(article.revision.body)
    of_article = [one for one in annotations if str(article.pk) in json.dumps(one["target"])]
    (tmp_path / "own.json").write_text(json.dumps(of_article))
    assert not failed_musts(checked("check.py", str(tmp_path / "own.json"), "--text", str(text)))


def prefer(*kinds: str) -> str:
    included = " ".join(f"http://www.w3.org/ns/{kind}" for kind in kinds)
    return f'return=representation; include="{included}"'


def failed_musts(report: Any) -> list[Any]:
    """What a report says that must be and is not."""
    results = [one for found in report["objects"] for one in found["results"]]
    return [one for one in results if one["level"].endswith("must") and not one["ok"]]
