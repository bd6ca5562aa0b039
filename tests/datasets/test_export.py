"""Taking a project's articles out: by the page, the API and the command."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.datasets.sources import Live
from articles.desk.models import Project, Role, Scope, User
from articles.desk.token_services import create_token
from articles.intake.models import Article
from tests.desk.people import join, make_project, make_user, manager_of, signed_in
from tests.factories import make_annotation, make_article, make_layer

pytestmark = pytest.mark.django_db


def make_export() -> tuple[Project, bytes]:
    """A project with one annotated article, and what its export is."""
    project = make_annotation(make_layer(make_article())).project
    return project, b"".join(Live(project).lines())


def received(response: object) -> bytes:
    assert isinstance(response, StreamingHttpResponse)
    return response.getvalue()


def with_token(user: User, *scopes: Scope, project: Project | None = None) -> Client:
    _token, secret = create_token(actor=user, name="export", scopes=scopes, days=1, project=project)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def api_address(project: Project, query: str = "?format=jsonl") -> str:
    return f"/api/v1/projects/{project.slug}/export{query}"


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ENGINEER, Role.MANAGER])
def test_whoever_may_export_downloads_the_file(role: Role) -> None:
    project, lines = make_export()
    user = join(project, make_user("kim"), role)

    response = signed_in(user).get(reverse("export-file", args=[project.slug]))

    assert received(response) == lines
    assert response["Content-Type"] == "application/x-ndjson"
    assert response["Content-Disposition"] == f'attachment; filename="{project.slug}.jsonl"'


@pytest.mark.parametrize("name", ["export", "export-file"])
def test_annotators_may_not_and_outsiders_see_nothing(name: str) -> None:
    project, _ = make_export()
    annotator = join(project, make_user("kim"), Role.ANNOTATOR)
    address = reverse(name, args=[project.slug])

    statuses = [signed_in(one).get(address).status_code for one in (annotator, make_user("out"))]

    assert statuses == [403, 404]


def test_the_page_offers_everybodys_layers_and_the_command_for_a_program() -> None:
    project, _ = make_export()
    manager = manager_of(project)

    response = signed_in(manager).get(
        reverse("export", args=[project.slug]), {"layers": "submitted"}
    )

    address = f"http://testserver{api_address(project)}&amp;layers=submitted"
    assert response.text.count(address) == 1
    assert f'<option value="{manager.username}">' in response.text


def test_the_api_streams_the_same_bytes() -> None:
    project, lines = make_export()

    response = with_token(manager_of(project), Scope.EXPORT).get(api_address(project))

    assert received(response) == lines


@pytest.mark.parametrize(
    ("query", "status"), [("?format=xml", 422), ("?layers=nobody", 422), ("?layers=%00", 400)]
)
def test_the_api_says_what_it_cannot_give(query: str, status: int) -> None:
    project, _ = make_export()

    response = with_token(manager_of(project), Scope.EXPORT).get(api_address(project, query))

    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"


def test_unknown_layers_are_a_mistake_in_the_address() -> None:
    project, _ = make_export()

    response = with_token(manager_of(project), Scope.EXPORT).get(
        api_address(project, "?layers=nobody")
    )

    assert [one["loc"] for one in response.json()["errors"]] == [["query", "layers"]]


def test_the_api_needs_the_scope_the_role_and_a_token_for_the_project() -> None:
    project, _ = make_export()
    manager, annotator = manager_of(project), join(project, make_user("kim"), Role.ANNOTATOR)
    elsewhere = make_project("Elsewhere", manager=manager)
    callers = [
        Client(),
        with_token(manager, Scope.READ),
        with_token(annotator, Scope.EXPORT),
        with_token(manager, Scope.EXPORT, project=elsewhere),
    ]

    assert [one.get(api_address(project)).status_code for one in callers] == [401, 403, 403, 404]


def test_the_command_writes_a_file_that_is_there_only_when_it_is_whole(tmp_path: Path) -> None:
    project, lines = make_export()

    call_command("export", project.slug, output=tmp_path / "out.jsonl")

    assert (tmp_path / "out.jsonl").read_bytes() == lines
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]


def test_the_command_writes_to_stdout(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    project, lines = make_export()

    call_command("export", project.slug)

    assert capfdbinary.readouterr().out == lines


def test_the_command_says_what_is_wrong(tmp_path: Path) -> None:
    project, _ = make_export()

    with pytest.raises(CommandError, match="There is no project nowhere"):
        call_command("export", "nowhere")
    with pytest.raises(CommandError, match="there is no “nobody” here"):
        call_command("export", project.slug, layers="nobody")
    with pytest.raises(CommandError, match="cannot be written: No such file or directory"):
        call_command("export", project.slug, output=tmp_path / "no" / "folder")


HIDING: list[dict[str, object]] = [
    {"embargo_until": timezone.now() + timedelta(days=7)},
    {"held_at": timezone.now(), "hold_reason": "legal check"},
    {"withdrawn_at": timezone.now()},
    {"not_for_training": True},
]


def titles(lines: bytes) -> list[str]:
    return [json.loads(line)["title"] for line in lines.splitlines()]


@pytest.mark.parametrize("gate", HIDING, ids=lambda gate: next(iter(gate)))
def test_what_a_gate_keeps_in_goes_out_to_nobody(gate: dict[str, object]) -> None:
    article = make_article(title="The one that goes out")
    kept = make_article(article.project, title="The one that stays")
    make_annotation(make_layer(kept))
    Article.objects.filter(pk=kept.pk).update(**gate)
    manager = manager_of(article.project)
    manager.is_superuser = True
    manager.save()

    by_page = signed_in(manager).get(reverse("export-file", args=[article.project.slug]))

    assert titles(received(by_page)) == ["The one that goes out"]
    assert titles(b"".join(Live(article.project).lines())) == ["The one that goes out"]


def test_what_is_sensitive_goes_out_only_to_who_is_cleared() -> None:
    article = make_article(title="The sensitive one")
    make_annotation(make_layer(article))
    Article.objects.filter(pk=article.pk).update(is_sensitive=True)
    kim = join(article.project, make_user("kim"), Role.ENGINEER)
    page = reverse("export-file", args=[article.project.slug])

    assert received(signed_in(kim).get(page)) == b""
    assert b"".join(Live(article.project).lines()) == b""
    article.project.memberships.filter(user=kim).update(cleared=True)
    assert titles(received(signed_in(kim).get(page))) == ["The sensitive one"]


def test_whose_work_is_only_on_what_stays_in_is_not_named() -> None:
    kept = make_layer()
    project = kept.project
    Article.objects.filter(pk=kept.article_id).update(withdrawn_at=timezone.now())
    client = signed_in(manager_of(project))

    page = client.get(reverse("export", args=[project.slug]))
    asked = client.get(reverse("export-file", args=[project.slug]), {"layers": kept.name})

    assert kept.name not in page.text.split("<form", 1)[1].split("</form>")[0]
    assert asked.status_code == 422


def test_times_have_all_their_microseconds_and_end_in_z() -> None:
    moment = timezone.now().replace(microsecond=120_000) - timedelta(days=1)
    project = make_article(published_at=moment).project

    (line,) = b"".join(Live(project).lines()).splitlines()

    assert json.loads(line)["published_at"] == moment.strftime("%Y-%m-%dT%H:%M:%S.120000Z")
