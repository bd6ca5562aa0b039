"""What the demo shows: an article in every state, work that differs, and what came of it."""

import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import DjangoDbBlocker

from articles.annotations.models import Annotation, Layer, Relation
from articles.datasets import demo
from articles.desk.models import Project, User
from articles.feed.delivery_services import webhooks_with_news
from articles.feed.models import Webhook
from articles.intake.models import Article
from articles.review.listing import ArticleStatus, status_of
from articles.review.models import Notice, Review, SavedView, Verdict
from articles.review.outcome_queries import compared_with_gold
from articles.review.review_services import open_review
from articles.suggestions.queries import open_suggestions

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def loaded(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[None]:
    """The demo, loaded once for all these tests, which only look at it."""
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        patch.setattr(settings, "DATA_DIR", tmp_path_factory.mktemp("data"))
        call_command("load_demo", stdout=StringIO())
        yield
        transaction.set_rollback(True)


def by_number(number: int) -> Article:
    """The article of the file with this number."""
    return Article.objects.select_related("project").get(external_id=f"demo-{number:02}")


def test_it_is_a_project_with_twelve_articles() -> None:
    project = Project.objects.get()
    articles = project.articles.newest_first()
    members = project.memberships.order_by("user__username")
    assert (project.slug, project.annotators_per_article) == ("harbour-inquiry", 2)
    assert list(members.values_list("user__username", "role", "cleared")) == [
        ("ada", "annotator", True),
        ("ben", "annotator", False),
        ("cem", "manager", True),
    ]
    assert [article.external_id for article in articles] == [
        f"demo-{number:02}" for number in range(1, 13)
    ]
    assert {article.language for article in articles} == {"en", "ar", "ja"}


def test_there_is_an_article_in_every_state_and_each_is_in_that_of_its_file() -> None:
    files = [tomllib.loads(path.read_text("utf-8")) for path in demo.FILES.glob("*.toml")]
    said = {given["external_id"]: given["state"] for given in files}
    found = {article.external_id: status_of(article).value for article in Article.objects.all()}
    assert found == said
    # What is adjudicated there is in the demo's dataset, too.
    assert set(found.values()) == set(ArticleStatus) - {ArticleStatus.ADJUDICATED}


def test_its_work_is_that_of_its_files() -> None:
    layers = Layer.objects.of_people().order_by("article__external_id", "name")
    counted = layers.values_list(
        "article__external_id", "name", "annotation_count", "relation_count"
    )
    assert list(counted[:3]) == [
        ("demo-01", "ada", 16, 6),
        ("demo-02", "ada", 16, 8),
        ("demo-02", "ben", 17, 8),
    ]
    submitted = Layer.objects.submitted().values_list("article__external_id", "name")
    assert sorted(submitted) == [
        ("demo-02", "ada"),
        ("demo-02", "ben"),
        ("demo-04", "ada"),
        ("demo-04", "ben"),
        ("demo-08", "ben"),
        ("demo-10", "ada"),
        ("demo-10", "ben"),
        ("demo-10", "cem"),
    ]
    assert Annotation.objects.filter(unsure=True).count() == 6
    assert Annotation.objects.exclude(note="").count() == 6


def test_the_review_that_goes_on_has_decisions_of_every_kind_and_most_are_open() -> None:
    decisions = by_number(2).decisions.all()
    assert Counter(one.kind for one in decisions) == {
        "unanimous": 11,
        "boundary": 2,
        "label": 2,
        "missing": 3,
        "relation": 9,
    }
    assert (decisions.open().count(), decisions.filter(is_unsure=True).count()) == (21, 1)
    assert Counter(
        Verdict.objects.filter(decision__in=decisions).values_list("ruling", "reason")
    ) == {
        ("accept", ""): 2,
        ("accept", "edge_habit"): 2,
        ("fix", "guideline_gap"): 1,
        ("reject", "slip"): 1,
    }


def test_whoever_reviews_can_go_on_with_any_review() -> None:
    assert not Review.objects.exclude(reviewer=None).exists()
    assert open_review(actor=User.objects.get(username="cem"), article=by_number(10)).started_at


def test_ada_sees_what_became_of_her_work_and_newcomers_practise_on_it() -> None:
    article = by_number(4)
    outcome = compared_with_gold(article.layers.get(name="ada"))
    assert outcome.counts == {"kept": 17, "moved": 4, "relabelled": 2, "removed": 1, "added": 1}
    assert article.project.practice == article


def test_their_inboxes_hold_what_happened_to_them() -> None:
    waiting = Notice.objects.waiting().order_by("id")
    assert list(waiting.values_list("person__username", "kind", "article__external_id")) == [
        ("ada", "returned", "demo-08"),
        ("ada", "adjudicated", "demo-04"),
        ("ben", "adjudicated", "demo-04"),
        ("ada", "mentioned", "demo-04"),
        ("cem", "replied", "demo-04"),
        ("ben", "replied", "demo-02"),
        ("cem", "import", None),
        *[("cem", "dataset", None)] * 3,
    ]
    imported = waiting.get(kind="import")
    assert imported.words == "from-the-wire.txt: 0 imported, 1 there already"


def test_its_webhook_shows_what_one_looks_like_and_sends_nothing() -> None:
    webhook = Webhook.objects.get()
    assert webhook.url.startswith("https://data.harbour.example/")
    assert webhook.disabled_reason == "Switched off by hand."
    assert webhooks_with_news() == []
    test = webhook.deliveries.get()
    assert (test.attempts, test.tried_at) == (0, None)
    assert test.problem == "It was not sent: the demo sends nothing."
    assert not ProcrastinateJob.objects.filter(args__task__startswith="articles.feed").exists()


def test_gates_keep_articles_from_those_who_may_not_see_them() -> None:
    seen = {
        name: set(
            Article.objects.visible_to(User.objects.get(username=name)).values_list(
                "external_id", flat=True
            )
        )
        for name in ("ada", "ben", "cem")
    }
    everything = {f"demo-{number:02}" for number in range(1, 13)}
    assert seen == {
        "ada": everything - {"demo-06"},
        "ben": everything - {"demo-06", "demo-09"},
        "cem": everything,
    }
    until = by_number(6).embargo_until
    assert until is not None
    assert until > timezone.now() + timedelta(days=28)
    gated = Article.objects.filter(not_for_training=True)
    assert [article.external_id for article in gated] == ["demo-11"]


def test_the_queue_and_the_list_are_as_their_manager_left_them() -> None:
    urgent = Article.objects.filter(priority__gt=0).values_list("external_id", "priority")
    assert list(urgent) == [("demo-03", 2)]
    views = SavedView.objects.values_list("user__username", "name")
    assert list(views) == [("cem", "Half done, in English")]


def test_its_agreement_can_be_measured() -> None:
    measured = Review.objects.order_by("article__external_id")
    assert [
        (review.article.external_id, round(review.agreement or 0, 2)) for review in measured
    ] == [("demo-02", 0.67), ("demo-04", 0.57), ("demo-08", 0.67), ("demo-10", 0.79)]


def test_all_of_it_is_as_it_must_be() -> None:
    call_command("verify")


def test_words_that_stand_there_more_than_once_are_marked_where_the_file_says() -> None:
    article = Article.objects.get(external_id="demo-04")
    body = article.revision.body
    source = Annotation.objects.get(
        article=article, layer__name="ada", start=body.index("Sister Amara Nwosu-Hale")
    )
    assert body[source.start : source.end] == "Sister Amara Nwosu-Hale"
    assert body.count("Sister Amara Nwosu-Hale") == 2


def test_every_quote_leads_to_what_the_file_calls_its_source() -> None:
    for relation in Relation.objects.select_related("source__label", "target__label"):
        assert relation.source.label.key in {"quote", "claim"}
        assert relation.target is not None
        assert relation.target.label.key == "source"


def test_a_machine_proposes_quotes_that_both_annotators_may_decide_on() -> None:
    article = by_number(1)
    for name in ("ada", "ben"):
        rows = open_suggestions(article, User.objects.get(username=name)).rows
        assert [(row.origin, row.label.key) for row, _ in rows] == [("demo-quotes", "quote")] * 5
        assert rows[0][1] == "“sound enough for people, not for lorries”"


def test_the_guidelines_have_a_chapter_for_each_label() -> None:
    project = Project.objects.get()
    names = [label.name for label in project.labels.all()]
    assert all(f"\n## {name}\n" in project.guidelines for name in names)
