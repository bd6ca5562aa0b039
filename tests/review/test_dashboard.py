"""The dashboard's page, its files and its disagreements: what they say, and to whom."""

import csv
import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles.desk.models import Project, Role, User
from articles.intake.models import Article
from articles.review.models import Decision, Measurement, Review, Verdict
from articles.review.submission_services import submit_layer
from tests.desk.people import join, make_project, make_user, manager_of, signed_in
from tests.factories import make_article, make_layer, make_relation
from tests.review.handing_in import disputed, hand_in, make_team, review_over

pytestmark = pytest.mark.django_db

FIGURES = ("progress", "throughput", "agreement", "pairs", "confusion", "labels", "reasons",
           "quotes")  # fmt: skip


@pytest.fixture
def team() -> tuple[Project, list[User]]:
    return make_team("ada", "ben", "zoe")


def page_of(user: User, project: Project, **filters: Any) -> str:
    response = signed_in(user).get(reverse("dashboard", args=[project.slug]), filters)
    assert response.status_code == 200
    return " ".join(response.text.split())


def table_of(user: User, project: Project, figure: str, **filters: Any) -> list[dict[str, str]]:
    address = reverse("figure-csv", args=[project.slug, figure])
    response = signed_in(user).get(address, filters)
    assert response.status_code == 200, response.text
    return list(csv.DictReader(StringIO(response.text)))


def disagreements_of(user: User, project: Project, **asked: str) -> list[str]:
    """The words of each disagreement that is listed."""
    response = signed_in(user).get(reverse("disagreements", args=[project.slug]), asked)
    assert response.status_code == 200
    return re.findall(r'<a class="said"[^>]*>([^<]*)</a>', response.text)


def test_an_empty_project_says_what_agreement_needs() -> None:
    project = make_project()

    page = page_of(manager_of(project), project)

    assert "Agreement needs two annotators on one article." in page
    assert "No articles are being worked on yet." in page
    assert "<svg class=" not in page


def test_every_figure_has_a_title_a_finding_a_picture_named_by_both_and_its_numbers(
    team: tuple[Project, list[User]],
) -> None:
    project, (ada, ben, _) = team
    disputed(project, ada, ben)

    page = page_of(manager_of(project), project)

    for key in set(FIGURES) - {"reasons"}:
        assert f'id="{key}-title"' in page
        assert f'role="img" aria-labelledby="{key}-title {key}-finding"' in page
        assert table_of(manager_of(project), project, key)
    assert 'id="reasons-finding">No reviewer has ruled on a disagreement yet.' in page
    assert " style=" not in page


def test_the_numbers_are_those_of_the_work(team: tuple[Project, list[User]]) -> None:
    project, (ada, ben, _) = team
    manager = manager_of(project)
    disputed(project, ada, ben)
    make_article(project, title="Waiting")

    [pair] = table_of(manager, project, "pairs")
    measures = {row["Measure"]: row for row in table_of(manager, project, "agreement")}
    uses = {row["Label"]: row["Annotations"] for row in table_of(manager, project, "labels")}
    [now] = table_of(manager, project, "progress")

    assert (pair["One"], pair["Other"], pair["Articles"], pair["Compared"]) == (
        "ada", "ben", "1", "7",
    )  # fmt: skip
    assert float(pair["Exact F1"]) == pytest.approx(4 / 7)
    assert float(measures["Span F1, exact"]["Value"]) == pytest.approx(4 / 7)
    assert float(measures["Span F1, overlap"]["Value"]) == pytest.approx(6 / 7)
    assert measures["Link F1"]["Value"] == ""
    assert measures["Link F1"]["Remark"] == "Nobody linked anything"
    assert uses == {"Claim": "4", "Quote": "1", "Source": "2"}
    assert (now["Ready"], now["Annotating"], now["Adjudicated"]) == ("1", "1", "0")


def test_the_page_shows_the_same_numbers_as_the_file(team: tuple[Project, list[User]]) -> None:
    project, (ada, ben, _) = team
    disputed(project, ada, ben)

    page = page_of(manager_of(project), project)

    assert "Of what two people marked, 57% both marked, to the character: exact F1 0.57." in page
    assert "ada and ben: 0.57 over 1 article." in page
    assert "too few to rely on" in page
    assert re.search(r'class="few" fill="url\(#few-pairs\)"', page)


def test_filters_look_at_a_part_of_the_work(team: tuple[Project, list[User]]) -> None:
    project, (ada, ben, zoe) = team
    manager = manager_of(project)
    long_ago = timezone.now() - timedelta(days=60)
    disputed(project, ada, ben)
    older = make_article(project)
    for one in (ada, zoe):
        hand_in(older, one, ("source", "Zoë Hart"), at=long_ago)

    def pairs(**filters: str) -> dict[tuple[str, str], float]:
        rows = table_of(manager, project, "pairs", **filters)
        return {(row["One"], row["Other"]): float(row["Exact F1"]) for row in rows}

    assert pairs() == {("ada", "ben"): pytest.approx(4 / 7), ("ada", "zoe"): 1}
    assert pairs(range="30") == {("ada", "ben"): pytest.approx(4 / 7)}
    assert pairs(label="source") == {("ada", "ben"): 1, ("ada", "zoe"): 1}
    assert pairs(annotator="zoe") == {("ada", "zoe"): 1}
    assert pairs(annotator="zoe", range="7") == {}


@pytest.mark.parametrize(
    "filters", [{"range": "8"}, {"label": "nothing"}, {"annotator": "nobody"}, {"range": "\x00"}]
)
def test_a_filter_that_there_is_not_is_refused(filters: dict[str, str]) -> None:
    project = make_project()

    response = signed_in(manager_of(project)).get(
        reverse("dashboard", args=[project.slug]), filters
    )

    assert response.status_code == 422


def test_an_annotator_sees_their_own_column_and_the_teams_mean_of_what_is_reviewed(
    team: tuple[Project, list[User]],
) -> None:
    project, (ada, ben, zoe) = team
    reviewed, unfinished = disputed(project, ada, ben), disputed(project, ben, zoe)
    review_over(reviewed, timezone.now())

    mine = table_of(ada, project, "pairs")
    none = table_of(zoe, project, "pairs")

    assert [(row["One"], row["Other"], row["Articles"]) for row in mine] == [
        ("You", "ben", "1"),
        ("The team", "The team's mean", "1"),
    ]
    assert [row["One"] for row in none] == ["The team"]
    review_over(unfinished, timezone.now())
    after = table_of(ada, project, "pairs")
    assert [(row["One"], row["Other"], row["Articles"]) for row in after] == [
        ("You", "ben", "1"),
        ("The team", "The team's mean", "2"),
    ]
    assert "zoe" not in page_of(ada, project)


def test_an_annotator_learns_nothing_of_work_whose_review_is_not_over(
    team: tuple[Project, list[User]],
) -> None:
    project, (ada, ben, zoe) = team
    disputed(project, ada, ben)

    for figure in ("pairs", "confusion", "labels", "quotes", "reasons"):
        assert table_of(zoe, project, figure) == []
    assert {row["Value"] for row in table_of(zoe, project, "agreement")} == {""}


def test_an_annotator_cannot_look_at_somebody_elses_part(team: tuple[Project, list[User]]) -> None:
    project, (ada, _, _) = team
    browser = signed_in(ada)

    address = reverse("dashboard", args=[project.slug])
    assert browser.get(address, {"annotator": "ben"}).status_code == 422
    assert browser.get(address, {"annotator": "ada"}).status_code == 200
    assert browser.get(reverse("disagreements", args=[project.slug])).status_code == 403


def test_where_work_is_not_blind_annotators_look_at_disagreements_too(
    team: tuple[Project, list[User]],
) -> None:
    project, (ada, ben, zoe) = team
    Project.objects.filter(pk=project.pk).update(blind=False)
    disputed(project, ada, ben)

    assert disagreements_of(zoe, project)
    assert [row["One"] for row in table_of(zoe, project, "pairs")] == ["The team"]


@pytest.mark.parametrize(
    "gate",
    [
        {"held_at": timezone.now(), "hold_reason": "Legal"},
        {"withdrawn_at": timezone.now()},
        {"embargo_until": timezone.now() + timedelta(days=1)},
        {"is_sensitive": True},
    ],
)
def test_an_article_behind_a_gate_is_in_no_figure_and_no_list(
    team: tuple[Project, list[User]], gate: dict[str, Any]
) -> None:
    project, (ada, ben, _) = team
    reviewer = join(project, make_user("rey"), Role.REVIEWER)
    article = disputed(project, ada, ben)
    seen = page_of(reviewer, project)
    assert "57%" in seen

    Article.objects.filter(pk=article.pk).update(**gate)

    for figure in FIGURES:
        rows = table_of(reviewer, project, figure)
        numbers = [
            value for row in rows for value in row.values() if re.fullmatch(r"[1-9][\d.]*", value)
        ]
        assert figure == "throughput" or numbers == []
    assert sum(int(row["Layers"]) for row in table_of(reviewer, project, "throughput")) == 0
    assert disagreements_of(reviewer, project) == []


def test_a_manager_who_sees_more_does_not_share_what_they_see(
    team: tuple[Project, list[User]],
) -> None:
    project, (ada, ben, _) = team
    reviewer = join(project, make_user("rey"), Role.REVIEWER)
    article = disputed(project, ada, ben)
    Article.objects.filter(pk=article.pk).update(withdrawn_at=timezone.now())

    assert len(table_of(manager_of(project), project, "pairs")) == 1
    assert table_of(reviewer, project, "pairs") == []
    assert Measurement.objects.filter(project=project).count() == 2


def test_disagreements_are_the_annotations_that_the_other_did_not_make(
    team: tuple[Project, list[User]],
) -> None:
    project, (ada, ben, zoe) = team
    manager = manager_of(project)
    disputed(project, ada, ben)
    disputed(project, ben, zoe)

    both = disagreements_of(manager, project, one="ada", other="ben")

    assert both == ["It was closed", "It begins in week", "begins in week"]
    assert len(disagreements_of(manager, project)) == 6
    assert disagreements_of(manager, project, one="ada", other="ben", label="quote") == [
        "It was closed"
    ]
    assert disagreements_of(manager, project, one="ada", across="nothing") == []
    assert disagreements_of(manager, project, one="ada", other="ben", across="nothing") == [
        "It was closed"
    ]
    assert disagreements_of(manager, project, one="ada", across="claim") == ["It begins in week"]
    assert disagreements_of(manager, project, one="ada", other="zoe") == []


def test_a_disagreement_leads_to_its_place_in_the_layer(team: tuple[Project, list[User]]) -> None:
    project, (ada, ben, _) = team
    disputed(project, ada, ben)
    browser = signed_in(manager_of(project))

    page = browser.get(reverse("disagreements", args=[project.slug]))
    [first, *_] = re.findall(r'<a class="said" href="([^"]*)"', page.text)
    opened = browser.get(first.replace("&amp;", "&"))

    assert opened.status_code == 200
    assert "It was closed" in opened.text


def test_disagreements_come_in_pages_without_repeating_any(
    team: tuple[Project, list[User]], monkeypatch: pytest.MonkeyPatch
) -> None:
    project, (ada, ben, _) = team
    for _ in range(3):
        disputed(project, ada, ben)
    monkeypatch.setattr("articles.review.dashboard_views.PER_PAGE", 4)
    browser = signed_in(manager_of(project))
    address, places = reverse("disagreements", args=[project.slug]), []

    query = "?"
    while query:
        text = browser.get(address + query).text
        places += re.findall(r'<a class="said" href="([^"]*)"', text)
        found = re.search(r'href="(\?[^"]*)" rel="next"', text)
        query = found[1].replace("&amp;", "&") if found else ""

    assert len(places) == len(set(places)) == 9


def test_quotes_without_a_source_are_counted(team: tuple[Project, list[User]]) -> None:
    project, (ada, ben, _) = team
    manager = manager_of(project)
    disputed(project, ada, ben)
    layer = make_layer(make_article(project), ada)
    make_relation(layer)
    submit_layer(actor=ada, layer=layer)

    [week] = table_of(manager, project, "quotes")

    assert (week["Quotes"], week["Without a source"], week["Share"]) == ("2", "1", "0.5")
    assert "1 of 2 quotes (50%) have no source." in page_of(manager, project)


def test_reasons_are_those_of_the_verdicts_that_stand(team: tuple[Project, list[User]]) -> None:
    project, (ada, ben, _) = team
    manager = manager_of(project)
    article = disputed(project, ada, ben)
    Review.objects.update_or_create(
        project=project,
        article=article,
        defaults={
            "reviewer": manager,
            "started_at": timezone.now(),
            "lease_expires_at": timezone.now() + timedelta(minutes=15),
        },
    )
    for reason in ("edge_habit", ""):
        decision = Decision.objects.create(
            project=project, article=article, kind="missing", start=0, end=5, variants=[]
        )
        Verdict.objects.create(
            project=project,
            article=article,
            decision=decision,
            ruling="reject",
            reason=reason,
            reviewer=manager,
        )

    rows = table_of(manager, project, "reasons")
    assert sorted((row["Reason"], row["Verdicts"]) for row in rows) == [
        ("Edge habit", "1"),
        ("No reason given", "1"),
    ]
    assert "Edge habit is the reason given most: 1 of 2 verdicts." in page_of(manager, project)


def test_a_file_holds_no_formula(team: tuple[Project, list[User]]) -> None:
    project, (ada, ben, _) = team
    User.objects.filter(pk=ada.pk).update(name="=HYPERLINK(1)")
    disputed(project, ada, ben)

    [pair] = table_of(manager_of(project), project, "pairs")

    assert pair["One"] == "'=HYPERLINK(1)"


def test_a_figure_that_there_is_not_is_404(team: tuple[Project, list[User]]) -> None:
    project, _ = team

    address = reverse("figure-csv", args=[project.slug, "nothing"])

    assert signed_in(manager_of(project)).get(address).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_does_not_grow(
    team: tuple[Project, list[User]],
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    project, (ada, ben, _) = team
    for _ in range(count):
        disputed(project, ada, ben)
    browser = signed_in(manager_of(project))
    addresses = {
        reverse("dashboard", args=[project.slug]): (31, 12),
        reverse("disagreements", args=[project.slug]): (13, 13),
    }

    for address, (first, again) in addresses.items():
        with django_assert_num_queries(first):
            browser.get(address)
        with django_assert_num_queries(again):
            browser.get(address)


def test_who_is_no_member_finds_nothing(team: tuple[Project, list[User]], client: Client) -> None:
    project, _ = team
    stranger = signed_in(make_user("otto"))

    for name, args in (("dashboard", []), ("disagreements", []), ("figure-csv", ["pairs"])):
        address = reverse(name, args=[project.slug, *args])
        assert stranger.get(address).status_code == 404
        assert client.get(address).status_code == 302
