"""Composite foreign keys: no row can point into another project, article or layer."""

from django.db import migrations

#: child table, constraint, its columns, parent table, the parent's columns
KEYS = [
    ("article", "article_revision_fk", "project_id, id, revision_id",
     "revision", "project_id, article_id, id"),
    ("revision", "revision_article_fk", "project_id, article_id", "article", "project_id, id"),
    ("block", "block_revision_fk", "project_id, revision_id", "revision", "project_id, id"),
    ("layer", "layer_article_fk", "project_id, article_id", "article", "project_id, id"),
    ("annotation", "annotation_layer_fk", "project_id, article_id, layer_id",
     "layer", "project_id, article_id, id"),
    ("annotation", "annotation_revision_fk", "project_id, article_id, revision_id",
     "revision", "project_id, article_id, id"),
    ("annotation", "annotation_label_fk", "project_id, label_id", "label", "project_id, id"),
    ("relation", "relation_layer_fk", "project_id, article_id, layer_id",
     "layer", "project_id, article_id, id"),
    ("relation", "relation_label_fk", "project_id, label_id", "label", "project_id, id"),
    ("relation", "relation_source_fk", "project_id, layer_id, source_id",
     "annotation", "project_id, layer_id, id"),
    ("relation", "relation_target_fk", "project_id, layer_id, target_id",
     "annotation", "project_id, layer_id, id"),
    ("comment", "comment_article_fk", "project_id, article_id", "article", "project_id, id"),
    ("comment", "comment_layer_fk", "project_id, article_id, layer_id",
     "layer", "project_id, article_id, id"),
    ("comment", "comment_annotation_fk", "project_id, layer_id, annotation_id",
     "annotation", "project_id, layer_id, id"),
    ("comment", "comment_decision_fk", "project_id, article_id, decision_id",
     "decision", "project_id, article_id, id"),
    ("comment", "comment_thread_fk", "project_id, article_id, thread_id",
     "comment", "project_id, article_id, id"),
    ("project", "project_practice_fk", "id, practice_id", "article", "project_id, id"),
    ("review", "review_article_fk", "project_id, article_id", "article", "project_id, id"),
    ("decision", "decision_review_fk", "project_id, article_id", "review", "project_id, article_id"),
    ("verdict", "verdict_decision_fk", "project_id, article_id, decision_id",
     "decision", "project_id, article_id, id"),
    ("verdict", "verdict_source_fk", "project_id, article_id, source_id",
     "decision", "project_id, article_id, id"),
    ("verdict", "verdict_target_fk", "project_id, article_id, target_id",
     "decision", "project_id, article_id, id"),
    ("verdict", "verdict_label_fk", "project_id, label_id", "label", "project_id, id"),
    ("provenance", "provenance_decision_fk", "project_id, article_id, decision_id",
     "decision", "project_id, article_id, id"),
    ("provenance", "provenance_verdict_fk", "project_id, article_id, verdict_id",
     "verdict", "project_id, article_id, id"),
    ("notice", "notice_article_fk", "project_id, article_id", "article", "project_id, id"),
    ("notice", "notice_comment_fk", "project_id, article_id, comment_id",
     "comment", "project_id, article_id, id"),
    ("presence", "presence_article_fk", "project_id, article_id", "article", "project_id, id"),
    ("relationrule", "relation_rule_label_fk", "project_id, relation_label_id",
     "label", "project_id, id"),
    ("relationrule", "relation_rule_source_fk", "project_id, source_label_id",
     "label", "project_id, id"),
    ("relationrule", "relation_rule_target_fk", "project_id, target_label_id",
     "label", "project_id, id"),
    ("suggestion", "suggestion_article_fk", "project_id, article_id", "article", "project_id, id"),
    ("suggestion", "suggestion_revision_fk", "project_id, article_id, revision_id",
     "revision", "project_id, article_id, id"),
    ("suggestion", "suggestion_label_fk", "project_id, label_id", "label", "project_id, id"),
    ("suggestionverdict", "suggestion_verdict_suggestion_fk",
     "project_id, article_id, suggestion_id", "suggestion", "project_id, article_id, id"),
    ("suggestionverdict", "suggestion_verdict_layer_fk", "project_id, article_id, layer_id",
     "layer", "project_id, article_id, id"),
    ("suggestionverdict", "suggestion_verdict_annotation_fk",
     "project_id, layer_id, annotation_id", "annotation", "project_id, layer_id, id"),
    ("importrun", "import_run_confirms_fk", "project_id, confirms_id",
     "importrun", "project_id, id"),
    ("importline", "import_line_run_fk", "project_id, run_id", "importrun", "project_id, id"),
    ("importline", "import_line_article_fk", "project_id, article_id",
     "article", "project_id, id"),
    ("snapshotrecord", "snapshot_record_snapshot_fk", "project_id, snapshot_id",
     "snapshot", "project_id, id"),
    ("snapshotrecord", "snapshot_record_article_fk", "project_id, article_id",
     "article", "project_id, id"),
    ("snapshotfile", "snapshot_file_snapshot_fk", "project_id, snapshot_id",
     "snapshot", "project_id, id"),
    ("delivery", "delivery_webhook_fk", "project_id, webhook_id", "webhook", "project_id, id"),
    ("webannotation", "web_annotation_annotation_fk", "project_id, layer_id, annotation_id",
     "annotation", "project_id, layer_id, id"),
]  # fmt: skip

#: An article and its first revision point at each other: judged when the transaction ends.
DEFERRED = {"article_revision_fk"}


def add(child: str, name: str, columns: str, parent: str, targets: str) -> str:
    deferred = " DEFERRABLE INITIALLY DEFERRED" if name in DEFERRED else ""
    return (
        f"ALTER TABLE articles_{child} ADD CONSTRAINT {name} FOREIGN KEY ({columns})"
        f" REFERENCES articles_{parent} ({targets}){deferred}"
    )


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_the_house")]
    operations = [
        migrations.RunSQL(add(*key), f"ALTER TABLE articles_{key[0]} DROP CONSTRAINT {key[1]}")
        for key in KEYS
    ]
