"""``manage.py import_articles``: files come in from the console, and what does not is named."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles.desk.models import Project, Role
from articles.intake.models import Article
from tests.desk.people import join, make_project, make_user, manager_of
from tests.intake.stories import PAGE, STORY

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return make_project()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], str]:
    """Write a file and give its path."""

    def write(name: str, text: str) -> str:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return write


type Write = Callable[[str, str], str]


def run(*arguments: str) -> tuple[str, str]:
    """What the command writes on stdout and stderr."""
    out, complaints = StringIO(), StringIO()
    call_command("import_articles", *arguments, stdout=out, stderr=complaints)
    return out.getvalue(), complaints.getvalue()


def test_files_come_in_by_the_projects_first_manager(project: Project, write: Write) -> None:
    out, complaints = run(project.slug, write("a.html", PAGE), write("b.txt", STORY))

    articles = Article.objects.in_intake_order()
    assert (out, complaints) == ("2 imported, 0 there already, 0 refused\n", "")
    assert [article.revision.created_by for article in articles] == [manager_of(project)] * 2
    assert [article.placement for article in articles] == ["ready", "ready"]


def test_importing_the_same_files_again_changes_nothing(project: Project, write: Write) -> None:
    path = write("b.txt", STORY)
    run(project.slug, path)

    out, complaints = run(project.slug, path)

    assert out == "0 imported, 1 there already, 0 refused\n"
    assert complaints == (
        f"{path}: “Ferry strike ends after nine days” in this project has the same text.\n"
    )


def test_a_file_that_cannot_be_read_is_named_and_the_others_come_in(
    project: Project, write: Write, tmp_path: Path
) -> None:
    empty, missing = write("empty.txt", ""), str(tmp_path / "missing.txt")
    out, complaints = StringIO(), StringIO()

    with pytest.raises(CommandError, match="Not every file could be read"):
        call_command(
            "import_articles",
            *(project.slug, empty, missing, str(tmp_path), write("b.txt", STORY)),
            stdout=out,
            stderr=complaints,
        )

    assert out.getvalue() == "1 imported, 0 there already, 3 refused\n"
    assert complaints.getvalue().splitlines() == [
        f"{empty}: This file is empty.",
        f"{missing}: No such file or directory.",
        f"{tmp_path}: Is a directory.",
    ]


def test_details_are_given_to_every_file(project: Project, write: Write) -> None:
    options = ["--publisher", "Archive", "--language", "de", "--check-first"]

    run(project.slug, write("b.txt", STORY), *options)

    article = Article.objects.get()
    assert (article.publisher, article.language, article.placement) == ("Archive", "de", "imported")


def test_somebody_else_may_be_named_as_who_imports(project: Project, write: Write) -> None:
    engineer = join(project, make_user("eva"), Role.ENGINEER)

    run(project.slug, write("b.txt", STORY), "--as", "eva")

    assert Article.objects.get().revision.created_by == engineer


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere"], "There is no project nowhere."),
        (["harbour-inquiry", "--as", "nobody"], "There is nobody called nobody."),
        (["harbour-inquiry", "--as", "ada"], "Only managers and engineers bring articles in."),
    ],
)
def test_what_is_asked_wrongly_is_said_in_a_sentence(
    project: Project, write: Write, arguments: list[str], words: str
) -> None:
    join(project, make_user("ada"), Role.ANNOTATOR)

    with pytest.raises(CommandError) as refused:
        run(arguments[0], write("b.txt", STORY), *arguments[1:])

    assert str(refused.value) == words
    assert not Article.objects.exists()
