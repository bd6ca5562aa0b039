"""What comes out as JSONL, and that it comes back in as it was."""

import io
import json
import re
from collections.abc import Sequence
from itertools import count
from typing import Any

import psycopg
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from articles.annotations.errors import DuplicateAnnotation, DuplicateRelation
from articles.annotations.models import Annotation, Layer
from articles.annotations.relation_services import link_annotations
from articles.annotations.services import change_annotation, create_annotation, delete_annotation
from articles.datasets.queries import check_layers
from articles.datasets.sources import Live
from articles.datasets.verification import verify
from articles.desk.models import Project, Role, User
from articles.desk.services import change_project
from articles.formats.jsonl import read
from articles.imports.models import ImportLine
from articles.intake.models import Article
from articles.intake.services import change_block_kind
from articles.review.submission_services import submit_layer
from articles.text.canonical import canonicalise
from newsdesk.errors import Invalid
from tests.desk.people import join, label_of, make_project, make_user, manager_of
from tests.factories import make_annotation, make_article, make_layer, make_relation
from tests.imports.runs import taken
from tests.sessions import in_another_session

pytestmark = pytest.mark.django_db

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


_numbers = count(1)


def exported(project: Project, layers: str = "all") -> bytes:
    return b"".join(Live(project, layers).lines())


def records(project: Project, layers: str = "all") -> list[dict[str, Any]]:
    return [json.loads(line) for line in exported(project, layers).splitlines()]


def ids_aside(lines: bytes) -> str:
    """``lines`` with each id as the number of its first appearance."""
    seen: dict[str, str] = {}
    return UUID.sub(lambda found: seen.setdefault(found[0], f"#{len(seen)}"), lines.decode())


def brought_in(lines: bytes, *, members: Sequence[User] = ()) -> Project:
    """A new project with the articles in ``lines``, and ``members`` as its annotators."""
    project = make_project(f"Target {next(_numbers)}")
    for user in members:
        join(project, user, Role.ANNOTATOR)
    for line in read(io.BytesIO(lines)):
        came = taken(project, line)
        assert came.outcome == ImportLine.Outcome.CREATED, came.detail
    return project


def project_for_two() -> Project:
    """A project in which two people label each article."""
    project = make_project(f"Pairs {next(_numbers)}")
    return change_project(
        actor=manager_of(project), project=project, version=1, annotators_per_article=2
    )


def test_a_record_has_the_fields_of_the_contract_in_its_order() -> None:
    article = make_article(external_id="ftp-1", url="https://example.org/quay", byline="A. Bee")
    relation = make_relation(make_layer(article))
    quoted = relation.source
    change_annotation(
        actor=manager_of(article.project),
        annotation=quoted,
        version=1,
        attributes={"form": "direct"},
        note='He said "so".\n',
        unsure=True,
    )
    name = quoted.layer.name

    (record,) = records(article.project)

    assert list(record) == [
        "id", "external_id", "title", "url", "text", "revision", "sha256", "offset_unit",
        "blocks", "annotations", "relations", "split", "byline", "publisher", "published_at",
        "language", "metadata", "placement", "story", "layers",
    ]  # fmt: skip
    quote, who = record["annotations"]
    assert record["text"] == article.revision.body
    assert record["sha256"] == article.revision.sha256.hex()
    assert (record["revision"], record["offset_unit"], record["split"]) == (1, "code_point", None)
    assert record["blocks"][0] == {"kind": "headline", "start": 0, "end": 29}
    assert quote == {
        "id": str(relation.source_id), "label": "quote", "start": 29, "end": 54,
        "quote": "“The quay is ours again,”", "attributes": {"form": "direct"},
        "annotator": name, "layer": name, "version": 2,
        "created_at": quote["created_at"], "updated_at": quote["updated_at"], "origin": "manual",
        "note": 'He said "so".', "unsure": True,
    }  # fmt: skip
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", quote["created_at"])
    assert record["relations"] == [
        {
            "id": str(relation.pk), "type": "attributed_to", "from": quote["id"],
            "to": who["id"], "to_name": None, "version": 1,
            "created_at": record["relations"][0]["created_at"],
        }
    ]  # fmt: skip
    assert record["layers"] == [{"name": name, "submitted_at": None}]


@pytest.mark.parametrize(
    "words",
    ['"text":null,"revision":', '"start":1,"end":2,"quote":null,', "\\N\\.\\n\\\\", '\\"', "a\tb"],
)
def test_no_word_is_taken_for_a_hole_or_an_escape(words: str) -> None:
    article = make_article(text=f"A title\n\nIt says {words} here.", metadata={words: words})
    annotation = make_annotation(make_layer(article), words)
    change_annotation(
        actor=manager_of(article.project), annotation=annotation, version=1, note=f"x{words}x"
    )

    (record,) = records(article.project)

    assert record["metadata"] == {words: words}
    assert record["annotations"][0]["quote"] == words
    assert record["annotations"][0]["note"] == f"x{words}x"


def test_what_was_deleted_is_not_in_it() -> None:
    annotation = make_annotation()
    delete_annotation(
        actor=manager_of(annotation.project), annotation=annotation, version=annotation.version
    )

    (record,) = records(annotation.project)

    assert record["annotations"] == []


def test_one_may_ask_for_submitted_layers_or_for_one_of_them() -> None:
    project = project_for_two()
    article = make_article(project)
    ada, ben = (join(project, make_user(name), Role.ANNOTATOR) for name in ("ada", "ben"))
    make_annotation(make_layer(article, ada))
    submit_layer(actor=ben, layer=make_annotation(make_layer(article, ben)).layer)

    names = {
        layers: [one["layer"] for one in records(project, layers)[0]["annotations"]]
        for layers in ("all", "submitted", "ada")
    }

    assert names == {"all": ["ada", "ben"], "submitted": ["ben"], "ada": ["ada"]}


def test_a_misspelt_layer_is_refused_and_not_taken_for_an_empty_one() -> None:
    layer = make_annotation().layer

    check_layers(layer.project, layer.name)
    with pytest.raises(Invalid, match="there is no “adda” here"):
        check_layers(layer.project, "adda")


@pytest.mark.django_db(transaction=True)
def test_an_export_that_fails_does_not_look_complete() -> None:
    project = make_project()
    for day in range(10):  # more than is read ahead
        make_article(project, f"It rained on day {day}. " * 50_000)
    lines = Live(project).lines()
    next(lines)
    backend = connection.connection.info.backend_pid

    in_another_session("SELECT pg_terminate_backend(%s)", backend)

    with pytest.raises(psycopg.OperationalError):
        list(lines)


@pytest.mark.parametrize("articles", [1, 3])
def test_query_count_does_not_grow(
    articles: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    project = make_project()
    for _ in range(articles):
        make_relation(make_layer(make_article(project)))

    with django_assert_num_queries(4):  # labels and rows, and the savepoint in a test around it
        lines = exported(project)

    assert lines.count(b"\n") == articles


# --- and back in ----------------------------------------------------------------------------------


def test_an_export_comes_back_as_it_was() -> None:
    project = project_for_two()
    ada = join(project, make_user("ada"), Role.ANNOTATOR)
    article = make_article(
        project,
        external_id="ftp-1",
        url="https://example.org/quay?a=1",
        byline="A. Bee",
        publisher="The Quay",
        story="quay-1926",
        metadata={"wire": True, "words": [1, 2.5, None], "é": "\\n"},
    )
    make_article(project, "A title\n\nNothing is said.", placement=Article.Placement.PARKED)
    block = article.revision.blocks.all()[1]
    change_block_kind(actor=ada, block=block, version=1, kind="standfirst")
    relation = make_relation(make_layer(article, ada))
    make_relation(source=relation.source, target_name="A neighbour")
    make_annotation(make_layer(article))
    submit_layer(actor=ada, layer=relation.layer)

    first = exported(project)
    with_ada = brought_in(first, members=[ada])
    with_nobody = brought_in(first)

    assert ids_aside(exported(with_ada)) == ids_aside(first)
    assert ids_aside(exported(with_nobody)) == ids_aside(first)
    hers = Layer.objects.get(project=with_ada, name="ada")
    assert (hers.annotator, hers.slot, hers.annotation_count, hers.relation_count) == (ada, 1, 2, 2)
    nobodys = Layer.objects.get(project=with_nobody, name="ada")
    assert (nobodys.annotator, nobodys.slot) == (None, None)
    assert verify() == []
    assert set(UUID.findall(first.decode())).isdisjoint(UUID.findall(exported(with_ada).decode()))


#: What texts are made of: letters that combine, surrogate pairs, both directions, JSON's own signs.
LETTERS = st.sampled_from(
    [*'ab .,“”\\"\n\t/é', "e\u0301", "🗞", "👩‍👩‍👧", "שלום", "日本", "\x7f", "\u2028", "{"]
)
TEXTS = st.lists(LETTERS, min_size=1, max_size=60).map(lambda parts: f"{''.join(parts)} The end.")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abé"), inner),
    max_leaves=5,
)  # fmt: skip


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_export_import_export_is_the_identity(data: st.DataObject) -> None:
    project = make_project(f"Source {next(_numbers)}")
    actor = manager_of(project)
    for text in data.draw(st.lists(TEXTS, min_size=1, max_size=2, unique_by=canonicalise)):
        article = make_article(
            project,
            text,
            title=data.draw(st.sampled_from(["", " a  ", "x" * 499 + " y", "“\\n”"])),
            metadata={"value": data.draw(VALUES)},
        )
        _say_something(data, article, actor)

    first = exported(project)

    assert ids_aside(exported(brought_in(first))) == ids_aside(first)


def _say_something(data: st.DataObject, article: Article, actor: User) -> None:
    body = article.revision.body
    spans = st.tuples(st.integers(0, len(body)), st.integers(0, len(body))).map(sorted)
    keys = st.sampled_from(["claim", "quote", "source", "caption"])
    made: list[Annotation] = []
    for (start, end), key in data.draw(st.lists(st.tuples(spans, keys), max_size=6)):
        if start < end:
            try:
                made.append(
                    create_annotation(
                        actor=actor,
                        article=article,
                        label=label_of(article.project, key),
                        start=start,
                        end=end,
                        quote=body[start:end],
                    )[0]
                )
            except DuplicateAnnotation:
                continue
    for one in made:
        change_annotation(
            actor=actor,
            annotation=one,
            version=1,
            note=data.draw(st.sampled_from(["", "\\.", 'a "note"\nwith lines', "🗞"])),
            unsure=data.draw(st.booleans()),
        )
    label = label_of(article.project, "attributed_to")
    ends = [one for one in made if one.label.key in ("quote", "claim")]
    sources = [one for one in made if one.label.key == "source"]
    names = st.sampled_from(["", "A “neighbour”"])
    for source in ends:
        name = data.draw(names)
        wanted = st.sampled_from(sources) if sources and not name else st.none()
        target: Annotation | None = data.draw(wanted)
        if name or target:
            try:
                link_annotations(
                    actor=actor, label=label, source=source, target=target, target_name=name
                )
            except DuplicateRelation:
                continue
    submits: bool = data.draw(st.booleans())
    if made and submits:
        submit_layer(actor=actor, layer=made[0].layer)
