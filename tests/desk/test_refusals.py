"""What is refused before a view sees it, and what breaks in one."""

import re

import pytest
from django.db import connection
from django.test import Client

from tests.desk.people import make_user


def test_a_name_that_is_not_ours_is_told_so() -> None:
    answer = Client().get("/p/", headers={"Host": "elsewhere.example"})

    assert (answer.status_code, answer.headers["Content-Type"]) == (
        400,
        "text/plain; charset=utf-8",
    )
    assert answer.text == (
        "Newsdesk is not served under this name: its administrator lists it in NEWSDESK_HOSTS."
    )


@pytest.mark.django_db
def test_what_breaks_is_told_under_the_number_that_it_has_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    browser = Client(raise_request_exception=False)
    browser.force_login(make_user("ada"))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE articles_project RENAME TO lost_projects")

    page = browser.get("/p/")
    line = browser.get("/p/", headers={"HX-Request": "true"})

    numbers = re.findall(r"Incident (\w+) at GET /p/$", caplog.text, re.MULTILINE)
    for answer, number in zip((page, line), numbers, strict=True):
        assert answer.status_code == 500
        assert f"written down as incident {number}." in answer.text
        assert "articles_project" not in answer.text
    assert ("<h1>" in page.text, "<h1>" in line.text) == (True, False)
