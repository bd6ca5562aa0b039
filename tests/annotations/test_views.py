"""The workbench as a page: whose work it shows, why it is closed, and its forms without script."""

import re
from html import unescape

import pytest
from django.urls import reverse

from articles.annotations.models import Layer
from articles.annotations.panels import PANELS
from articles.desk.models import Role
from articles.review.submission_services import submit_layer
from tests.desk.people import join, make_user, manager_of, signed_in
from tests.factories import TEXT, make_annotation, make_article, make_layer, make_relation

pytestmark = pytest.mark.django_db


def page_of(layer: Layer) -> str:
    return reverse("workbench", args=[layer.project.slug, layer.article_id])


def test_the_blocks_of_the_page_are_the_text_to_the_character() -> None:
    text = TEXT.format(number=1) + "\n\n<b>&amp; “x”</b>\n\n שלום, 日本 👩‍🚀"
    layer = make_layer(make_article(text=text))
    make_relation(layer)

    html = signed_in(manager_of(layer.project)).get(page_of(layer)).text

    shown = re.findall(r'<(h2|p) id="b\d+"[^>]*data-start="(\d+)"[^>]*>(.*?)</\1>', html, re.S)
    assert len(shown) == layer.article.revision.blocks.count()
    for _, start, inside in shown:
        words = unescape(re.sub(r"</?mark[^>]*>", "", inside))
        assert text[int(start) : int(start) + len(words)] == words


@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_comes_alone_for_htmx_and_with_the_page_otherwise(panel: str) -> None:
    layer = make_relation().layer
    client = signed_in(manager_of(layer.project))

    part = client.get(page_of(layer), {"panel": panel}, headers={"HX-Request": "true"})
    page = client.get(page_of(layer), {"panel": panel})

    assert part["Cache-Control"] == "no-store"
    assert part.text.lstrip().startswith('<div id="panel"')
    assert "<html" in page.text
    assert 'id="panel"' in page.text


def test_a_nonsense_panel_is_the_labels() -> None:
    layer = make_layer()

    page = signed_in(manager_of(layer.project)).get(page_of(layer), {"panel": "../etc"})

    assert 'data-label="claim"' in page.text


def test_a_reviewer_looks_at_a_named_layer_and_another_annotator_does_not_learn_of_it() -> None:
    article = make_article()
    zoe = join(article.project, make_user("zoe"), Role.ANNOTATOR)
    cem = join(article.project, make_user("cem"), Role.REVIEWER)
    ben = join(article.project, make_user("ben"), Role.ANNOTATOR)
    layer = make_layer(article, zoe)
    make_annotation(layer)

    seen = signed_in(cem).get(page_of(layer), {"layer": "zoe"})
    unseen = signed_in(ben).get(page_of(layer), {"layer": "zoe"})

    assert "You are looking at the work of zoe." in seen.text
    assert "data-annotation=" in seen.text
    assert unseen.status_code == 404


def test_submitted_work_is_shown_closed_and_can_be_taken_back() -> None:
    layer = make_layer()
    client = signed_in(manager_of(layer.project))
    submit_layer(actor=manager_of(layer.project), layer=layer)

    page = client.get(page_of(layer)).text

    assert 'data-state="read-only"' in page
    assert "You submitted this at" in page
    assert "Take it back" in page


def test_words_that_are_not_there_are_said_at_their_field_without_script() -> None:
    layer = make_layer()
    client = signed_in(manager_of(layer.project))
    url = reverse("annotation-by-text", args=[layer.project.slug, layer.article_id])

    page = client.post(url, {"paragraph": 1, "words": "zebra", "label": "quote"})

    assert page.status_code == 422
    assert "These words are not in paragraph 1." in page.text
    assert "zebra</textarea>" in page.text
    assert f'{reverse("account_login")}?next={page_of(layer)}"' in page.text  # not the form's own


def test_a_stale_form_without_script_shows_both_and_keeps_mine_when_sent_again() -> None:
    annotation = make_annotation()
    project, article = annotation.project, annotation.article
    client = signed_in(manager_of(project))
    url = reverse("annotation", args=[project.slug, article.pk, annotation.pk])
    client.post(url, {"version": 1, "label": "claim"})

    page = client.post(url, {"version": 1, "note": "mine", "fields": "note"})
    again = client.post(url, {"version": 2, "note": "mine", "fields": "note"})

    annotation.refresh_from_db()
    assert (page.status_code, again.status_code) == (409, 303)
    assert "Changed elsewhere" in page.text
    assert 'value="mine"' in page.text
    assert (annotation.label.key, annotation.note) == ("claim", "mine")
