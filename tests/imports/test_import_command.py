"""``manage.py import_articles PROJECT FILE.jsonl``: an export comes in again from the console."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from articles.annotations.models import Annotation
from articles.annotations.services import open_layer
from articles.datasets.verification import verify
from articles.desk.models import Role, User
from articles.intake.models import Article
from tests.desk.people import join, make_project, make_user
from tests.factories import make_annotation, make_article, make_layer, make_relation

pytestmark = pytest.mark.django_db


def exported(tmp_path: Path) -> Path:
    """An export of one article that ada labelled."""
    project = make_project("From")
    ada = join(project, make_user("ada"), Role.ANNOTATOR)
    layer = make_layer(make_article(project), ada)
    make_relation(layer)
    make_annotation(layer, "2.4 million", label="claim")
    path = tmp_path / "articles.jsonl"
    call_command("export", project.slug, output=path)
    return path


def run(*arguments: str) -> tuple[str, str]:
    out, complaints = StringIO(), StringIO()
    call_command("import_articles", *arguments, stdout=out, stderr=complaints)
    return out.getvalue(), complaints.getvalue()


def test_an_export_comes_in_with_all_that_stands_on_it(tmp_path: Path) -> None:
    project = make_project("To")

    out, complaints = run(project.slug, str(exported(tmp_path)))

    assert (out, complaints) == ("1 imported, 0 there already, 0 refused\n", "")
    assert Annotation.objects.filter(project=project).count() == 3
    assert verify() == []


def test_a_line_that_is_wrong_is_named_and_the_others_come_in(tmp_path: Path) -> None:
    project = make_project("To")
    path = exported(tmp_path)
    path.write_text("{broken\n" + path.read_text(encoding="utf-8") * 2, encoding="utf-8")
    complaints = StringIO()

    with pytest.raises(CommandError):
        call_command(
            "import_articles", project.slug, str(path), stdout=StringIO(), stderr=complaints
        )

    assert Article.objects.filter(project=project).count() == 1
    named = [line.partition(": ")[0] for line in complaints.getvalue().splitlines()]
    assert named == [f"{path}:1", f"{path}:3"]


def test_any_format_that_is_read_comes_in(tmp_path: Path) -> None:
    project = make_project("To")
    table, lines = tmp_path / "table.csv", tmp_path / "notes.dat"
    table.write_text("text,title\nOne sentence.,A\nTwo sentences. Really.,B\n", encoding="utf-8")
    lines.write_text('{"text": "Three sentences. Not more. Really."}', encoding="utf-8")

    out, _ = run(project.slug, str(table), "--check-first")
    run(project.slug, str(lines), "--format", "jsonl", "--publisher", "The Bugle")

    assert out == "2 imported, 0 there already, 0 refused\n"
    assert Article.objects.filter(placement="imported").count() == 2
    assert Article.objects.get(placement="ready").publisher == "The Bugle"


def test_a_file_of_an_unknown_kind_is_named(tmp_path: Path) -> None:
    project = make_project("To")
    film = tmp_path / "film.mp4"
    film.write_bytes(b"film")
    complaints = StringIO()

    with pytest.raises(CommandError):
        call_command(
            "import_articles", project.slug, str(film), stdout=StringIO(), stderr=complaints
        )

    assert complaints.getvalue() == f"{film}: Newsdesk does not read .mp4 files.\n"


def test_who_joins_later_goes_on_with_the_layer_of_their_name(tmp_path: Path) -> None:
    project = make_project("To")
    run(project.slug, str(exported(tmp_path)))
    article = Article.objects.get(project=project)
    assert article.layers.get().annotator is None
    ada = join(project, User.objects.get(username="ada"), Role.ANNOTATOR)

    layer = open_layer(actor=ada, article=article)

    assert (layer.annotator, layer.slot, layer.annotation_count) == (ada, 1, 3)
    assert article.layers.count() == 1
    assert verify() == []
