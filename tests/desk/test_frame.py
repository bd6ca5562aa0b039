"""The frame around every page: modules, sections, the ways of saying that something is wrong."""

import json
import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse

from articles.desk.models import Role
from tests.desk.people import join, make_project, make_user, manager_of, signed_in

MODULES = Path(__file__).parents[2] / "static" / "js"


def rendered(template: str, **context: object) -> str:
    return Template("{% load newsdesk %}" + template).render(Context(context))


def test_the_import_map_names_every_module() -> None:
    html = rendered("{% importmap %}", csp_nonce="n0nce")

    found = re.fullmatch(r'<script type="importmap" nonce="n0nce">(.*)</script>', html)
    assert found
    assert json.loads(found[1]) == {
        "imports": {
            f"newsdesk/{path.stem}": f"/static/js/{path.name}" for path in MODULES.glob("*.js")
        }
    }


@pytest.mark.parametrize(
    ("path", "exact", "current"),
    [("/p/", True, True), ("/p/quay/", True, False), ("/p/quay/", False, True)],
)
def test_a_section_is_current_on_its_page_and_below(path: str, exact: bool, current: bool) -> None:
    request = RequestFactory().get(path)

    html = rendered(
        "{% section 'Projects' 'project-list' exact=exact %}", request=request, exact=exact
    )

    assert ('aria-current="page"' in html) == current


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "sections"),
    [
        (Role.ANNOTATOR, ["Articles", "Queue", "Dashboard", "Guidelines"]),
        (Role.REVIEWER, ["Articles", "Queue", "Review", "Dashboard", "Guidelines", "Datasets"]),
        (Role.ENGINEER, ["Articles", "Dashboard", "Guidelines", "Import", "Datasets", "Jobs"]),
        (
            Role.MANAGER,
            [
                "Articles",
                "Queue",
                "Review",
                "Dashboard",
                "Guidelines",
                "Import",
                "Datasets",
                "Settings",
            ],
        ),
    ],
)
def test_the_masthead_leads_only_where_one_may_go(role: Role, sections: list[str]) -> None:
    project = make_project()
    reader = join(project, make_user("zoe"), role)

    page = signed_in(reader).get(reverse("guidelines", args=[project.slug])).text

    nav = page.split('<nav class="sections"')[1].split("</nav>")[0]
    assert re.findall(r">([A-Z]\w+)", nav) == ["Projects", *sections, "Inbox"]


@pytest.mark.django_db
def test_what_is_not_there_is_said_in_words_and_leads_back() -> None:
    page = signed_in(make_user("ada")).get("/p/nowhere/guidelines/")

    assert page.status_code == 404
    assert "You cannot see this, or it does not exist" in page.text
    assert "Go to your projects" in page.text


@pytest.mark.django_db
def test_a_fragment_that_is_refused_is_one_line() -> None:
    project = make_project()
    annotator = join(project, make_user("ben"), Role.ANNOTATOR)

    answer = signed_in(annotator).get(
        reverse("label-look", args=[project.slug]), headers={"HX-Request": "true"}
    )

    assert answer.status_code == 403
    assert answer.text.strip() == "Only the managers of a project see and change its settings."


@pytest.mark.django_db
def test_a_form_from_elsewhere_is_refused_in_words() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(manager_of(make_project()))

    answer = client.post(reverse("theme"), {"theme": "dark"})

    assert answer.status_code == 403
    assert "Please send that again" in answer.text


@pytest.mark.django_db
def test_names_that_people_chose_cannot_write_html() -> None:
    project = make_project("<script>alert(1)</script>")

    page = signed_in(manager_of(project)).get(reverse("rules", args=[project.slug])).text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["project-new", "preferences", "rules", "guidelines-edit",
                                  "label-new", "member-list", "import"])  # fmt: skip
def test_a_page_with_a_form_answers_head_too(name: str) -> None:
    project = make_project("Harbour inquiry")
    args = [] if name in ("project-new", "preferences") else [project.slug]

    response = signed_in(manager_of(project)).head(reverse(name, args=args))

    assert (response.status_code, response.content) == (200, b"")
