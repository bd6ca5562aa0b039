"""What pages cost: queries do not grow with what they show, and a change looks only nearby."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from articles.annotations.models import Annotation, Layer
from articles.annotations.near import NEAR
from articles.annotations.panels import PANELS
from articles.annotations.queries import FEW_RANGES, read_ranges
from articles.desk.models import Project
from articles.text.canonical import text_hash
from tests.desk.people import label_of, make_project, manager_of, signed_in
from tests.factories import make_annotation, make_article, make_layer, make_relation

pytestmark = pytest.mark.django_db

LINE = "Line {n} says “no” to it.\n\n"
SAID = "“So,” said Zoë Hart. "


def body(lines: int) -> str:
    return "".join(LINE.format(n=n) for n in range(lines))


def annotate(layer: Layer, number: int) -> None:
    """``number`` annotations of ten characters, spread over the whole text."""
    text, label = layer.article.revision.body, label_of(layer.project, "claim")
    step = (len(text) - 10) // number
    Annotation.objects.bulk_create(
        Annotation(
            project=layer.project,
            article=layer.article,
            revision_id=layer.article.revision_id,
            layer=layer,
            label=label,
            start=start,
            end=start + 10,
            quote_sha256=text_hash(text[start : start + 10]),
        )
        for start in range(0, step * number, step)
    )


def queries_of(project: Project, url: str, **fields: object) -> int:
    """How many queries a request of the project's manager takes, once they are signed in."""
    client = signed_in(manager_of(project))
    client.get(reverse("project-list"))
    with CaptureQueriesContext(connection) as captured:
        if fields:
            response = client.post(url, fields, headers={"HX-Request": "true"})
        else:
            response = client.get(url)
    assert response.status_code == 200
    return len(captured)


def layer_with(annotations: int, relations: int) -> Layer:
    """A layer with that many annotations, and quotes below them that are linked to sources."""
    layer = make_layer(make_article(text=body(400) + SAID * relations))
    first = len(body(400))
    for at in range(first, first + len(SAID) * relations, len(SAID)):
        quote = make_annotation(layer, span=(at, at + 5))
        source = make_annotation(layer, span=(at + 11, at + 19), label="source")
        make_relation(source=quote, target=source)
    annotate(layer, annotations)
    return layer


@pytest.mark.parametrize("panel", PANELS)
def test_the_workbench_costs_the_same_with_few_annotations_and_with_many(panel: str) -> None:
    few, many = layer_with(3, 2), layer_with(30, 12)

    costs = [
        queries_of(layer.project, f"{workbench(layer)}?panel={panel}") for layer in (few, many)
    ]

    assert costs[0] == costs[1]


@pytest.mark.parametrize("number", [0, 1, FEW_RANGES, FEW_RANGES + 1])
def test_a_few_words_and_many_are_the_same_words(
    number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    revision = make_article(text="📰 Zoë: “So.”\n\n" + body(20)).revision
    end = len(revision.body)
    ranges = [(at, end - at) for at in range(number)]

    with django_assert_num_queries(1):
        words = read_ranges(revision.pk, ranges)

    assert words == {(start, end): revision.body[start:end] for start, end in ranges}


def test_the_list_of_articles_costs_the_same_for_few_and_for_many() -> None:
    few, many = make_project("Few"), make_project("Many")
    for project, number in ((few, 3), (many, 12)):
        for _ in range(number):
            annotate(make_layer(make_article(project)), 2)

    costs = [queries_of(one, reverse("article-list", args=[one.slug])) for one in (few, many)]

    assert costs[0] == costs[1]


def test_a_change_costs_the_same_however_much_is_annotated_elsewhere() -> None:
    layers = [layer_with(3, 1), layer_with(300, 1)]

    costs = []
    for layer in layers:
        text = layer.article.revision.body
        url = reverse("annotation-create", args=[layer.project.slug, layer.article_id])
        fields = {"start": 0, "end": 4, "quote": text[:4], "label": "quote"}
        costs.append(queries_of(layer.project, url, **fields))

    assert costs[0] == costs[1]


def test_what_is_near_a_change_is_found_by_index_among_thousands() -> None:
    layer = make_layer(make_article(text=body(2_000)))
    annotate(layer, 5_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE articles_annotation, articles_block, articles_relation")
        middle = len(layer.article.revision.body) // 2
        cursor.execute(
            f"EXPLAIN (FORMAT JSON) {NEAR}",
            {
                "starts": [middle],
                "ends": [middle + 10],
                "layer": layer.pk,
                "revision": layer.article.revision_id,
            },
        )
        (plan,) = cursor.fetchone()
    plan = json.loads(plan) if isinstance(plan, str) else plan

    scans = {
        (node["Relation Name"], node["Node Type"])
        for node in nodes(plan[0]["Plan"])
        if "Relation Name" in node
    }

    assert ("articles_annotation", "Seq Scan") not in scans
    assert ("articles_block", "Seq Scan") not in scans


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """Every node of a plan."""
    return [plan, *(node for child in plan.get("Plans", []) for node in nodes(child))]


def workbench(layer: Layer) -> str:
    return reverse("workbench", args=[layer.project.slug, layer.article_id])
