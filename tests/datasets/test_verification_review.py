"""The verifier finds damage to decisions, verdicts and gold."""

import pytest

from articles.annotations.services import open_layer
from articles.datasets.verification import verify
from articles.desk.models import Project
from articles.review.adjudication_services import adjudicate
from articles.review.models import Verdict
from articles.review.submission_services import submit_layer
from articles.review.verdict_services import reopen, rule
from tests.datasets.test_verification import FORCE, ROW, damage
from tests.factories import make_article
from tests.review.disputes import QUOTE, SOURCE, TEXT, annotate, layer_of, link, make_desk

pytestmark = pytest.mark.django_db

GOLD, LINK, MISSING = (
    "gold_follows_from_verdict",
    "gold_link_follows_from_verdict",
    "verdict_has_gold",
)
OF_GOLD = "layer_id = (SELECT id FROM articles_layer WHERE kind = 'gold')"


@pytest.fixture
def project() -> Project:
    """A project in which one article is adjudicated, with a link, and one is begun."""
    project, (ada, ben), rhea = make_desk(audit_sample=0)
    article = make_article(project, TEXT)
    for who in (ada, ben):
        quote, source = annotate(article, who, [("quote", QUOTE), ("source", SOURCE)], submit=False)
        link(quote, source)
        submit_layer(actor=who, layer=layer_of(article, who))
    for one in article.decisions.select_related("article__project"):
        rule(actor=rhea, decision=one, ruling=Verdict.Ruling.REJECT)
        reopen(actor=rhea, decision=one)
        rule(actor=rhea, decision=one, ruling=Verdict.Ruling.ACCEPT)
    adjudicate(actor=rhea, article=article)
    open_layer(actor=ada, article=make_article(project))
    return project


def test_nothing_is_wrong_with_what_was_adjudicated(project: Project) -> None:
    assert verify(project) == []


@pytest.mark.parametrize(
    ("statement", "rules"),
    [
        ("ALTER TABLE articles_layer DROP CONSTRAINT layer_lapsed_is_open_without_slot;"
         " UPDATE articles_layer SET lapsed_at = now() WHERE submitted_at IS NULL",
         {"layer_lapsed_has_no_slot", FORCE, ROW}),
        ("UPDATE articles_decision SET variants = jsonb_set(variants, '{0,members,0}',"
         " to_jsonb(uuidv7()))", {"decision_is_made_of_work", ROW}),
        ("UPDATE articles_annotation SET deleted_at = now() FROM articles_layer l"
         " WHERE l.id = layer_id AND l.kind = 'work'",
         {"decision_is_made_of_work", "relation_ends_are_live", "layer_counts_its_annotations",
          ROW}),
        (f"UPDATE articles_decision SET variants = jsonb_set(variants, '{{0,members,0}}',"
         f" (SELECT to_jsonb(id) FROM articles_annotation WHERE {OF_GOLD} LIMIT 1))",
         {"decision_is_made_of_work", ROW}),
        ("ALTER TABLE articles_verdict DROP CONSTRAINT verdict_once_per_round;"
         " UPDATE articles_verdict SET round = 2",
         {"verdict_once_per_round", FORCE, ROW}),
        ("""UPDATE articles_verdict SET "end" = 9999 WHERE start IS NOT NULL""",
         {"verdict_inside_revision", GOLD, MISSING, ROW}),
        ("UPDATE articles_review SET adjudicated_at = NULL, adjudicated_by_id = NULL",
         {"adjudicated_has_gold", ROW}),
        ("UPDATE articles_layer SET submitted_at = NULL WHERE kind = 'gold'",
         {"adjudicated_has_gold", ROW}),
        (f"""UPDATE articles_annotation SET attributes = '{{"form": "direct"}}' WHERE {OF_GOLD}""",
         {GOLD, ROW}),
        (f"UPDATE articles_annotation SET label_id = (SELECT id FROM articles_label"
         f" WHERE key = 'claim') WHERE {OF_GOLD}", {GOLD, MISSING, "relation_ends_fit", ROW}),
        ("UPDATE articles_decision SET round = 1", {GOLD, LINK, ROW}),
        ("UPDATE articles_decision SET round = 1 WHERE kind = 'relation'", {LINK, ROW}),
        ("DELETE FROM articles_provenance WHERE annotation_id IS NOT NULL", {GOLD, ROW}),
        ("DELETE FROM articles_provenance WHERE relation_id IS NOT NULL", {LINK, ROW}),
        (f"UPDATE articles_relation SET target_name = 'A clerk', target_id = NULL WHERE {OF_GOLD}",
         {LINK, ROW}),
        (f"UPDATE articles_annotation SET deleted_at = now() WHERE {OF_GOLD}",
         {MISSING, "relation_ends_are_live", "layer_counts_its_annotations", ROW}),
    ],
)  # fmt: skip
def test_damage_is_found(project: Project, statement: str, rules: set[str]) -> None:
    damage(statement)

    assert {violation.rule for violation in verify()} == rules
