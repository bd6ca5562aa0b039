"""Files of other tools, on the whole way: out of a project, into another, and the same again."""

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from articles.annotations.services import change_annotation
from articles.datasets.sources import Live, about, written
from articles.datasets.verification import verify
from articles.desk.models import Project, Role, User
from articles.formats.registry import FORMATS
from articles.formats.shapes import Found
from articles.imports.models import ImportLine
from articles.review.submission_services import submit_layer
from tests.desk.people import join, make_project
from tests.factories import make_annotation, make_article, make_layer, make_relation
from tests.imports.runs import taken
from tests.review.disputes import make_desk

pytestmark = pytest.mark.django_db

#: An emoji, an accent that stays apart, Arabic, and a line's end in the midst of a span.
TEXT = "📰 Strike off\n\n“Nobody asked 👩‍🚒 us,” said x\u0323 Zoë.\nقال: نعم.\n"


def busy_project() -> tuple[Project, list[User]]:
    """A project with an article by two people, one of whom has submitted, and one without work."""
    project, people, _ = make_desk()
    article = make_article(project, TEXT, external_id="wire-7", metadata={"desk": "local"})
    make_article(project, "Nobody has read this\n\nIt is short.")
    ada, ben = (make_layer(article, who) for who in people)
    quote = make_annotation(ada, "“Nobody asked 👩‍🚒 us,”")
    change_annotation(
        actor=people[0], annotation=quote, version=1, attributes={"form": "direct"},
        note="See the tape 📼\nTwice.", unsure=True,
    )  # fmt: skip
    make_annotation(ada, "“Nobody asked 👩‍🚒 us,”", label="claim")
    source = make_annotation(ada, "Zoë", label="source")
    make_relation(source=quote, target=source)
    make_relation(source=make_annotation(ada, "قال", label="claim"), target_name="the ministry")
    make_annotation(ben, "said x\u0323 Zoë.\nقال: نعم", label="claim")
    make_annotation(ben, "Nobody asked 👩‍🚒 us,” said")
    submit_layer(actor=people[1], layer=ben)
    return project, people


def sent(name: str, options: dict[str, str]) -> tuple[Project, Project, Iterator[Found]]:
    """A busy project, another one with the same people, and for that a file in a format."""
    project, people = busy_project()
    form = FORMATS[name]
    file = b"".join(written(Live(project), form, about(project, "https://desk.example", options)))
    target = make_project("Target")
    for who in people:
        join(target, who, Role.ANNOTATOR)
    return project, target, form.read(io.BytesIO(file))


def told(project: Project) -> list[dict[str, Any]]:
    """What the project's export says, without ids that are new wherever something comes in."""
    records = [json.loads(line) for line in Live(project).lines()]
    for record in records:
        spans = {
            one["id"]: (one["layer"], one["label"], one["start"]) for one in record["annotations"]
        }
        for one in (record, *record["annotations"], *record["relations"]):
            del one["id"]
        for one in record["relations"]:
            one |= {"from": spans[one["from"]], "to": spans.get(one["to"])}
        for key in ("annotations", "relations", "layers"):
            record[key].sort(key=str)
    return records


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("labelstudio", {}),
        ("doccano", {"offsets": "utf_16"}),
        ("prodigy", {}),
        ("brat", {}),
        ("spacy", {"as": "jsonl"}),
    ],
)
def test_what_goes_out_comes_in_as_it_was(name: str, options: dict[str, str]) -> None:
    project, target, readable = sent(name, options)

    for found in readable:
        line = taken(target, found)
        assert line.outcome == ImportLine.Outcome.CREATED, line.detail

    assert told(target) == told(project)
    assert verify(target) == []


@pytest.mark.parametrize(
    ("name", "options", "kept"),
    [
        ("w3c", {}, ["claim", "claim", "claim", "quote", "quote", "source"]),
        ("spacy", {"as": "docbin"}, ["claim", "claim", "claim", "quote", "quote", "source"]),
        ("conll", {"scheme": "bilou"}, ["claim", "claim", "quote", "source"]),
    ],
)
def test_formats_that_have_no_place_for_all_keep_every_span_that_they_take(
    name: str, options: dict[str, str], kept: list[str]
) -> None:
    project, target, readable = sent(name, options)

    (found,) = readable

    line = taken(target, found)
    assert line.outcome == ImportLine.Outcome.CREATED, line.detail
    (back,) = told(target)
    (there,) = (record for record in told(project) if record["annotations"])
    keys = ("layer", "label", "start", "end", "quote")
    spans = [{key: one[key] for key in keys} for one in there["annotations"]]
    assert (back["text"], back["sha256"], back["blocks"]) == (
        there["text"], there["sha256"], there["blocks"],
    )  # fmt: skip
    assert sorted(one["label"] for one in back["annotations"]) == kept
    assert all({key: one[key] for key in keys} in spans for one in back["annotations"])
    assert back["relations"] == ([] if name == "conll" else there["relations"])
    assert verify(target) == []


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ("doccano", {"text": "Argus buys Bugle", "label": [[0, 5, "source"]]}),
        ("prodigy", {"text": "Argus buys Bugle", "spans": [], "answer": "accept"}),
        ("jsonl", {"text": "Argus buys Bugle", "annotations": []}),
    ],
)
def test_what_was_annotated_may_be_a_headline_alone(form: str, line: dict[str, Any]) -> None:
    project = make_project()

    for found in FORMATS[form].read(io.BytesIO(json.dumps(line).encode())):
        taken(project, found)

    [record] = told(project)
    assert record["text"] == "Argus buys Bugle"
