"""Exports while people write: each is one moment, in which every link has both its ends."""

import json
import threading
from functools import partial
from typing import Any

import pytest

from articles.annotations.models import Layer
from articles.annotations.relation_services import link_annotations
from articles.annotations.services import create_annotation, delete_annotation
from articles.datasets.sources import Live
from articles.desk.models import Project, Role
from tests.desk.people import join, label_of, make_project, make_user
from tests.factories import make_article, make_layer
from tests.sessions import at_once

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS, EXPORTS = 4, 12


def link_and_delete(layer: Layer, is_over: threading.Event) -> int:
    """Link a quote to its source and delete the source, link and all, again and again."""
    body, times = layer.article.revision.body, 0
    assert layer.annotator is not None
    while not is_over.is_set():
        quote, source = (
            create_annotation(
                actor=layer.annotator,
                article=layer.article,
                label=label_of(layer.project, label),
                start=start,
                end=start + 5,
                quote=body[start : start + 5],
            )[0]
            for label, start in (("quote", 0), ("source", 6))
        )
        label = label_of(layer.project, "attributed_to")
        link_annotations(actor=layer.annotator, label=label, source=quote, target=source)
        for one in (source, quote):
            one.refresh_from_db()
            delete_annotation(actor=layer.annotator, annotation=one, version=one.version)
        times += 1
    return times


def exported_meanwhile(project: Project, is_over: threading.Event) -> list[list[dict[str, Any]]]:
    """Exports until some of them have links, and there are enough of them."""
    exports: list[list[dict[str, Any]]] = []
    try:
        while len(exports) < EXPORTS:
            records = [json.loads(line) for line in b"".join(Live(project).lines()).splitlines()]
            if any(record["relations"] for record in records):
                exports.append(records)
    finally:
        is_over.set()
    return exports


def test_no_export_has_a_link_without_its_ends_while_four_people_write() -> None:
    project = make_project()
    people = [join(project, make_user(f"writer-{n}"), Role.ANNOTATOR) for n in range(WRITERS)]
    layers = [make_layer(make_article(project), who) for who in people]
    is_over = threading.Event()

    *written, exports = at_once(
        *(partial(link_and_delete, layer, is_over) for layer in layers),
        partial(exported_meanwhile, project, is_over),
    )

    assert isinstance(exports, list), exports
    assert [one for one in written if not isinstance(one, int) or not one] == []
    dangling = [
        link
        for records in exports
        for record in records
        for link in record["relations"]
        if not {link["from"], link["to"]} <= {one["id"] for one in record["annotations"]}
    ]
    assert len(exports) == EXPORTS
    assert dangling == []
