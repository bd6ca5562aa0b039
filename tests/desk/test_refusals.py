"""What is refused before a view sees it."""

from django.test import Client


def test_a_name_that_is_not_ours_is_told_so() -> None:
    answer = Client().get("/p/", headers={"Host": "elsewhere.example"})

    assert (answer.status_code, answer.headers["Content-Type"]) == (
        400,
        "text/plain; charset=utf-8",
    )
    assert answer.text == (
        "Newsdesk is not served under this name: its administrator lists it in NEWSDESK_HOSTS."
    )
