"""Rules that span rows: what PostgreSQL is asked for each, and how its rows are known."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from articles.desk.models import Project


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that does not hold for one row, in words."""

    rule: str
    table: str
    id: str
    words: str

    def __str__(self) -> str:
        return f"{self.table} {self.id}: {self.words} ({self.rule})"


def name_of(model: type[models.Model]) -> str:
    """What events and rules call the table of ``model``."""
    return model._meta.model_name or ""


def home_of(model: type[models.Model], home: str) -> str:
    """The column in which ``model`` names its project, article or layer; empty if it has none."""
    if name_of(model) == home:
        return "id"
    columns = {field.column for field in model._meta.concrete_fields}
    return f"{home}_id" if f"{home}_id" in columns else ""


def in_project(model: type[models.Model], project: Project | None, alias: str) -> sql.Composable:
    """The condition that a row is in ``project``; rows of a model without projects are in none."""
    if project is None:
        return sql.SQL("true")
    column = home_of(model, "project")
    if not column:
        return sql.SQL("false")
    return sql.SQL("{}.{} = {}").format(
        sql.Identifier(alias), sql.Identifier(column), sql.Literal(project.pk)
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule and the statement that finds the ids of rows ``t`` that break it."""

    name: str
    table: str
    words: str
    query: str

    def violations(self, cursor: CursorWrapper, project: Project | None) -> Iterator[Violation]:
        model = apps.get_model("articles", self.table)
        chosen = in_project(model, project, "t")
        cursor.execute(sql.SQL(self.query).format(chosen=chosen))
        for (key,) in cursor:
            yield Violation(self.name, self.table, key, self.words)


RULES = [
    Rule(
        "annotation_once_per_layer_while_live",
        "annotation",
        "the same label stands twice on the same span of the layer",
        """
        SELECT min(t.id::text) FROM articles_annotation t WHERE deleted_at IS NULL AND {chosen}
        GROUP BY layer_id, label_id, start, "end" HAVING count(*) > 1
        """,
    ),
    Rule(
        "annotation_label_is_for_spans",
        "annotation",
        "its label is not for spans",
        """
        SELECT t.id::text FROM articles_annotation t JOIN articles_label l ON l.id = t.label_id
        WHERE l.kind <> 'span' AND {chosen}
        """,
    ),
    Rule(
        "relation_ends_are_live",
        "relation",
        "it joins an annotation that is deleted",
        """
        SELECT t.id::text FROM articles_relation t
        JOIN articles_annotation e ON e.id IN (t.source_id, t.target_id)
        WHERE t.deleted_at IS NULL AND e.deleted_at IS NOT NULL AND {chosen}
        """,
    ),
    Rule(
        "relation_ends_fit",
        "relation",
        "it may not join annotations of these labels",
        """
        SELECT t.id::text FROM articles_relation t
        JOIN articles_annotation s ON s.id = t.source_id
        LEFT JOIN articles_annotation e ON e.id = t.target_id
        WHERE t.deleted_at IS NULL AND {chosen} AND NOT EXISTS (
            SELECT FROM articles_relationrule r
            WHERE r.relation_label_id = t.label_id AND r.source_label_id = s.label_id
              AND (t.target_id IS NULL OR r.target_label_id = e.label_id))
        """,
    ),
    Rule(
        "layer_counts_its_annotations",
        "layer",
        "it counts more or fewer annotations than are live",
        """
        SELECT t.id::text FROM articles_layer t LEFT JOIN (
            SELECT layer_id, count(*) AS live FROM articles_annotation
            WHERE deleted_at IS NULL GROUP BY layer_id
        ) counted ON counted.layer_id = t.id
        WHERE t.annotation_count <> coalesce(counted.live, 0) AND {chosen}
        """,
    ),
    Rule(
        "layer_counts_its_relations",
        "layer",
        "it counts more or fewer relations than are live",
        """
        SELECT t.id::text FROM articles_layer t LEFT JOIN (
            SELECT layer_id, count(*) AS live FROM articles_relation
            WHERE deleted_at IS NULL GROUP BY layer_id
        ) counted ON counted.layer_id = t.id
        WHERE t.relation_count <> coalesce(counted.live, 0) AND {chosen}
        """,
    ),
    # A project may ask for fewer annotators later: what counts is the most it ever asked for.
    Rule(
        "layer_slot_within_quota",
        "layer",
        "its place is beyond the annotators that the project ever wanted per article",
        """
        SELECT t.id::text FROM articles_layer t JOIN articles_project p ON p.id = t.project_id
        WHERE {chosen} AND t.slot > greatest(p.annotators_per_article, (
            SELECT max((change->'after'->>'annotators_per_article')::int)
            FROM articles_event e, jsonb_array_elements(e.changes) AS change
            WHERE e.project_id = p.id AND e.kind IN ('project.created', 'project.changed')
              AND change->>'table' = 'project'), (
            SELECT max((change->'after'->>'annotators_wanted')::int)
            FROM articles_event e, jsonb_array_elements(e.changes) AS change
            WHERE e.article_id = t.article_id AND change->>'table' = 'article'))
        """,
    ),
    Rule(
        "layer_lapsed_has_no_slot",
        "layer",
        "it holds a place that it lost",
        """
        SELECT t.id::text FROM articles_layer t
        WHERE t.lapsed_at IS NOT NULL AND t.slot IS NOT NULL AND {chosen}
        """,
    ),
    # What is closed cannot change any more, but for a label that the desk merges into another.
    Rule(
        "decision_is_made_of_work",
        "decision",
        "it names an annotation or a link that is not of the article's work, or is deleted",
        """
        SELECT DISTINCT t.id::text FROM articles_decision t,
            jsonb_array_elements(t.variants) AS variant,
            jsonb_array_elements_text(variant->'members') AS member
        WHERE {chosen} AND NOT EXISTS (
            SELECT FROM (
                SELECT id, layer_id, deleted_at FROM articles_annotation
                UNION ALL SELECT id, layer_id, deleted_at FROM articles_relation
            ) AS one JOIN articles_layer l ON l.id = one.layer_id
            WHERE one.id = member::uuid AND l.article_id = t.article_id AND l.kind = 'work'
              AND (one.deleted_at IS NULL OR l.closed_at IS NULL OR EXISTS (
                  SELECT FROM articles_label merged
                  WHERE merged.project_id = t.project_id AND merged.merged_into_id IS NOT NULL)))
        """,
    ),
    Rule(
        "verdict_once_per_round",
        "verdict",
        "two verdicts stand on its decision",
        """
        SELECT min(t.id::text) FROM articles_verdict t WHERE {chosen}
        GROUP BY decision_id, round HAVING count(*) > 1
        """,
    ),
    Rule(
        "verdict_inside_revision",
        "verdict",
        "its span is not in the text",
        """
        SELECT t.id::text FROM articles_verdict t JOIN articles_article a ON a.id = t.article_id
        JOIN articles_revision r ON r.id = a.revision_id WHERE t."end" > r.length AND {chosen}
        """,
    ),
    Rule(
        "adjudicated_has_gold",
        "review",
        "it is closed without gold, or there is gold before it is closed",
        """
        SELECT t.id::text FROM articles_review t
        WHERE {chosen} AND (t.adjudicated_at IS NOT NULL) <> EXISTS (
            SELECT FROM articles_layer l WHERE l.article_id = t.article_id
              AND l.kind = 'gold' AND l.submitted_at IS NOT NULL)
        """,
    ),
    # A verdict is for ever: of a label that was merged since, gold has the one that stands for it.
    Rule(
        "gold_follows_from_verdict",
        "annotation",
        "no standing verdict says so",
        """
        SELECT t.id::text FROM articles_annotation t JOIN articles_layer l ON l.id = t.layer_id
        WHERE {chosen} AND t.deleted_at IS NULL AND l.kind = 'gold'
          AND l.submitted_at IS NOT NULL AND NOT EXISTS (
            SELECT FROM articles_provenance o JOIN articles_verdict v ON v.id = o.verdict_id
            JOIN articles_decision d
              ON (d.id, d.id, d.round) = (o.decision_id, v.decision_id, v.round)
            JOIN articles_label given ON given.id = v.label_id
            WHERE o.annotation_id = t.id AND (v.start, v."end") = (t.start, t."end")
              AND (given.merged_into_id IS NOT NULL
                   OR (v.label_id, v.attributes) = (t.label_id, t.attributes)))
        """,
    ),
    Rule(
        "gold_link_follows_from_verdict",
        "relation",
        "no standing verdict says so",
        """
        SELECT t.id::text FROM articles_relation t JOIN articles_layer l ON l.id = t.layer_id
        WHERE {chosen} AND t.deleted_at IS NULL AND l.kind = 'gold'
          AND l.submitted_at IS NOT NULL AND NOT EXISTS (
            SELECT FROM articles_provenance o JOIN articles_verdict v ON v.id = o.verdict_id
            JOIN articles_decision d
              ON (d.id, d.id, d.round) = (o.decision_id, v.decision_id, v.round)
            WHERE o.relation_id = t.id AND v.source_id IS NOT NULL
              AND (v.label_id, v.target_name) = (t.label_id, t.target_name))
        """,
    ),
    Rule(
        "verdict_has_gold",
        "verdict",
        "the article is adjudicated, and its gold lacks what this says",
        """
        SELECT t.id::text FROM articles_verdict t
        JOIN articles_decision d ON (d.id, d.round) = (t.decision_id, t.round)
        JOIN articles_review r ON r.article_id = t.article_id AND r.adjudicated_at IS NOT NULL
        JOIN articles_label given ON given.id = t.label_id
        WHERE {chosen} AND t.start IS NOT NULL AND NOT EXISTS (
            SELECT FROM articles_annotation g JOIN articles_layer l ON l.id = g.layer_id
            WHERE l.article_id = t.article_id AND l.kind = 'gold' AND g.deleted_at IS NULL
              AND (g.start, g."end") = (t.start, t."end")
              AND (given.merged_into_id IS NOT NULL OR g.label_id = t.label_id))
        """,
    ),
]
