"""The queue's page, and how the workbench goes on to the next article."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles.annotations.models import Layer
from articles.desk.models import Project, Role, User
from articles.intake.models import Article
from articles.review.assignment_services import assign
from articles.review.listing import with_words
from articles.review.models import Review
from articles.review.queries import queue_of, waiting_counts
from articles.review.review_services import return_layer
from articles.review.submission_services import submit_layer
from tests.desk.people import join, make_project, make_user, manager_of, signed_in
from tests.factories import make_annotation, make_article, make_layer

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return make_project("Harbour inquiry")


@pytest.fixture
def ada(project: Project) -> User:
    return join(project, make_user("ada"), Role.ANNOTATOR)


def queue_url(project: Project) -> str:
    return reverse("queue", args=[project.slug])


def test_starting_leads_to_the_oldest_article_then_on_until_nothing_waits(
    project: Project, ada: User
) -> None:
    articles = [make_article(project) for _ in range(2)]
    client = signed_in(ada)

    places = [client.post(queue_url(project)).headers["Location"] for _ in range(3)]

    assert places == [
        *(reverse("workbench", args=[project.slug, article.pk]) for article in articles),
        queue_url(project),
    ]
    assert "Nothing is waiting for you just now." in client.get(queue_url(project)).text


def test_what_was_returned_stands_first_with_the_reviewers_words(
    project: Project, ada: User
) -> None:
    begun = make_layer(make_article(project, title="Begun"), ada)
    returned = make_layer(make_article(project, title="Given back"), ada)
    submit_layer(actor=ada, layer=returned)
    return_layer(actor=manager_of(project), layer=returned, message="Whose words are these?")

    page = signed_in(ada).get(queue_url(project)).text

    assert "Whose words are these?" in page
    assert page.index("Given back") < page.index(begun.article.title)
    assert "Returned to you" in page


def test_the_page_says_why_something_is_ones_own(project: Project, ada: User) -> None:
    assign(actor=manager_of(project), article=make_article(project), person=ada)
    lost = make_annotation(make_layer(make_article(project), ada)).layer
    Layer.objects.filter(pk=lost.pk).update(slot=None, lapsed_at=timezone.now())

    page = signed_in(ada).get(queue_url(project)).text

    assert "Assigned by manager-of-harbour-inquiry" in page
    assert "You lost your place" in page


def test_an_empty_queue_says_where_the_articles_are(project: Project, ada: User) -> None:
    make_layer(make_article(project))
    submit_layer(actor=ada, layer=make_layer(make_article(project), ada))

    page = signed_in(ada).get(queue_url(project)).text

    assert "Nothing waiting." in page
    assert "1 article is with other people. You handed in 1 today." in page


def test_the_list_is_in_the_order_of_claims(project: Project, ada: User) -> None:
    for title in ("oldest", "older", "urgent"):
        make_article(project, title=title)
    Article.objects.filter(title="urgent").update(priority=2)

    page = signed_in(ada).get(queue_url(project)).text

    assert page.index("urgent") < page.index("oldest") < page.index("older")
    assert "priority 2" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_costs_the_same_for_one_article_and_for_three(
    project: Project, ada: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        make_article(project)
        make_layer(make_article(project), ada)
    client = signed_in(ada)

    # session, user, project, role; five of the queue; role, counts and inbox of the masthead
    with django_assert_num_queries(12):
        client.get(queue_url(project))


def test_words_are_counted_between_spaces_and_blocks(project: Project) -> None:
    text = "Quay reopens\n\nIt is ours again, she said.\n\nAt last."
    make_article(project, text)

    row = with_words(Article.objects.all()).get()

    assert row.words == len(text.split())  # type: ignore[attr-defined]  # annotated


def test_sections_count_what_is_in_hand_and_what_waits_for_review(
    project: Project, ada: User
) -> None:
    make_layer(make_article(project), ada)
    lost = make_layer(make_article(project), ada)
    Layer.objects.filter(pk=lost.pk).update(slot=None, lapsed_at=timezone.now())
    submit_layer(actor=ada, layer=make_layer(make_article(project), ada))
    done = make_layer(make_article(project), ada)
    submit_layer(actor=ada, layer=done)
    Review.objects.filter(article=done.article).update(
        adjudicated_at=timezone.now(), adjudicated_by=ada
    )
    hidden = make_layer(make_article(project), ada)
    Article.objects.filter(pk=hidden.article_id).update(
        embargo_until=timezone.now() + timedelta(days=1)
    )

    assert waiting_counts(ada, project) == (1, 1)
    page = signed_in(ada).get(reverse("article-list", args=[project.slug])).text
    assert f'{queue_url(project)}">Queue <span class="count">1</span></a>' in page
    assert reverse("review-list", args=[project.slug]) not in page


def test_what_was_done_today_counts_nothing_that_a_gate_hides_since(
    project: Project, ada: User
) -> None:
    articles = [make_article(project) for _ in range(2)]
    for article in articles:
        submit_layer(actor=ada, layer=make_layer(article, ada))
    assert queue_of(ada, project).done_today == 2

    Article.objects.filter(pk=articles[0].pk).update(withdrawn_at=timezone.now())

    assert queue_of(ada, project).done_today == 1
