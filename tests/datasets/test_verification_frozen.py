"""The verifier finds damage in frozen datasets, which nobody can do but behind the triggers."""

import pytest

from articles.datasets.verification import verify
from tests.datasets.frozen import gold_desk, make_frozen
from tests.datasets.test_verification import damage

pytestmark = pytest.mark.django_db

WHOLE, COUNTED = "snapshot_sha256_is_of_records", "snapshot_records_are_counted"


@pytest.mark.parametrize(
    ("statement", "rules"),
    [
        (
            "UPDATE articles_snapshotrecord SET line = line || ' ' WHERE position = 1",
            {WHOLE, "snapshot_record_sha256_is_of_line"},
        ),
        (
            "UPDATE articles_snapshotrecord SET sha256 = sha256(sha256) WHERE position = 1",
            {"snapshot_record_sha256_is_of_line"},
        ),
        (
            "DELETE FROM articles_snapshotrecord WHERE position = 0",
            {WHOLE, COUNTED, "snapshot_counts_its_articles"},
        ),
        ("UPDATE articles_snapshotrecord SET position = position + 10", {COUNTED}),
        (
            "DELETE FROM articles_snapshotrecord",
            {WHOLE, "snapshot_counts_its_articles"},
        ),
        (
            "UPDATE articles_snapshot SET sha256 = sha256(sha256)",
            {WHOLE, "log_gives_the_tables"},
        ),
    ],
)
def test_damage_to_what_is_frozen_is_found(statement: str, rules: set[str]) -> None:
    project = make_frozen(gold_desk(2)).project
    assert verify(project) == []

    damage(statement)

    assert {one.rule for one in verify(project)} == rules
