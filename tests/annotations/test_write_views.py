"""What the workbench answers when something is changed: by htmx, and by plain forms."""

import re
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.annotations.models import Annotation, Relation
from articles.desk import services
from articles.desk.models import Project, Role, User
from articles.intake.models import Article
from tests.desk.people import join, make_project, make_user, manager_of, signed_in
from tests.factories import TEXT, make_annotation, make_article, make_layer, make_relation

pytestmark = pytest.mark.django_db

#: An element that a change may repaint. None of them holds another of its own name.
REPAINTED = re.compile(
    r'<(h2|p|ul|span) id="((?:b|n)\d+|counts|tab-annotations|tab-links)"[^>]*>.*?</\1>', re.S
)


def address(name: str, article: Article, *args: UUID | None) -> str:
    return reverse(name, args=[article.project.slug, article.pk, *args])


def elements_of(html: str) -> dict[str, str]:
    """What a change may repaint, by id."""
    bare = html.replace(' hx-swap-oob="true"', "")
    return {found[2]: found[0] for found in REPAINTED.finditer(bare)}


class Page:
    """A workbench in a browser: opened once, then kept by what the server sends."""

    def __init__(self, article: Article, user: User) -> None:
        self.client = signed_in(user)
        self.article = article
        self.shown = self.anew()

    def anew(self) -> dict[str, str]:
        return elements_of(self.client.get(address("workbench", self.article)).text)

    def post(self, name: str, *args: UUID | None, **fields: object) -> None:
        response = self.client.post(
            address(name, self.article, *args), fields, headers={"HX-Request": "true"}
        )
        self.shown |= elements_of(response.text)


# --- repainting -----------------------------------------------------------------------------------


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_page_kept_by_its_answers_shows_what_a_page_opened_anew_shows(
    data: st.DataObject,
) -> None:
    article = make_article(text=TEXT.format(number=1))
    layer = make_layer(article)
    page = Page(article, manager_of(article.project))
    body = article.revision.body
    steps = ("create", "edge", "label", "unsure", "delete", "restore", "link", "unlink", "comment",
             "undo", "redo")  # fmt: skip
    for _ in range(3):
        create_at_random(data, page, body)
    for step in data.draw(st.lists(st.sampled_from(steps), min_size=4, max_size=12)):
        live = list(Annotation.objects.live().filter(layer=layer).order_by("start", "pk"))
        gone = list(Annotation.objects.filter(layer=layer).exclude(deleted_at=None).order_by("pk"))
        links = list(Relation.objects.live().filter(layer=layer).order_by("number", "pk"))
        if step == "create" or not live:
            create_at_random(data, page, body)
        elif step == "link":
            source, target = data.draw(st.tuples(st.sampled_from(live), st.sampled_from(live)))
            page.post("relation-create", type="attributed_to", **{"from": source.pk}, to=target.pk)
        elif step == "unlink" and links:
            page.post("relation-delete", data.draw(st.sampled_from(links)).pk, version=1)
        elif step == "restore" and gone:
            old = data.draw(st.sampled_from(gone))
            page.post("annotation-restore", old.pk, version=old.version)
        elif step in ("undo", "redo"):
            page.post(f"layer-{step}")
        elif step == "comment":
            page.post("comment-create", data.draw(st.sampled_from(live)).pk, body="Is it?")
        else:
            one = data.draw(st.sampled_from(live))
            change_at_random(data, page, step, one)

    assert page.shown == page.anew()


def create_at_random(data: st.DataObject, page: Page, body: str) -> None:
    start = data.draw(st.integers(0, len(body) - 1))
    end = data.draw(st.integers(start + 1, len(body)))
    label = data.draw(st.sampled_from(["quote", "claim", "source"]))
    page.post("annotation-create", start=start, end=end, quote=body[start:end], label=label)


def change_at_random(data: st.DataObject, page: Page, step: str, one: Annotation) -> None:
    ways = ["start-left", "start-right", "end-left", "end-right"]
    fields = {
        "edge": {"edge": data.draw(st.sampled_from(ways))},
        "label": {"label": data.draw(st.sampled_from(["quote", "source", "caption"]))},
        "unsure": {"fields": "unsure", "unsure": "on"},
    }
    if step in fields:
        page.post("annotation", one.pk, version=one.version, **fields[step])
    elif step == "delete":
        page.post("annotation-delete", one.pk, version=one.version)


@pytest.fixture
def linked() -> tuple[Page, Relation]:
    """A quote in the second paragraph that is linked to a source in the third."""
    article = make_article(text="A quay\n\n“So,” they say.\n\nThey are the harbour council.")
    layer = make_layer(article)
    quote = make_annotation(layer, "“So,”")
    source = make_annotation(layer, "the harbour council", label="source")
    relation = make_relation(source=quote, target=source)
    return Page(article, manager_of(article.project)), relation


def test_moving_the_edge_of_a_source_renames_it_beside_its_quote(
    linked: tuple[Page, Relation],
) -> None:
    page, relation = linked

    page.post("annotation", relation.target_id, version=1, edge="end-left")

    assert "→ the harbour<" in page.shown["n2"]
    assert page.shown == page.anew()


def test_relabelling_a_quote_takes_the_number_off_its_former_source(
    linked: tuple[Page, Relation],
) -> None:
    page, relation = linked
    assert 'data-chip="S 1←"' in page.shown["b3"]

    page.post("annotation", relation.source_id, version=1, label="caption")

    assert 'data-chip="S"' in page.shown["b3"]
    assert page.shown == page.anew()


def test_undoing_the_move_of_an_edge_renames_the_source_beside_its_quote_again(
    linked: tuple[Page, Relation],
) -> None:
    page, relation = linked
    page.post("annotation", relation.target_id, version=1, edge="end-left")

    page.post("layer-undo")

    assert "→ the harbour council<" in page.shown["n2"]
    assert page.shown == page.anew()


# --- a session that ended -------------------------------------------------------------------------


def test_a_change_by_somebody_signed_out_is_not_saved_and_the_page_is_told(client: Client) -> None:
    article = make_article()
    fields = {"start": 0, "end": 1, "quote": "📰", "label": "quote"}
    url = address("annotation-create", article)

    fragment = client.post(url, fields, headers={"HX-Request": "true"})
    page = client.post(url, fields)

    assert fragment.status_code == 401
    assert fragment.text.strip() == "You are signed out. Sign in, and go on where you were."
    assert page["Location"] == f"{reverse('account_login')}?next={address('workbench', article)}"
    assert Annotation.objects.count() == 0


def test_a_page_of_an_earlier_session_keeps_its_work_until_it_is_reloaded() -> None:
    article = make_article()
    client = Client(enforce_csrf_checks=True)
    client.force_login(manager_of(article.project))
    url = address("annotation-create", article)

    fragment = client.post(url, headers={"HX-Request": "true", "X-CSRFToken": "of-before"})
    page = client.post(url)

    assert (fragment.status_code, page.status_code) == (401, 403)
    assert "Reload the page" in fragment.text
    assert "Please send that again" in page.text


@pytest.mark.parametrize("panel", ["labels", "annotations", "links", "comments", "parts", "guide"])
def test_the_text_stands_beside_every_panel(panel: str) -> None:
    annotation = make_annotation()
    client = signed_in(manager_of(annotation.project))

    page = client.get(address("workbench", annotation.article), {"panel": panel}).text

    assert (
        elements_of(page)["b1"]
        == elements_of(client.get(address("workbench", annotation.article)).text)["b1"]
    )


def test_submitting_leads_to_the_next_article_with_a_way_back() -> None:
    annotation = make_annotation()
    following = make_article(annotation.project)
    client = signed_in(manager_of(annotation.project))

    answer = client.post(address("layer-submit", annotation.article), {"anyway": "1"})

    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        address("workbench", following),
    )
    page = client.get(address("workbench", following)).text
    assert f'<a href="{address("workbench", annotation.article)}">take it back</a>' in page


def test_submitting_the_last_article_stays_there() -> None:
    annotation = make_annotation()
    client = signed_in(manager_of(annotation.project))

    answer = client.post(address("layer-submit", annotation.article), {"anyway": "1"})

    assert answer.headers["Location"] == address("workbench", annotation.article)


def test_an_article_with_nothing_to_label_can_be_submitted() -> None:
    article = make_article()
    client = signed_in(manager_of(article.project))

    client.post(address("layer-submit", article))

    assert article.layers.submitted().count() == 1


def test_reviewers_are_led_to_each_persons_work_and_annotators_to_none() -> None:
    project = make_project("Reading room")
    services.change_project(
        actor=manager_of(project), project=project, version=1, annotators_per_article=3
    )
    ada, ben = (join(project, make_user(name), Role.ANNOTATOR) for name in ("ada", "ben"))
    article = make_article(Project.objects.get(pk=project.pk))
    make_annotation(make_layer(article, ada))
    make_annotation(make_layer(article, ben))
    page = address("workbench", article)

    assert f"{page}?layer=ben" in signed_in(manager_of(project)).get(page).text
    assert f"{page}?layer=ben" not in signed_in(ada).get(page).text
    assert signed_in(ada).get(page, {"layer": "ben"}).status_code == 404


def test_where_work_is_not_blind_annotators_see_each_others() -> None:
    project = make_project("Open room")
    services.change_project(
        actor=manager_of(project), project=project, version=1, annotators_per_article=2, blind=False
    )
    ada, ben = (join(project, make_user(name), Role.ANNOTATOR) for name in ("ada", "ben"))
    annotation = make_annotation(make_layer(make_article(Project.objects.get(pk=project.pk)), ben))

    page = signed_in(ada).get(address("workbench", annotation.article), {"layer": "ben"})

    assert (page.status_code, str(annotation.pk) in page.text) == (200, True)
