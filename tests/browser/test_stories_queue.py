"""Work is given out and taken up, by keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from articles.annotations.models import Layer
from articles.desk import services
from articles.desk.models import Role, User
from articles.review.assignment_services import set_priority
from tests.browser.accessibility import check_accessibility
from tests.browser.conftest import NewPage
from tests.desk.people import join, make_project, make_user, manager_of
from tests.factories import TEXT, make_article

pytestmark = pytest.mark.django_db(transaction=True)

type SignIn = Callable[[Page, User], None]


def test_articles_are_assigned_in_bulk_and_the_rest_is_claimed(
    new_page: NewPage, sign_in: SignIn
) -> None:
    project = make_project()
    services.change_project(
        actor=manager_of(project), project=project, version=1, annotators_per_article=2
    )
    ben = join(project, make_user("ben"), Role.ANNOTATOR)
    for name in ("Anchor", "Buoy", "Crane", "Dock"):
        make_article(project, TEXT.replace("East Quay", name), title=name)
    urgent = make_article(project, TEXT.replace("East Quay", "Eel"), title="Eel")
    set_priority(actor=manager_of(project), article=urgent, priority=3)

    desk = new_page()
    sign_in(desk, manager_of(project))
    desk.goto(f"/p/{project.slug}/articles/")
    bar = desk.get_by_role("form", name="With the selected articles")
    expect(bar).to_be_hidden()
    check_accessibility(desk)
    for key in ("j", "j", "x", "j", "j", "Shift+X"):  # from Dock to Buoy
        desk.keyboard.press(key)
    expect(desk.get_by_role("checkbox", checked=True)).to_have_count(3)
    desk.keyboard.press("a")
    expect(desk.get_by_label("What to do")).to_be_focused()
    desk.keyboard.type("ben")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    heading = desk.get_by_role("heading", level=1)
    expect(heading).to_have_text("Assign 3 articles to ben")
    expect(desk.get_by_role("main")).to_contain_text("3 change")
    check_accessibility(desk)
    desk.get_by_role("button", name="Assign 3 articles to ben").press("Enter")
    expect(desk.get_by_text("3 articles changed.")).to_be_visible()

    his = new_page()
    sign_in(his, ben)
    his.goto(f"/p/{project.slug}/queue/")
    expect(his.get_by_text("Assigned by")).to_have_count(3)
    waiting = his.get_by_role("region", name="Waiting").locator("tbody a")
    expect(waiting).to_have_text(["Eel", "Anchor"])
    check_accessibility(his)
    his.keyboard.press("Enter")
    expect(his.get_by_role("heading", level=1)).to_have_text("Eel")
    his.wait_for_load_state()  # its keys are heard from then on
    his.get_by_role("application").focus()
    his.keyboard.press("Control+Enter")  # there is nothing to label in it
    expect(his.get_by_role("heading", level=1)).to_have_text("Anchor")

    desk.keyboard.press("z")
    expect(desk.get_by_text("Put back: 3 articles.")).to_be_visible()
    assert sorted(Layer.objects.values_list("article__title", flat=True)) == ["Anchor", "Eel"]
