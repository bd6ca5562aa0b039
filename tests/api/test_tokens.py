"""Who is let in, and how far."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles.desk.models import ApiToken, Scope
from articles.desk.services import deactivate_member
from articles.desk.token_services import revoke_token
from articles.intake.models import Article
from tests.api.calls import ALL, Caller, caller, code_of, json_of
from tests.api.conftest import Newsroom
from tests.desk.people import label_of, make_project, manager_of
from tests.factories import make_article

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer nd_wrong", "Basic nd_wrong", "Bearer \x00", "nd_wrong"]
)
def test_no_usable_token_is_401_and_says_how(room: Newsroom, header: str) -> None:
    stranger = Caller(None)
    stranger.headers = {"Authorization": header}

    response = stranger.get("/projects")

    assert code_of(response) == (401, "token_missing")
    assert response["WWW-Authenticate"] == 'Bearer realm="Newsdesk"'


def test_a_session_alone_does_not_let_in(room: Newsroom) -> None:
    stranger = Caller(None)
    stranger.client.force_login(room.people["manager"])

    assert code_of(stranger.get("/projects")) == (401, "token_missing")


def test_revoked_expired_and_orphaned_tokens_do_not_let_in(room: Newsroom) -> None:
    gone = (room.ada, room.ben, room.reviewer)
    assert [who.get("/projects").status_code for who in gone] == [200, 200, 200]

    token = ApiToken.objects.get(user=room.people["ada"])
    revoke_token(actor=room.people["ada"], token=token)
    ApiToken.objects.filter(user=room.people["ben"]).update(expires_at=timezone.now())
    room.people["reviewer"].is_active = False
    room.people["reviewer"].save()

    for who in gone:
        assert code_of(who.get("/projects")) == (401, "token_missing")


def test_using_a_token_is_noted_once_a_minute(room: Newsroom) -> None:
    room.ada.get("/projects")
    first = ApiToken.objects.get(user=room.people["ada"])
    room.ada.get("/projects")
    second = ApiToken.objects.get(user=room.people["ada"])

    assert first.last_used_from == "127.0.0.1"
    assert first.last_used_at == second.last_used_at
    assert first.last_used_at is not None


def test_a_sender_that_a_proxy_names_oddly_is_let_in_and_not_noted(room: Newsroom) -> None:
    response = room.ada.client.get(
        "/api/v1/projects", headers=room.ada.headers, REMOTE_ADDR="unknown"
    )

    token = ApiToken.objects.get(user=room.people["ada"])
    assert response.status_code == 200
    assert token.last_used_at is not None
    assert token.last_used_from is None


def test_each_scope_opens_its_calls_only(room: Newsroom, article: Article) -> None:
    calls = {
        "read": ("GET", "/projects"),
        "annotate": ("POST", f"/articles/{article.pk}/annotations"),
        "import": ("POST", f"{room.path}/articles"),
        "manage": ("POST", "/projects"),
    }
    for scope in ("read", "annotate", "import", "manage"):
        narrow = caller(room.people["manager"], scopes=[scope])
        for needed, (method, path) in calls.items():
            response = narrow(method, path, {} if method == "POST" else None)
            if needed == scope:
                assert response.status_code in (200, 422)
            else:
                assert code_of(response) == (403, "scope_missing")
                assert needed in response.json()["detail"]


def test_a_token_of_one_project_sees_no_other(room: Newsroom) -> None:
    boss = room.people["manager"]
    other = make_project("Other desk", manager=boss)
    there = make_article(other)
    bound = caller(boss, project=room.project)

    assert [one["slug"] for one in json_of(bound.get("/projects"))["items"]] == ["harbour-inquiry"]
    for path in ("/projects/other-desk", f"/articles/{there.pk}", f"/articles/{there.pk}/text",
                 f"/revisions/{there.revision_id}/text", f"/labels/{label_of(other, 'quote').pk}",
                 f"/articles/{there.pk}/annotations"):  # fmt: skip
        assert code_of(bound.get(path)) == (404, "not_found")
        assert caller(boss).get(path).status_code == 200
    assert code_of(bound.post("/projects", {"name": "Third"})) == (403, "not_allowed")


def test_who_leaves_a_project_no_longer_sees_it(room: Newsroom) -> None:
    deactivate_member(actor=manager_of(room.project), project=room.project, user=room.people["ada"])

    assert code_of(room.ada.get(room.path)) == (404, "not_found")


def made(*arguments: str, capsys: pytest.CaptureFixture[str]) -> str:
    call_command("create_token", *arguments)
    return capsys.readouterr().out


def test_the_command_prints_a_token_that_works_alone(
    room: Newsroom, capsys: pytest.CaptureFixture[str]
) -> None:
    out = made(
        "ada", "--project", room.project.slug, "--scope", "read", "annotate", "--days", "7",
        capsys=capsys,
    )  # fmt: skip

    token = ApiToken.objects.latest("created_at")
    assert out.startswith("nd_")
    assert out.count("\n") == 1
    assert token.project == room.project
    assert token.scopes == [Scope.READ, Scope.ANNOTATE]
    assert timedelta(days=6) < token.expires_at - timezone.now() < timedelta(days=8)
    assert Caller(out.strip()).get(room.path).status_code == 200


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nobody", "--scope", "read"], "no active user"),
        (["otto", "--scope", "read", "--project", "harbour-inquiry"], "in no project"),
        (["ada", "--scope", "read", "--days", "0"], "1 to 365 days"),
        (["ada", "--scope", "fly"], "invalid choice"),
        (["ada"], "required"),
    ],
)
def test_the_command_refuses_in_words(
    room: Newsroom, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("create_token", *arguments)

    assert capsys.readouterr().out == ""
    assert ApiToken.objects.filter(name="From the command line").count() == 0


def test_all_scopes_are_known() -> None:
    assert ALL == ["read", "annotate", "import", "export", "review", "manage"]
