"""The Python client, against a running server, and its examples as whole programs."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import get_type_hints

import pytest
from newsdesk_client import Annotation, Newsdesk, Problem, Record, Relation
from newsdesk_client import Suggestion as ProposedSpan

from articles.formats.shapes import AnnotationRecord, ArticleRecord, RelationRecord
from articles.suggestions.models import Suggestion
from tests.clients.conftest import Desk
from tests.review.disputes import QUOTE, SOURCE

pytestmark = pytest.mark.django_db(transaction=True)

CLIENT = Path(__file__).parents[2] / "clients/python"
EXAMPLES = sorted((CLIENT / "examples").glob("*.py"))


def test_records_say_what_was_said_and_where(desk: Desk, newsdesk: Newsdesk) -> None:
    records = list(newsdesk.project(desk.project.slug).records(layers="gold"))

    assert {one["title"] for one in records} == {desk.article.title, desk.waiting.title}
    gold = next(one for one in records if one["id"] == str(desk.article.pk))
    assert [one["quote"] for one in gold["annotations"]] == [QUOTE, SOURCE]
    assert all(
        gold["text"][one["start"] : one["end"]] == one["quote"] for one in gold["annotations"]
    )


def test_the_client_knows_every_field_that_the_server_writes() -> None:
    # It is installed without the server, so it has shapes of its own.
    assert get_type_hints(Annotation) == get_type_hints(AnnotationRecord)
    assert get_type_hints(Relation) == get_type_hints(RelationRecord)
    assert list(get_type_hints(Record)) == list(get_type_hints(ArticleRecord))


def test_a_frame_has_a_row_an_annotation(desk: Desk, newsdesk: Newsdesk) -> None:
    frame = newsdesk.project(desk.project.slug).frame(layers="gold")

    assert list(frame["label"]) == ["quote", "source"]
    assert set(frame["article"]) == {str(desk.article.pk)}


def test_records_are_of_the_articles_that_were_asked_for(desk: Desk, newsdesk: Newsdesk) -> None:
    project = newsdesk.project(desk.project.slug)

    def found(**choice: str) -> list[str]:
        return [one["id"] for one in project.records(**choice)]

    assert found(label="quote", layers="gold") == [str(desk.article.pk)]
    assert found(updated_since="2100-01-01T00:00:00Z") == []
    with pytest.raises(Problem) as refused:
        found(status="lost")
    assert (refused.value.status, refused.value.code) == (422, "invalid")


def test_a_dataset_has_a_row_an_article(desk: Desk, newsdesk: Newsdesk) -> None:
    dataset = newsdesk.project(desk.project.slug).dataset(layers="gold")

    assert sorted(len(one) for one in dataset["annotations"]) == [0, 2]


def test_a_snapshot_says_what_it_is_and_gives_its_records(
    desk: Desk, newsdesk: Newsdesk, tmp_path: Path
) -> None:
    (snapshot,) = newsdesk.project(desk.project.slug).snapshots()

    about = snapshot.about()
    path = snapshot.download(tmp_path / "gold.jsonl", "jsonl")

    assert (about["name"], about["status"]) == ("Gold", "ready")
    assert hashlib.sha256(path.read_bytes()).hexdigest() == about["hash"]
    assert [one["quote"] for one in snapshot.rows()] == [QUOTE, SOURCE]


def test_a_download_is_whole_or_not_there(desk: Desk, newsdesk: Newsdesk, tmp_path: Path) -> None:
    project = newsdesk.project(desk.project.slug)
    path = project.download(tmp_path / "gold.jsonl", "jsonl", layers="gold")
    with pytest.raises(Problem) as refused:
        project.download(tmp_path / "gold.doc", "word")

    assert path.read_bytes().count(b"\n") == 2
    assert (refused.value.status, refused.value.code) == (422, "invalid")
    assert [one.name for one in tmp_path.iterdir()] == ["gold.jsonl"]


def test_what_goes_in_can_be_sent_twice(desk: Desk, newsdesk: Newsdesk) -> None:
    project = newsdesk.project(desk.project.slug)
    own = "0199f3c2-0000-7000-8000-00000000abcd"
    first = project.add_article("Ferry back\n\nIt sails again.", id=own, title="Ferry back")
    again = project.add_article("Ferry back\n\nIt sails again.", id=own, title="Ferry back")

    assert first == again
    assert project.text(first["id"]) == "Ferry back\n\nIt sails again."
    assert len(list(project.articles())) == 3


def test_a_record_is_a_line_whatever_is_in_it(desk: Desk, newsdesk: Newsdesk) -> None:
    project = newsdesk.project(desk.project.slug)
    kicker = "Quay\u2028opens\x85today\u2029\x1c!"  # each of them a line's end, says Unicode
    project.add_article("Ferry back\n\nIt sails again.", metadata={"kicker": kicker})

    assert kicker in [record["metadata"].get("kicker") for record in project.records()]


def test_a_suggestion_is_made_once_an_origin(desk: Desk, newsdesk: Newsdesk) -> None:
    project = newsdesk.project(desk.project.slug)
    text = project.text(str(desk.waiting.pk))
    start = text.index("“At last,”")
    span: ProposedSpan = {
        "label": "quote", "start": start, "end": start + 10, "quote": "“At last,”", "score": 0.9,
    }  # fmt: skip

    for _ in range(2):
        assert project.suggest(str(desk.waiting.pk), [span], origin="t") == 1

    made = Suggestion.objects.get()
    assert (made.article, made.start, made.score) == (desk.waiting, start, 0.9)


def test_the_feed_is_read_to_its_end_and_gone_on_with(desk: Desk, newsdesk: Newsdesk) -> None:
    project = newsdesk.project(desk.project.slug)
    so_far = list(project.events())
    project.add_article("Ferry back\n\nIt sails again.")
    since = list(project.events(after=so_far[-1]["cursor"]))

    assert [one["kind"] for one in since] == ["article.imported"]


def test_a_refusal_says_what_it_was(newsdesk: Newsdesk) -> None:
    with pytest.raises(Problem, match="nothing here") as refused:
        list(newsdesk.project("elsewhere").records())

    assert (refused.value.status, refused.value.code) == (404, "not_found")


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client where pip puts it, without what it needs, which is here."""
    target = tmp_path_factory.mktemp("site")
    source = shutil.copytree(CLIENT, tmp_path_factory.mktemp("source") / "client")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation",
         "--no-index", "--disable-pip-version-check", "--target", target, source],
        check=True,
    )  # fmt: skip
    return target


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_run(desk: Desk, installed: Path, example: Path, tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, example],
        env={
            **os.environ,
            "PYTHONPATH": str(installed),
            "HF_HOME": str(tmp_path),
            "NEWSDESK_URL": desk.url,
            "NEWSDESK_TOKEN": desk.token,
            "NEWSDESK_PROJECT": desk.project.slug,
        },
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip()
