"""The colours of a project's labels, and the address that they are kept under."""

import re

import pytest
from django.urls import reverse

from articles.annotations import stylesheet
from articles.desk import label_services
from articles.desk.models import Label
from tests.desk.people import label_of, make_project, manager_of, signed_in
from tests.factories import make_annotation

pytestmark = pytest.mark.django_db


def test_every_lane_of_every_label_has_its_colour_line_and_pattern() -> None:
    labels = make_project().labels.spans()

    css = stylesheet.of(labels)

    for label in labels:
        assert f".l-{label.key}{{--c:light-dark({label.color}, {label.color_dark})" in css
        for lane in range(3):
            assert f"[data-l{lane}={label.key}]{{--c{lane}:" in css
    assert css.count("{") == css.count("}")


@pytest.mark.parametrize("line", Label.Line.values)
def test_every_line_has_a_pattern_to_be_drawn_with(line: str) -> None:
    label = Label(key="claim", color="#16357a", color_dark="#b5cdf0", line=line)

    assert f"--line:{line}" in stylesheet.of([label])


def test_a_new_colour_has_a_new_address_also_for_a_label_that_is_retired() -> None:
    annotation = make_annotation()
    project, manager = annotation.project, manager_of(annotation.project)
    client = signed_in(manager)

    def address() -> str:
        url = reverse("workbench", args=[project.slug, annotation.article_id])
        found = re.search(r'labels\.css\?v=(\w+)"', client.get(url).text)
        assert found is not None
        return found[1]

    quote = label_of(project, "quote")
    label_services.retire_label(actor=manager, label=quote, version=1)
    quote.refresh_from_db()
    first = address()
    label_services.change_label(actor=manager, label=quote, version=quote.version, color="#000000")

    assert address() != first
    assert "#000000" in client.get(reverse("labels-css", args=[project.slug])).text
