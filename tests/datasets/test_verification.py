"""The verifier finds each kind of damage. Damage is done behind the triggers' backs."""

import io

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.annotations.services import delete_annotation
from articles.annotations.undo_services import redo, undo
from articles.datasets.verification import verify
from articles.desk.models import Project
from articles.review.submission_services import submit_layer
from articles.review.talk_services import add_comment
from tests.desk.people import make_project, manager_of
from tests.factories import make_annotation, make_article, make_layer, make_relation

pytestmark = pytest.mark.django_db

ROW, LOG = "log_gives_the_tables", "log_is_whole"
HOME, FORCE, MADE = "rows_at_home", "rules_in_force", "decision_is_made_of_work"


@pytest.fixture
def project() -> Project:
    """A project in which a good deal happened, all of it by services."""
    article = make_article()
    layer = make_layer(article)
    manager = manager_of(article.project)
    relation = make_relation(layer)
    add_comment(actor=manager, on=relation.source, body="Is it his?")
    claim = make_annotation(layer, "2.4 million", label="claim")
    delete_annotation(actor=manager, annotation=claim, version=1)
    undo(actor=manager, layer=layer)
    redo(actor=manager, layer=layer)
    second = make_relation(make_layer(make_article(article.project)), target_name="A neighbour")
    submit_layer(actor=manager, layer=second.layer)
    return article.project


def damage(statement: str) -> None:
    """Run ``statement`` with triggers and foreign keys switched off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        assert cursor.rowcount != 0
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_nothing_is_wrong_with_what_the_services_made(project: Project) -> None:
    assert verify() == []
    assert verify(project) == []


@pytest.mark.parametrize(
    ("statement", "rules"),
    [
        ("UPDATE articles_revision SET sha256 = sha256(sha256)",
         {"revision_sha256_is_of_body", ROW}),
        ("UPDATE articles_revision SET length = length + 1",
         {"revision_length_counts_code_points", ROW}),
        ("UPDATE articles_revision SET body = replace(body, 'Z', E'\\r')",
         {"revision_is_canonical", "revision_sha256_is_of_body", "annotation_quote_equals_text"}),
        ("""UPDATE articles_block SET "end" = "end" - 1 WHERE position = 1""",
         {"blocks_cover_revision", ROW}),
        ("DELETE FROM articles_block WHERE position = (SELECT max(position) FROM articles_block)",
         {"blocks_cover_revision", ROW}),
        ("""UPDATE articles_annotation SET "end" = 9999""",
         {"annotation_span_inside_revision", ROW}),
        ("UPDATE articles_annotation SET quote_sha256 = sha256('')",
         {"annotation_quote_equals_text", ROW}),
        ("UPDATE articles_annotation SET label_id = (SELECT id FROM articles_label"
         " WHERE kind = 'relation')", {"annotation_label_is_for_spans", "relation_ends_fit", ROW}),
        ("UPDATE articles_annotation SET deleted_at = now() WHERE deleted_at IS NULL",
         {"relation_ends_are_live", "layer_counts_its_annotations", ROW}),
        ("DELETE FROM articles_relationrule", {"relation_ends_fit", ROW}),
        ("UPDATE articles_layer SET annotation_count = 7", {"layer_counts_its_annotations"}),
        ("UPDATE articles_layer SET relation_count = 7", {"layer_counts_its_relations"}),
        ("UPDATE articles_layer SET slot = 5", {"layer_slot_within_quota", ROW}),
        ("DELETE FROM articles_relation", {MADE, "layer_counts_its_relations", ROW}),
        ("DELETE FROM articles_layer", {HOME, MADE, ROW}),
        ("DELETE FROM articles_annotation",
         {HOME, MADE, "layer_counts_its_annotations", ROW}),
        ("UPDATE articles_comment SET body = 'Is it hers?'", {ROW}),
        ("UPDATE articles_project SET name = name || '!'", {ROW}),
        ("UPDATE articles_article SET revision_id = uuidv7()", {HOME, ROW}),
        ("UPDATE articles_annotation SET article_id = (SELECT max(id::text)::uuid"
         " FROM articles_article)", {HOME, ROW}),
        ("DELETE FROM articles_event WHERE kind = 'layer.opened'", {LOG, ROW}),
        ("DELETE FROM articles_event WHERE kind = 'annotation.deleted'", {HOME, LOG}),
        ("UPDATE articles_event SET changes = jsonb_set(changes, '{0,before,version}', '9')"
         " WHERE kind = 'annotation.deleted'", {LOG}),
        ("UPDATE articles_event SET changes = jsonb_set(changes, '{0,after}', 'null')"
         " WHERE kind = 'comment.added'", {ROW}),
        ("ALTER TABLE articles_annotation DISABLE TRIGGER annotation_is_true", {FORCE}),
        ("ALTER TABLE articles_layer DROP CONSTRAINT layer_slot_one_to_five", {FORCE}),
        ("DROP INDEX annotation_once_per_layer_while_live", {FORCE}),
    ],
)  # fmt: skip
def test_damage_is_found(project: Project, statement: str, rules: set[str]) -> None:
    damage(statement)

    assert {violation.rule for violation in verify()} == rules


def test_rows_that_point_into_another_project_are_found(project: Project) -> None:
    other = make_project("Elsewhere")

    damage(f"UPDATE articles_layer SET project_id = {other.pk}")

    found = {str(one) for one in verify(other) if one.rule == HOME and one.table == "layer"}
    layers = connection.cursor().execute("SELECT id FROM articles_layer").fetchall()
    assert found == {
        f"layer {key}: its article is not there, or is of another project or article (rows_at_home)"
        for (key,) in layers
    }


def test_the_same_label_twice_on_a_span_is_found(project: Project) -> None:
    damage("DROP INDEX annotation_once_per_layer_while_live")
    damage("""
        INSERT INTO articles_annotation (project_id, article_id, revision_id, layer_id, label_id,
            start, "end", quote_sha256, attributes, note, unsure, origin, version)
        SELECT project_id, article_id, revision_id, layer_id, label_id,
            start, "end", quote_sha256, attributes, note, unsure, origin, version
        FROM articles_annotation WHERE deleted_at IS NULL LIMIT 1
    """)

    assert {violation.rule for violation in verify()} == {
        FORCE, "annotation_once_per_layer_while_live", "layer_counts_its_annotations", ROW,
    }  # fmt: skip


def test_a_row_that_was_deleted_and_is_there_is_found(project: Project) -> None:
    damage("""
        INSERT INTO articles_event (project_id, kind, changes)
        SELECT project_id, 'comment.lost', jsonb_build_array(jsonb_build_object('table', 'comment',
            'id', id::text, 'before', to_jsonb(c), 'after', NULL)) FROM articles_comment c
    """)

    (violation,) = verify()

    assert (violation.rule, violation.table) == (ROW, "comment")
    assert violation.words.endswith("deleted this row, and it is there")


def test_damage_elsewhere_is_not_of_this_project(project: Project) -> None:
    other = make_project("Elsewhere")
    damage(f"UPDATE articles_project SET language = 'xx' WHERE id = {other.pk}")

    assert verify(project) == []
    assert [violation.table for violation in verify(other)] == ["project"]


def test_query_count_does_not_grow() -> None:
    layer = make_layer()
    counts = []
    for words in ("“The quay is ours again,”", "It was closed", "It begins"):
        make_annotation(layer, words, label="claim")
        with CaptureQueriesContext(connection) as queries:
            assert verify() == []
        counts.append(len(queries))

    assert counts == [counts[0]] * 3


def test_the_command_says_it_and_leaves_with_1(project: Project) -> None:
    out, err = io.StringIO(), io.StringIO()
    call_command("verify", stdout=out, stderr=err)
    assert out.getvalue() == "Everything is as it must be.\n"

    damage("UPDATE articles_comment SET body = 'Is it hers?'")
    out = io.StringIO()
    with pytest.raises(SystemExit) as leaving:
        call_command("verify", project.slug, stdout=out, stderr=err)

    assert leaving.value.code == 1
    (line,) = out.getvalue().splitlines()
    assert line.startswith("comment ")
    assert "it is not as event" in line
