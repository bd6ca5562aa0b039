"""What our files say beside what a format has fields for, in whatever room it has, and read again.

Tools that do not know of it pass it on or drop it; nothing that they show depends on it.
"""

from collections.abc import Mapping
from typing import Any

from articles.formats.foreign import a_name
from articles.formats.settling import Joined
from articles.formats.shapes import AnnotationRecord, ArticleRecord, RelationRecord

#: The field that has it, where fields can have any name.
NEWSDESK = "newsdesk"
_OF_ARTICLE = (
    "id", "external_id", "title", "url", "revision", "sha256", "split", "byline", "publisher",
    "published_at", "language", "metadata", "placement", "layers", "story",
)  # fmt: skip
_OF_ANNOTATION = ("annotator", "version", "created_at", "updated_at", "origin", "note", "unsure")
_OF_RELATION = ("version", "created_at")


def about_article(record: ArticleRecord) -> dict[str, Any]:
    """The record without its text and what stands on it, and what its offsets count."""
    return _full(record, _OF_ARTICLE) | {"offset_unit": record["offset_unit"]}


def about_annotation(annotation: AnnotationRecord) -> dict[str, Any]:
    """What only we know of an annotation: neither its span nor its label."""
    return _full(annotation, _OF_ANNOTATION)


def all_about_annotation(annotation: AnnotationRecord) -> dict[str, Any]:
    """The same where a format has no place for attributes."""
    return about_annotation(annotation) | _full(annotation, ("attributes",))


def about_relation(relation: RelationRecord) -> dict[str, Any]:
    """What only we know of a relation: neither its type nor its ends."""
    return _full(relation, _OF_RELATION)


def stated_relation(given: Mapping[str, Any]) -> Joined:
    """A relation as our records have it, where a format has no place for it."""
    return Joined(
        a_name(given.get("type")),
        a_name(given.get("from")),
        a_name(given.get("to")) or None,
        a_name(given.get("to_name")),
        a_name(given.get("id")),
        relation_fields(given),
    )


def ours(given: Mapping[str, Any]) -> dict[str, Any]:
    """What we said in an object of a foreign file; nothing if it is not from here."""
    said = given.get(NEWSDESK)
    return said if isinstance(said, dict) else {}


def article_fields(given: Any) -> dict[str, Any]:
    """The fields of a record in what ``about_article`` made; none in anything else."""
    return _known(given, _OF_ARTICLE)


def annotation_fields(given: Any) -> dict[str, Any]:
    """The fields of an annotation in what ``about_annotation`` made; none in anything else."""
    return _known(given, _OF_ANNOTATION)


def relation_fields(given: Any) -> dict[str, Any]:
    """The fields of a relation in what ``about_relation`` made; none in anything else."""
    return _known(given, _OF_RELATION)


def _full(record: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: record[key] for key in keys if record.get(key) not in (None, "", False, {}, [])}


def _known(given: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: given[key] for key in keys if key in given} if isinstance(given, dict) else {}
