"""The list as managers settle things in it: tick, look at what it does, do it, take it back."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from articles.desk.models import Project, Role, User
from articles.intake.models import Article
from articles.review.models import SavedView
from articles.review.submission_services import submit_layer
from tests.desk.people import join, make_project, make_user, manager_of, signed_in
from tests.factories import make_article, make_layer

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return make_project("Harbour inquiry")


@pytest.fixture
def ben(project: Project) -> User:
    ben = join(project, make_user("ben"), Role.ANNOTATOR)
    User.objects.filter(pk=ben.pk).update(name="Ben Adeyemi")
    ben.refresh_from_db()
    return ben


@pytest.fixture
def client(project: Project) -> Client:
    return signed_in(manager_of(project))


def list_url(project: Project) -> str:
    return reverse("article-list", args=[project.slug])


def fields_in(page: str) -> dict[str, str]:
    """The hidden fields of the form in the preview."""
    form = page.partition('<form class="actions"')[2]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


def sent(client: Client, project: Project, **fields: Any) -> Any:
    return client.post(reverse("article-bulk", args=[project.slug]), fields)


def test_ticked_articles_are_assigned_after_a_look_and_taken_back(
    project: Project, ben: User, client: Client
) -> None:
    articles = [make_article(project) for _ in range(4)]
    make_layer(articles[0], ben)
    make_layer(articles[1])
    ticked = [article.pk for article in articles]

    preview = sent(client, project, article=ticked, act=f"assign:{ben.pk}", query="status=ready")

    assert "<h1" in preview.text
    assert "Assign 4 articles to Ben Adeyemi" in preview.text
    assert re.findall(r"<b>(\d)</b> ([a-z ]+)", preview.text) == [
        ("2", "change"),
        ("1", "is so already"),
        ("1", "cannot"),
    ]
    assert "This article already has all its annotators." in preview.text
    assert Article.objects.filter(layers__annotator=ben).count() == 1

    done = client.post(
        reverse("article-bulk", args=[project.slug]), fields_in(preview.text) | {"do": "1"}
    )

    assert done.status_code == 303
    assert done.headers["Location"].startswith(f"{list_url(project)}?status=ready&done=")
    assert Article.objects.filter(layers__annotator=ben).count() == 3
    page = client.get(done.headers["Location"]).text
    assert "2 articles changed." in page

    batch = done.headers["Location"].rpartition("=")[2]
    undone = client.post(
        reverse("article-bulk-undo", args=[project.slug]), {"batch": batch}, follow=True
    )

    assert "Put back: 2 articles." in undone.text
    assert Article.objects.filter(layers__annotator=ben).count() == 1
    assert "articles changed." not in client.get(done.headers["Location"]).text


def test_what_was_changed_since_is_named_when_the_rest_is_put_back(
    project: Project, ben: User, client: Client
) -> None:
    articles = [make_article(project, title=title) for title in ("One", "Two")]
    preview = sent(
        client, project, article=[one.pk for one in articles], act=f"assign:{ben.pk}"
    ).text
    done = sent(client, project, **fields_in(preview), do="1").headers["Location"]
    submit_layer(actor=ben, layer=make_layer(articles[1], ben))

    batch = done.rpartition("=")[2]
    page = client.post(
        reverse("article-bulk-undo", args=[project.slug]), {"batch": batch}, follow=True
    ).text

    assert "Put back: 1 article." in page
    assert "left as they are: 1 article: “Two”." in page


def test_all_that_match_are_meant_and_no_others(project: Project, client: Client) -> None:
    for title in ("Quay", "Quay wall", "Ferry"):
        make_article(project, title=title)

    preview = sent(client, project, all="1", query="q=quay+wall", act="priority:2").text
    sent(client, project, **fields_in(preview), do="1")

    urgent = Article.objects.filter(priority=2).values_list("title", flat=True)
    assert list(urgent) == ["Quay wall"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"act": "priority:2"}, "Tick the articles first."),
        ({"act": "priority:2", "article": "none"}, "Tick the articles first."),
        ({"act": "", "all": "1"}, "Choose what to do."),
        ({"act": "assign:99999", "all": "1"}, "Select a valid choice."),
        ({"act": "hand:{ben}", "all": "1"}, "Choose the person, too."),
        ({"act": "priority:2", "all": "1", "query": "agreement=much"}, "Agreement is a number"),
    ],
)
def test_what_makes_no_sense_leads_back_to_the_list_with_a_word(
    project: Project, ben: User, client: Client, fields: dict[str, str], message: str
) -> None:
    make_article(project)
    fields = {name: value.format(ben=ben.pk) for name, value in fields.items()}

    answer = client.post(reverse("article-bulk", args=[project.slug]), fields)

    assert answer.status_code == 303
    assert message in client.get(list_url(project)).text


def test_annotators_see_no_ticks_and_names_not_user_names(
    project: Project, ben: User, client: Client
) -> None:
    make_layer(make_article(project), ben)

    theirs, managers = (
        signed_in(ben).get(list_url(project)).text,
        client.get(list_url(project)).text,
    )

    assert ("data-tick" in theirs, "data-tick" in managers) == (False, True)
    assert '<td data-label="Annotators">Ben Adeyemi</td>' in theirs


def test_blind_readers_learn_no_agreement_before_all_is_decided(
    project: Project, ben: User, client: Client
) -> None:
    article = make_article(project, title="Quay")
    submit_layer(actor=ben, layer=make_layer(article, ben))
    article.review.agreement = 0.5
    article.review.save()
    low = {"agreement": "0.6"}

    assert '"Agreement" class="number">0.50' in client.get(list_url(project), low).text
    assert "No article matches." in signed_in(ben).get(list_url(project), low).text
    assert "0.50" not in signed_in(ben).get(list_url(project)).text
    assert client.get(list_url(project), {"agreement": "0.4"}).text.count("data-row") == 0
    assert client.get(list_url(project), {"agreement": "2"}).status_code == 422


def test_a_view_is_kept_found_again_and_forgotten(project: Project, client: Client) -> None:
    make_article(project)
    save = reverse("article-view-save", args=[project.slug])

    client.post(save, {"name": "Ready", "query": "status=ready&after=x&nonsense=1"})

    view = SavedView.objects.get()
    assert (view.name, view.query) == ("Ready", "status=ready")
    page = client.get(f"{list_url(project)}?status=ready").text
    assert '<a class="chip" href="?status=ready" aria-current="true">Ready</a>' in page

    client.post(reverse("article-view-forget", args=[project.slug, view.pk]))

    assert not SavedView.objects.exists()


def test_a_view_without_a_filter_or_a_name_is_not_kept(project: Project, client: Client) -> None:
    save = reverse("article-view-save", args=[project.slug])

    client.post(save, {"name": "All of it", "query": "nonsense=1"})
    client.post(save, {"name": "", "query": "status=ready"})

    assert not SavedView.objects.exists()
    page = client.get(list_url(project)).text
    assert "a view is what you filter it by" in page
    assert "A view needs a name" in page
