"""Records that others write like ours: taken whole, or refused in words that say where."""

import hashlib
import io
from typing import Any

import pytest

from articles.annotations.models import Relation
from articles.datasets.verification import verify
from articles.desk.events import Event
from articles.desk.label_services import retire_label
from articles.desk.models import Role
from articles.formats.jsonl import LONGEST_LINE, read
from articles.formats.shapes import Found
from articles.imports.records import parse_record
from articles.intake.models import Article
from newsdesk.errors import NewsdeskError, NotAllowed
from tests.desk.people import join, label_of, make_project, make_user, manager_of
from tests.imports.runs import taken

TEXT = "📰 Quay opens\n\n“So,” said Zoë Hart."


def annotation(**changes: Any) -> dict[str, Any]:
    return {
        "id": "a1", "label": "quote", "start": 14, "end": 19, "quote": "“So,”", "layer": "ada",
        **changes,
    }  # fmt: skip


def source(**changes: Any) -> dict[str, Any]:
    return annotation(id="a2", label="source", start=25, end=33, quote="Zoë Hart", **changes)


def record(**changes: Any) -> dict[str, Any]:
    """A record with a quote linked to its source."""
    return {
        "text": TEXT,
        "annotations": [annotation(), source()],
        "relations": [{"type": "attributed_to", "from": "a1", "to": "a2"}],
        **changes,
    }


# --- lines ----------------------------------------------------------------------------------------


def test_a_bad_line_does_not_hide_the_next() -> None:
    lines = [
        b'\xef\xbb\xbf{"text": "a"}\n', b"\n", b"{not json}\n", b"[1]\n", b"\xff\xfe\n",
        b"[" * 100_000 + b"\n", b'{"n": ' + b"9" * 5_000 + b"}\n", b'{"text": "b"}',
    ]  # fmt: skip

    found = list(read(io.BytesIO(b"".join(lines))))

    nothing_to_store = "This line is not JSON that anybody could store."
    assert found == [
        Found(1, {"text": "a"}),
        Found(3, problem="This line is not JSON: Expecting property name enclosed in double quotes"
             " at column 2."),
        Found(4, problem="This line is JSON, but no object."),
        Found(5, problem="This line is not UTF-8."),
        Found(6, problem=nothing_to_store),
        Found(7, problem=nothing_to_store),
        Found(8, {"text": "b"}),
    ]  # fmt: skip


def test_a_line_without_end_takes_no_more_memory_than_a_long_one() -> None:
    file = io.BytesIO(b"x" * (2 * LONGEST_LINE + 5) + b'\n{"text": "a"}')

    assert list(read(file)) == [
        Found(1, problem="This line is longer than 67,108,864 bytes."),
        Found(2, {"text": "a"}),
    ]


# --- records --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        (record(text=None), "record_invalid", "text is missing"),
        (record(text=7), "record_invalid", "text must be a string"),
        (record(txet="?"), "record_invalid", "txet is no field of this record"),
        (record(offset_unit="utf-16"), "record_invalid", "offset_unit must be code_point"),
        (record(sha256="00"), "record_invalid", "sha256 is not that of the text"),
        (record(title="\0"), "record_invalid", "has a NUL"),
        (record(metadata={"a": ["\ud800"]}), "record_invalid", "has a NUL or half a character"),
        (record(metadata={"a": float("inf")}), "record_invalid", "has a number that is none"),
        (record(published_at="yesterday"), "record_invalid", "published_at must be a time"),
        (record(published_at="2026-11-22T09:30:00"), "record_invalid", "needs its time zone"),
        (record(placement="lost"), "record_invalid", "placement must be one of imported"),
        (record(text=TEXT.replace("\n", "\r\n")), "quote_mismatch", "at \\[14, 19\\) the text has"),
        (record(text=TEXT + "\r\n"), "record_invalid", "Newsdesk would change"),
        (record(blocks=[{"kind": "poem", "start": 0, "end": 3}]), "record_invalid",
         "blocks\\[0\\].kind must be one of headline"),
        (record(annotations={}), "record_invalid", "annotations must be a list"),
        (record(annotations=[7]), "record_invalid", "annotations\\[0\\] must be an object"),
        (record(annotations=[annotation(start=True)]), "record_invalid", "must be a whole number"),
        (record(annotations=[annotation(end=2**31)]), "record_invalid", "end is too large"),
        (record(annotations=[annotation(start=-1)]), "record_invalid", "start must be 0 or more"),
        (record(annotations=[annotation(layer=None)]), "record_invalid", "whose annotation is it"),
        (record(annotations=[annotation(start=19)]), "span_empty", "goes from 19 to 19"),
        (record(annotations=[annotation(end=99)]), "span_out_of_range", "the text at 34"),
        (record(annotations=[annotation(start=15, end=20)]), "quote_mismatch", "“So,” ”, not"),
        (record(annotations=[annotation(), annotation()]), "record_invalid", "the same id"),
        (record(annotations=[annotation(), annotation(id="b")], relations=[]),
         "duplicate_annotation", "annotations\\[1\\] says the same as annotations\\[0\\]"),
        (record(relations=[{"type": "attributed_to", "from": "a9", "to": "a2"}]),
         "record_invalid", "relations\\[0\\].from is no annotation"),
        (record(relations=[{"type": "attributed_to", "to": "a2"}]), "record_invalid",
         "relations\\[0\\].from is missing"),
        (record(relations=[{"type": "attributed_to", "from": "a1"}]), "relation_invalid",
         "either to or to_name"),
        (record(relations=[{"type": "attributed_to", "from": "a1", "to": "a1"}]),
         "relation_invalid", "to itself"),
        (record(annotations=[annotation(), source(layer="ben")]), "relation_invalid",
         "joins two layers"),
        (record(layers=[{"name": "ada"}, {"name": "ada"}]), "record_invalid", "is there twice"),
    ],
)  # fmt: skip
def test_a_record_that_makes_no_sense_is_refused(
    given: dict[str, Any], code: str, words: str
) -> None:
    with pytest.raises(NewsdeskError, match=words) as refusal:
        parse_record(given)

    assert refusal.value.code == code


def test_depth_has_an_end() -> None:
    deep: dict[str, Any] = {}
    for _ in range(60):
        deep = {"a": deep}

    with pytest.raises(NewsdeskError, match="nested too deeply"):
        parse_record(record(metadata=deep))


# --- into a project -------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        (record(annotations=[annotation(label="claims")], relations=[]), "label_unknown",
         "annotations[0]: this project has no label “claims”"),
        (record(annotations=[annotation(attributes={"form": "shouted"})], relations=[]),
         "attribute_invalid", "annotations[0]: “Form” must be one of"),
        (record(relations=[{"type": "attributed_to", "from": "a2", "to": "a1"}]),
         "relation_invalid", "cannot go from source to quote"),
        (record(relations=[{"type": "attributed_to", "from": "a1", "to": "a2"}] * 2),
         "relation_invalid", "links two twice the same way"),
        (record(blocks=[{"kind": "headline", "start": 0, "end": 3}]), "invalid",
         "must cover the text to its end"),
        (record(url="not an address"), "invalid", "URL"),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_project_leaves_nothing(
    given: dict[str, Any], code: str, words: str
) -> None:
    project = make_project()

    line = taken(project, Found(1, given))

    assert (line.outcome, line.code) == ("failed", code)
    assert words in line.detail
    assert not Article.objects.exists()
    assert verify() == []


@pytest.mark.django_db
def test_a_record_comes_in_as_one_change() -> None:
    project = make_project()
    join(project, make_user("ada"), Role.ANNOTATOR)

    line = taken(project, Found(1, record(sha256=hashlib.sha256(TEXT.encode()).hexdigest())))

    event = Event.objects.get(kind="article.imported")
    tables = [change["table"] for change in event.changes]
    assert (line.annotations, Relation.objects.count()) == (2, 1)
    assert set(tables) == {"article", "revision", "block", "layer", "annotation", "relation"}
    assert verify() == []


@pytest.mark.django_db
def test_the_same_article_does_not_come_in_twice() -> None:
    project = make_project()
    first = taken(project, Found(1, record(revision=1)))

    second = taken(project, Found(2, record()))

    assert (second.outcome, second.code) == ("duplicate", "duplicate_article")
    assert second.article_id == first.article_id


@pytest.mark.django_db
def test_a_corrected_text_keeps_its_number_and_does_not_come_in_twice_either() -> None:
    project = make_project()
    first = taken(project, Found(1, record(revision=2)))

    second = taken(project, Found(2, record(revision=2)))

    assert (second.outcome, second.article_id) == ("duplicate", first.article_id)
    assert Article.objects.get().revision.number == 2


@pytest.mark.django_db
def test_a_retired_label_is_not_given() -> None:
    project = make_project()
    label = label_of(project, "source")
    retire_label(actor=manager_of(project), label=label, version=label.version)

    line = taken(project, Found(1, record()))

    assert (line.outcome, line.code) == ("failed", "label_unknown")
    assert "or it is retired" in line.detail


@pytest.mark.django_db
def test_annotators_bring_nothing_in() -> None:
    project = make_project()
    ada = join(project, make_user("ada"), Role.ANNOTATOR)

    with pytest.raises(NotAllowed):
        taken(project, Found(1, record()), actor=ada)
