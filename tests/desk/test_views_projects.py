"""The list of projects, a new one, its rules and its guidelines, as a browser sees them."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from articles.desk import services
from articles.desk.models import Project, Role
from newsdesk.errors import Invalid
from tests.desk.people import join, make_project, make_user, manager_of, signed_in

pytestmark = pytest.mark.django_db


def rules_of(project: Project, **changes: object) -> dict[str, object]:
    """What the rules form sends when nobody touched it, and ``changes``."""
    return {
        "name": project.name,
        "language": project.language,
        "annotators_per_article": project.annotators_per_article,
        "lease_minutes": project.lease_minutes,
        "audit_sample": project.audit_sample,
        "blind": "on",
        "version": project.version,
        **changes,
    }


def test_the_front_door_leads_to_the_projects(client: Client) -> None:
    response = client.get("/")

    assert response.status_code == 302
    assert response["Location"] == reverse("project-list")


def test_a_stranger_is_asked_to_sign_in_and_brought_back(client: Client) -> None:
    response = client.get(reverse("project-list"))

    assert response["Location"] == reverse("account_login") + "?next=/p/"


def test_the_list_shows_only_ones_own_projects() -> None:
    mine = make_project("Harbour inquiry")
    make_project("Science desk")

    page = signed_in(manager_of(mine)).get(reverse("project-list")).text

    assert "Harbour inquiry" in page
    assert "Science desk" not in page


def test_somebody_without_a_project_is_told_how_to_get_into_one() -> None:
    page = signed_in(make_user("zoe")).get(reverse("project-list")).text

    assert "You are not in a project yet" in page
    assert reverse("project-new") not in page


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_of_the_list_does_not_grow(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    manager = make_user("ada", staff=True)
    for number in range(count):
        make_project(f"Project {number}", manager=manager)
    client = signed_in(manager)

    with django_assert_num_queries(5):  # session, user, projects, their work, inbox
        page = client.get(reverse("project-list")).text

    assert page.count('<a class="title"') == count


def test_a_new_project_opens_with_its_labels() -> None:
    client = signed_in(make_user("ada", staff=True))

    response = client.post(
        reverse("project-new"),
        {"name": "Élections 2027", "language": "fr", "labels": "newsroom"}
        | {"annotators_per_article": "2", "blind": "on"},
    )

    project = Project.objects.get()
    assert response["Location"] == reverse("label-list", args=["elections-2027"])
    assert (project.name, project.language, project.annotators_per_article, project.blind) == (
        "Élections 2027",
        "fr",
        2,
        True,
    )
    assert [label.key for label in project.labels.spans().in_order()] == [
        "claim",
        "quote",
        "source",
        "caption",
    ]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 121}, "at most 120 characters"),
        ({"name": "Harbour inquiry", "slug": "quay"}, "Another project has this name."),
        ({"slug": "harbour-inquiry"}, "Another project has this address."),
        ({"slug": "-"}, "small letters, digits and single hyphens"),
        ({"language": "Klingon of the north"}, "BCP 47"),
        ({"annotators_per_article": "6"}, "less than or equal to 5"),
        ({"annotators_per_article": "two"}, "Enter a whole number."),
        ({"labels": "mine"}, "Select a valid choice."),
        ({"name": "☕"}, "small letters, digits and single hyphens"),
    ],
)
def test_a_project_that_makes_no_sense_is_explained_beside_its_field(
    given: dict[str, str], message: str
) -> None:
    manager = manager_of(make_project("Harbour inquiry"))
    form = {"name": "Science desk", "language": "en", "labels": "none"}
    form |= {"annotators_per_article": "1", **given}

    response = signed_in(manager).post(reverse("project-new"), form)

    assert response.status_code == 422
    assert message in response.text
    assert 'role="alert" tabindex="-1" autofocus' in response.text
    assert Project.objects.count() == 1


def test_a_taken_name_is_told_beside_the_name_when_no_address_was_given() -> None:
    manager = manager_of(make_project("Harbour inquiry"))
    form = {"language": "en", "labels": "none", "annotators_per_article": "1"}

    for name in ("Harbour inquiry", "harbour  inquiry!"):
        response = signed_in(manager).post(reverse("project-new"), {"name": name, **form})

        assert response.context["form"].errors == {
            "name": ["Another project has this name, or one that makes the same address."]
        }


def test_an_annotator_cannot_open_a_project() -> None:
    annotator = join(make_project(), make_user("ben"), Role.ANNOTATOR)

    response = signed_in(annotator).get(reverse("project-new"))

    assert response.status_code == 403
    assert "Only staff and managers of a project may open a new one." in response.text


@pytest.mark.parametrize("name", ["label-list", "guidelines-edit", "member-list", "rules"])
def test_settings_are_for_managers(name: str) -> None:
    project = make_project()
    annotator = join(project, make_user("ben"), Role.ANNOTATOR)
    outsider = make_user("zoe")

    statuses = [
        signed_in(reader).get(reverse(name, args=[project.slug])).status_code
        for reader in (manager_of(project), annotator, outsider)
    ]

    assert statuses == [200, 403, 404]


def test_rules_are_changed() -> None:
    project = make_project()
    client = signed_in(manager_of(project))
    changed = rules_of(project, name="Quay inquiry", annotators_per_article=3, language="cy")
    del changed["blind"]

    response = client.post(reverse("rules", args=[project.slug]), changed, follow=True)

    project.refresh_from_db()
    assert (project.name, project.language) == ("Quay inquiry", "cy")
    assert (project.annotators_per_article, project.blind) == (3, False)
    assert "Saved." in response.text


def test_rules_of_places_and_reviews_are_changed_and_unset_again() -> None:
    project = make_project()
    client = signed_in(manager_of(project))
    changed = rules_of(project, raise_below=70, lease_minutes=45, audit_sample=0)

    client.post(reverse("rules", args=[project.slug]), changed | {"separate_adjudicator": "on"})

    project.refresh_from_db()
    assert (project.raise_below, project.lease_minutes, project.audit_sample) == (70, 45, 0)
    assert project.separate_adjudicator

    client.post(reverse("rules", args=[project.slug]), rules_of(project, raise_below=""))

    project.refresh_from_db()
    assert (project.raise_below, project.separate_adjudicator) == (None, False)


@pytest.mark.parametrize(
    ("field", "value"),
    [("raise_below", 0), ("raise_below", 101), ("lease_minutes", 4), ("lease_minutes", 10_081),
     ("audit_sample", -1), ("audit_sample", 101)],
)  # fmt: skip
def test_rules_that_make_no_sense_are_refused_by_the_form_and_by_the_service(
    field: str, value: int
) -> None:
    project = make_project()
    manager = manager_of(project)
    changed = rules_of(project, **{field: value})

    answer = signed_in(manager).post(reverse("rules", args=[project.slug]), changed)

    assert answer.status_code == 422
    with pytest.raises(Invalid):
        services.change_project(actor=manager, project=project, version=1, **{field: value})


def test_rules_that_somebody_changed_meanwhile_are_kept_until_sent_again() -> None:
    project = make_project()
    manager = manager_of(project)
    form = rules_of(project, name="Mine")
    services.change_project(actor=manager, project=project, version=1, name="Theirs")
    client = signed_in(manager)

    first = client.post(reverse("rules", args=[project.slug]), form)

    assert first.status_code == 409
    assert "Somebody changed this project" in first.text
    assert 'name="version" value="2"' in first.text
    assert 'value="Mine"' in first.text
    project.refresh_from_db()
    assert project.name == "Theirs"

    client.post(reverse("rules", args=[project.slug]), form | {"version": 2})
    project.refresh_from_db()
    assert project.name == "Mine"


@pytest.mark.parametrize("version", ["", "0", "none", "9" * 400])
def test_rules_without_a_sensible_version_change_nothing(version: str) -> None:
    project = make_project()
    form = rules_of(project, name="Mine", version=version)

    response = signed_in(manager_of(project)).post(reverse("rules", args=[project.slug]), form)

    assert response.status_code == 422
    project.refresh_from_db()
    assert project.name == "Harbour inquiry"


def test_guidelines_are_published_and_read_by_annotators() -> None:
    project = make_project()
    annotator = join(project, make_user("ben"), Role.ANNOTATOR)

    signed_in(manager_of(project)).post(
        reverse("guidelines-edit", args=[project.slug]),
        {"guidelines": "# Whole claims\n\nNever *half* a claim.", "version": 1},
    )
    page = signed_in(annotator).get(reverse("guidelines", args=[project.slug])).text

    assert "<h2>Whole claims</h2>" in page
    assert "<em>half</em>" in page
    assert "Version 2" in page


def test_a_preview_shows_the_text_and_saves_nothing() -> None:
    project = make_project()
    client = signed_in(manager_of(project))
    form = {"guidelines": "**Bold** claim", "version": 1, "preview": "1"}
    url = reverse("guidelines-edit", args=[project.slug])

    page, fragment = client.post(url, form), client.post(url, form, headers={"HX-Request": "true"})

    assert "<strong>Bold</strong>" in page.text
    assert fragment.text.strip().startswith('<section id="guidelines-preview"')
    assert "<strong>Bold</strong>" in fragment.text
    project.refresh_from_db()
    assert project.guidelines == ""


def test_guidelines_published_over_somebody_elses_show_both() -> None:
    project = make_project()
    manager = manager_of(project)
    services.publish_guidelines(actor=manager, project=project, version=1, text="Theirs stands.")

    response = signed_in(manager).post(
        reverse("guidelines-edit", args=[project.slug]), {"guidelines": "Mine waits.", "version": 1}
    )

    assert response.status_code == 409
    assert "Mine waits.</textarea>" in response.text
    assert "<p>Theirs stands.</p>" in response.text


def test_guidelines_too_long_are_refused_with_both_numbers() -> None:
    project = make_project()

    response = signed_in(manager_of(project)).post(
        reverse("guidelines-edit", args=[project.slug]),
        {"guidelines": "x" * 200_001, "version": 1},
    )

    assert response.status_code == 422
    assert "may have 200,000 characters; these have 200,001" in response.text


def test_each_page_says_who_may_load_what() -> None:
    response = signed_in(make_user("ada")).get(reverse("project-list"))

    policy = response["Content-Security-Policy"]
    nonce = policy.split("'nonce-")[1].split("'")[0]
    assert "default-src 'none'" in policy
    assert response.text.count("<script") == response.text.count(f'nonce="{nonce}"')
    assert " style=" not in response.text
