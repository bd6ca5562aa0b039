"""Settings ▸ Labels: the list, a label's page, and what can be done with it."""

from uuid import uuid4

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from articles.desk import label_services
from articles.desk.models import Label, Project, Role
from tests.desk.people import join, label_of, make_project, make_user, manager_of, signed_in

pytestmark = pytest.mark.django_db


def form_of(label: Label | None = None, **changes: object) -> dict[str, object]:
    """What a label's form sends when nobody touched it, and ``changes``."""
    schema = label.attributes if label else []
    form: dict[str, object] = {
        "name": label.name if label else "Forecast",
        "definition": label.definition if label else "",
        "hotkey": label.hotkey if label else "",
        "line": label.line if label else "wavy",
        "color": label.color if label else "#5b4903",
        "color_dark": label.color_dark if label else "#f3ed4d",
        "attributes-TOTAL_FORMS": len(schema) + 1,
        "attributes-INITIAL_FORMS": len(schema),
    }
    if label:
        form["version"] = label.version
    for number, one in enumerate(schema):
        row = {**one, "choices": ", ".join(one["choices"])}
        form |= {f"attributes-{number}-{key}": row[key] for key in ("key", "name", "type")}
        form[f"attributes-{number}-choices"] = row["choices"]
    return form | changes


def do(project: Project, label: Label, act: str, **form: object) -> str:
    """Press the button ``act`` of ``label`` as the manager; the page that follows."""
    client = signed_in(manager_of(project))
    url = reverse(f"label-{act}", args=[project.slug, label.pk])
    return client.post(url, {"version": label.version, **form}, follow=True).text


def test_the_list_has_each_label_with_its_questions() -> None:
    project = make_project()

    page = signed_in(manager_of(project)).get(reverse("label-list", args=[project.slug])).text

    assert page.count('<a class="title"') == 5
    assert "Joins Quote → Source, Claim → Source" in page
    assert page.index("Claim</a>") < page.index("Quote</a>") < page.index("Source</a>")


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_of_the_list_does_not_grow(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    project = make_project()
    manager = manager_of(project)
    for number in range(count):
        label_services.add_label(actor=manager, project=project, name=f"Label {number}")
    client = signed_in(manager)

    with django_assert_num_queries(11):
        page = client.get(reverse("label-list", args=[project.slug])).text

    assert page.count('<a class="title"') == 5 + count


def test_a_label_is_made_with_its_questions() -> None:
    project = make_project()
    form = form_of(
        None,
        hotkey="5",
        **{
            "attributes-0-key": "horizon",
            "attributes-0-type": "choice",
            "attributes-0-choices": "days, months , years",
            "attributes-0-required": "on",
        },
    )

    signed_in(manager_of(project)).post(reverse("label-new", args=[project.slug]), form)

    label = label_of(project, "forecast")
    assert (label.name, label.hotkey, label.line) == ("Forecast", "5", "wavy")
    assert label.attributes == [
        {
            "key": "horizon",
            "name": "Horizon",
            "type": "choice",
            "choices": ["days", "months", "years"],
            "required": True,
        }
    ]


def test_a_form_nobody_touched_changes_nothing() -> None:
    project = make_project()
    quote = label_of(project, "quote")

    signed_in(manager_of(project)).post(
        reverse("label", args=[project.slug, quote.pk]), form_of(quote)
    )

    same = label_of(project, "quote")
    assert (same.attributes, same.version) == (quote.attributes, 1)


def test_emptying_a_questions_key_drops_it() -> None:
    project = make_project()
    quote = label_of(project, "quote")

    signed_in(manager_of(project)).post(
        reverse("label", args=[project.slug, quote.pk]),
        form_of(quote, **{"attributes-0-key": ""}),
    )

    assert label_of(project, "quote").attributes == []


@pytest.mark.parametrize(
    ("changes", "status", "message"),
    [
        ({"name": ""}, 422, "This field is required."),
        ({"name": "x" * 61}, 422, "at most 60 characters"),
        ({"color": "#dddddd"}, 422, "is too faint"),
        ({"color": "red"}, 422, "A colour is written #rrggbb."),
        ({"color_dark": "#222222"}, 422, "is too faint"),
        ({"hotkey": "1"}, 409, "already gives another label"),
        ({"hotkey": "x"}, 422, "Select a valid choice."),
        ({"line": "zigzag"}, 422, "Select a valid choice."),
        ({"version": ""}, 422, "This field is required."),
        ({"version": 7}, 409, "Somebody changed"),
        ({"attributes-0-choices": ""}, 422, "needs choices"),
        ({"attributes-0-key": "Two Words"}, 422, "small letters, digits and _"),
        ({"attributes-0-type": "colour"}, 422, "Select a valid choice."),
        ({"attributes-TOTAL_FORMS": ""}, 422, "came incomplete"),
        ({"attributes-TOTAL_FORMS": 1000}, 422, "at most 20 questions"),
    ],
)
def test_a_change_that_makes_no_sense_is_explained(
    changes: dict[str, object], status: int, message: str
) -> None:
    project = make_project()
    quote = label_of(project, "quote")

    response = signed_in(manager_of(project)).post(
        reverse("label", args=[project.slug, quote.pk]), form_of(quote, **changes)
    )

    assert response.status_code == status
    assert message in response.text
    assert label_of(project, "quote").version == 1


def test_a_refused_colour_is_judged_as_it_was_given() -> None:
    project = make_project()
    quote = label_of(project, "quote")

    page = signed_in(manager_of(project)).post(
        reverse("label", args=[project.slug, quote.pk]), form_of(quote, color="#DDDDDD")
    )

    assert "On white: contrast 1.2" in page.text


def test_a_second_label_of_the_same_key_is_refused() -> None:
    project = make_project()

    response = signed_in(manager_of(project)).post(
        reverse("label-new", args=[project.slug]), form_of(None, name="A quote", key="quote")
    )

    assert response.status_code == 409
    assert "There is a label “quote” already." in response.text


def test_labels_move_up_and_down() -> None:
    project = make_project()

    do(project, label_of(project, "quote"), "up")
    do(project, label_of(project, "claim"), "down")

    assert [label.key for label in project.labels.spans().in_order()] == [
        "quote",
        "source",
        "claim",
        "caption",
    ]


def test_a_label_is_retired_and_restored() -> None:
    project = make_project()

    page = do(project, label_of(project, "quote"), "retire")
    assert "“Quote” is retired." in page
    assert label_of(project, "quote").retired_at is not None

    page = do(project, label_of(project, "quote"), "restore")
    assert "“Quote” is offered again." in page
    assert label_of(project, "quote").retired_at is None


def test_a_label_that_nothing_carries_is_deleted() -> None:
    project = make_project()

    page = do(project, label_of(project, "caption"), "delete")

    assert "“Caption” is deleted." in page
    assert not project.labels.filter(key="caption").exists()


def test_a_button_of_an_old_page_changes_nothing_and_says_so() -> None:
    project = make_project()
    quote = label_of(project, "quote")
    label_services.change_label(
        actor=manager_of(project), label=quote, version=1, name="Direct quote"
    )

    page = do(project, quote, "retire")

    assert "notice error" in page
    assert label_of(project, "quote").retired_at is None


@pytest.mark.parametrize("form", [{"version": ""}, {"version": "two"}])
def test_a_button_without_a_version_is_a_bad_request(form: dict[str, str]) -> None:
    project = make_project()
    client = signed_in(manager_of(project))
    url = reverse("label-retire", args=[project.slug, label_of(project, "quote").pk])

    assert client.post(url, form).status_code == 400


def test_what_is_not_there_is_not_found() -> None:
    project, other = make_project(), make_project("Science desk")
    client = signed_in(manager_of(project))
    foreign = label_of(other, "quote")

    statuses = [
        client.get(reverse("label", args=[project.slug, uuid4()])).status_code,
        client.get(reverse("label", args=[project.slug, foreign.pk])).status_code,
        client.post(
            reverse("label-retire", args=[project.slug, foreign.pk]), {"version": 1}
        ).status_code,
    ]

    assert statuses == [404, 404, 404]


def test_an_annotator_cannot_press_the_buttons() -> None:
    project = make_project()
    annotator = join(project, make_user("ben"), Role.ANNOTATOR)
    url = reverse("label-delete", args=[project.slug, label_of(project, "quote").pk])

    assert signed_in(annotator).post(url, {"version": 1}).status_code == 403
    assert project.labels.filter(key="quote").exists()


def test_colours_are_judged_while_they_are_chosen() -> None:
    project = make_project()
    client = signed_in(manager_of(project))
    url = reverse("label-look", args=[project.slug])

    page = client.get(url, {"color": "#d0d0d0", "color_dark": "#b5cdf0", "except": "quote"}).text

    assert "On white: contrast 1.4" in page
    assert "4.5 is the least that can be saved" in page
    assert "Near to Claim for everybody" in page


@pytest.mark.parametrize("color", ["", "red", "#12345", "#12345g", "#" + "1" * 5000])
def test_a_colour_that_is_none_is_a_bad_request(color: str) -> None:
    project = make_project()
    given = {"color": color, "color_dark": "#b5cdf0"}

    response = signed_in(manager_of(project)).get(reverse("label-look", args=[project.slug]), given)

    assert response.status_code == 400
