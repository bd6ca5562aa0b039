"""Signing in and out, preferences, and API tokens."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles.desk import token_services
from articles.desk.models import ApiToken, User
from tests.desk.people import PASSWORD, make_project, make_user, signed_in

pytestmark = pytest.mark.django_db

A_MINUTE_AGO = timezone.now() - timedelta(minutes=1)


@pytest.fixture(autouse=True)
def no_throttle_from_other_tests() -> None:
    cache.clear()


def confirmed(user: User) -> Client:
    """A browser whose ``user`` has just typed the password once more."""
    client = signed_in(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def shown_secret(page: str) -> str:
    """The token that a page shows to be copied, if it shows one."""
    found = re.search(r'id="secret">([^<]+)<', page)
    return found[1] if found else ""


def token_form(**changes: object) -> dict[str, object]:
    return {"name": "Nightly export", "scopes": ["read", "export"], "days": "90", **changes}


@pytest.mark.parametrize("name", ["ada", "ada@example.org"])
def test_one_signs_in_by_name_or_by_mail(name: str) -> None:
    make_user("ada")

    response = Client().post(
        reverse("account_login"),
        {"login": name, "password": PASSWORD, "next": "/account/"},
    )

    assert response["Location"] == "/account/"


def test_every_failure_to_sign_in_reads_the_same() -> None:
    make_user("ada")

    pages = [
        Client().post(reverse("account_login"), {"login": name, "password": "wrong"}).text
        for name in ("ada", "nobody")
    ]

    assert all("The username and/or password you specified are not correct." in p for p in pages)


def test_guessing_is_slowed_down() -> None:
    make_user("ada")
    client = Client()
    for _ in range(5):
        client.post(reverse("account_login"), {"login": "ada", "password": "wrong"})

    page = client.post(reverse("account_login"), {"login": "ada", "password": PASSWORD})

    assert "Too many failed login attempts. Try again later." in page.text


def test_a_forgotten_password_is_replaced_by_mail() -> None:
    make_user("ada")
    client = Client()
    client.post(reverse("account_reset_password"), {"email": "ada@example.org"})
    [sent] = mail.outbox
    [link] = re.findall(r"http://testserver(/\S+)", str(sent.body))

    form = client.get(link)["Location"]
    client.post(form, {"password1": "battery horse", "password2": "battery horse"})

    assert client.login(username="ada", password="battery horse")
    assert "This link no longer works" in Client().get(link).text


def test_asking_for_a_new_password_does_not_tell_who_is_here() -> None:
    make_user("ada")

    answers = [
        Client().post(reverse("account_reset_password"), {"email": email})["Location"]
        for email in ("ada@example.org", "nobody@example.org")
    ]

    assert answers == [reverse("account_reset_password_done")] * 2


def test_a_password_is_changed_by_who_knows_the_old_one() -> None:
    ada = make_user("ada")
    client = signed_in(ada)
    new = {"password1": "battery horse", "password2": "battery horse"}

    wrong = client.post(reverse("account_change_password"), {"oldpassword": "guess", **new})
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, **new})

    assert "Please type your current password." in wrong.text
    assert Client().login(username="ada", password="battery horse")


def test_signing_out_asks_only_by_post() -> None:
    client = signed_in(make_user("ada"))

    assert client.get(reverse("account_logout")).status_code == 200
    assert client.get(reverse("preferences")).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("preferences")).status_code == 302


def test_preferences_are_kept_and_every_page_follows_them() -> None:
    client = signed_in(make_user("ada"))
    wanted = {"name": "Ada Byron", "theme": "dark", "text_size": "22", "spacing": "compact"}
    wanted |= {"keys": "off", "speech": "selections", "boundaries": "on"}

    response = client.post(reverse("preferences"), wanted)

    page = client.get(reverse("project-list")).text
    assert (response.status_code, response["Location"]) == (303, reverse("preferences"))
    assert "<summary>Ada Byron</summary>" in page
    assert (
        'data-theme="dark" data-text-size="22" data-spacing="compact"'
        ' data-keys="off" data-speech="selections" data-boundaries="on"'
    ) in page


@pytest.mark.parametrize(
    "change", [{"theme": "pink"}, {"text_size": "96"}, {"speech": ""}, {"name": "x" * 121}]
)
def test_a_preference_that_is_none_keeps_all_as_it_was(change: dict[str, str]) -> None:
    ada = make_user("ada")
    wanted = {"name": "Ada Byron", "theme": "dark", "text_size": "22", "spacing": "compact"}
    wanted |= {"keys": "off", "speech": "off", "boundaries": "off", **change}

    response = signed_in(ada).post(reverse("preferences"), wanted)

    ada.refresh_from_db()
    assert response.status_code == 422
    assert (ada.name, ada.preferences) == ("", {})


def test_the_theme_is_changed_from_any_page_and_remembered_after_signing_out() -> None:
    client = signed_in(make_user("ada"))

    response = client.post(reverse("theme"), {"theme": "dark", "next": "/account/tokens/"})
    client.post(reverse("account_logout"))

    assert response["Location"] == "/account/tokens/"
    assert 'data-theme="dark"' in client.get(reverse("account_login")).text


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "javascript:x", ""])
def test_the_way_back_never_leads_elsewhere(elsewhere: str) -> None:
    client = signed_in(make_user("ada"))

    response = client.post(reverse("theme"), {"theme": "pink", "next": elsewhere})

    assert response["Location"] == "/"


def test_a_remembered_theme_that_is_none_is_ignored() -> None:
    client = Client()
    client.cookies["theme"] = '"><script>'

    assert 'data-theme="system"' in client.get(reverse("account_login")).text


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_of_the_token_list_does_not_grow(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ada = make_user("ada", staff=True)
    for number in range(count):
        project = make_project(f"Project {number}", manager=ada)
        token_services.create_token(
            actor=ada, name=f"Token {number}", scopes=["read"], days=30, project=project
        )
    client = signed_in(ada)

    with django_assert_num_queries(4):  # session, user, tokens, inbox
        page = client.get(reverse("token-list")).text

    assert page.count("Revoke Token") == count
    assert reverse("api:openapi-json") in page
    assert "1,200 times a minute" in page


def test_making_a_token_asks_for_the_password_again() -> None:
    client = signed_in(make_user("ada"))

    response = client.post(reverse("token-new"), token_form())
    assert response["Location"].startswith(reverse("account_reauthenticate"))
    assert not ApiToken.objects.exists()

    # What was sent is not lost: it goes on from here.
    response = client.post(
        response["Location"], {"password": PASSWORD, "next": "/account/tokens/new/"}
    )
    assert response.context["secret"] in response.text
    assert ApiToken.objects.get().name == "Nightly export"


def test_a_token_is_shown_once() -> None:
    client = confirmed(make_user("ada"))

    response = client.post(reverse("token-new"), token_form())

    secret = response.context["secret"]
    token = token_services.find_token(secret, used_from=None)
    assert token is not None
    assert (token.name, token.scopes, token.project) == (
        "Nightly export",
        ["read", "export"],
        None,
    )
    assert secret in response.text
    assert response["Cache-Control"] == "no-store"
    assert secret not in client.get(reverse("token-list")).text


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"scopes": []},
        {"scopes": ["read", "everything"]},
        {"days": "36500"},
        {"days": "soon"},
        {"project": "999999"},
        {"project": "harbour"},
        {"chosen_id": "first"},
    ],
)
def test_a_token_that_makes_no_sense_is_not_made(change: dict[str, object]) -> None:
    response = confirmed(make_user("ada")).post(reverse("token-new"), token_form(**change))

    assert response.status_code == 422
    assert not ApiToken.objects.exists()


def test_a_double_click_makes_one_token_and_shows_its_secret() -> None:
    client = confirmed(make_user("ada"))
    page = client.get(reverse("token-new")).text
    [chosen_id] = re.findall(r'name="chosen_id" value="([^"]+)"', page)

    made, again = (
        client.post(reverse("token-new"), token_form(chosen_id=chosen_id)) for _ in range(2)
    )
    other = client.post(reverse("token-new"), token_form(chosen_id=chosen_id, name="Another"))

    token = ApiToken.objects.get()
    assert shown_secret(again.text) == shown_secret(made.text)
    assert token_services.find_token(shown_secret(made.text), used_from=None) == token
    assert other.status_code == 409
    assert "This form was sent before. Open it anew." in other.text


@pytest.mark.parametrize("change", [{"created_at": A_MINUTE_AGO}, {"revoked_at": A_MINUTE_AGO}])
def test_an_old_form_shows_no_secret(change: dict[str, object]) -> None:
    client = confirmed(make_user("ada"))
    form = token_form(chosen_id=str(uuid4()))
    client.post(reverse("token-new"), form)
    ApiToken.objects.update(**change)

    again = client.post(reverse("token-new"), form)

    assert again.status_code == 409
    assert shown_secret(again.text) == ""
    assert ApiToken.objects.count() == 1


def test_who_knows_the_id_of_anothers_form_gets_another_secret() -> None:
    chosen_id = str(uuid4())

    ada, ben = (
        confirmed(make_user(name)).post(reverse("token-new"), token_form(chosen_id=chosen_id))
        for name in ("ada", "ben")
    )

    assert "" != shown_secret(ada.text) != shown_secret(ben.text) != ""


def test_a_token_cannot_be_bound_to_somebody_elses_project() -> None:
    project = make_project()

    response = confirmed(make_user("ada")).post(
        reverse("token-new"), token_form(project=project.pk)
    )

    assert response.status_code == 422
    assert not ApiToken.objects.exists()


def test_a_revoked_token_opens_nothing_and_stays_listed_for_ninety_days() -> None:
    ada = make_user("ada")
    token, secret = token_services.create_token(actor=ada, name="Old", scopes=["read"], days=30)
    client = signed_in(ada)

    client.post(reverse("token-revoke", args=[token.pk]))
    client.post(reverse("token-revoke", args=[token.pk]))

    assert token_services.find_token(secret, used_from=None) is None
    assert 'data-status="revoked"' in client.get(reverse("token-list")).text
    ApiToken.objects.update(revoked_at=timezone.now() - timedelta(days=91))
    assert "No tokens" in client.get(reverse("token-list")).text


def test_only_its_owner_revokes_a_token() -> None:
    token, secret = token_services.create_token(
        actor=make_user("ada"), name="Old", scopes=["read"], days=30
    )

    response = signed_in(make_user("ben")).post(reverse("token-revoke", args=[token.pk]))

    assert response.status_code == 404
    assert token_services.find_token(secret, used_from=None) is not None


@pytest.mark.parametrize(
    "url",
    [
        reverse_lazy("account_login"),
        reverse_lazy("account_signup"),
        reverse_lazy("account_inactive"),
        reverse_lazy("account_reset_password"),
        reverse_lazy("account_reset_password_done"),
        reverse_lazy("account_reset_password_from_key", args=["1", "no-such-key"]),
        reverse_lazy("account_reset_password_from_key_done"),
        reverse_lazy("account_email_verification_sent"),
        reverse_lazy("account_confirm_email", args=["no-such-key"]),
    ],
    ids=str,
)
def test_the_pages_before_signing_in_share_one_look(url: str) -> None:
    page = Client().get(url).text

    assert 'class="masthead"' in page
    assert page.count("<h1") == 1


@pytest.mark.parametrize(
    "name",
    ["preferences", "account_email", "account_change_password", "token-list", "account_logout"],
)
def test_the_pages_of_the_account_have_one_heading_each(name: str) -> None:
    page = signed_in(make_user("ada")).get(reverse(name)).text

    assert page.count("<h1") == 1


def test_administrators_look_at_everything_and_change_only_accounts() -> None:
    root = User.objects.create_superuser("root", "root@example.org", PASSWORD)
    client = signed_in(root)

    for model in ("project", "label", "event", "revision", "annotation", "apitoken"):
        assert client.get(f"/admin/articles/{model}/").status_code == 200
        assert client.get(f"/admin/articles/{model}/add/").status_code == 403
    assert client.get("/admin/articles/user/add/").status_code == 200


def test_the_administration_has_the_same_door_as_all_else() -> None:
    response = Client().get("/admin/")

    assert response["Location"].startswith(reverse("admin:login"))
    assert Client().get(response["Location"])["Location"].startswith(reverse("account_login"))
