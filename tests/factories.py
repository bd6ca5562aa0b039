"""Articles and the work on them, for tests: made as everybody makes them, by the services."""

from collections.abc import Sequence
from itertools import count, pairwise
from typing import Any
from uuid import UUID

from articles.annotations.models import Annotation, Layer, Relation
from articles.annotations.relation_services import link_annotations
from articles.annotations.services import create_annotation, open_layer
from articles.desk.models import Project, User
from articles.intake.incoming import pasted
from articles.intake.models import Article
from articles.intake.services import add_article
from articles.text.blocks import Block, BlockKind
from tests.desk.people import label_of, make_project, manager_of

#: An emoji in the headline: every offset behind it differs in UTF-16.
TEXT = """📰 Council reopens East Quay

“The quay is ours again,” said Zoë Hart, who sells fish there. It was closed in March.

The council says that the work will cost 2.4 million. It begins in week {number}."""

_numbers = count(1)


def make_article(project: Project | None = None, text: str = "", **details: Any) -> Article:
    """An article brought in by the project's manager; without ``text``, one with ``TEXT``."""
    number = next(_numbers)
    project = project or make_project(f"Desk {number}")
    incoming = pasted(text or TEXT.format(number=number), **details)
    article, _ = add_article(actor=manager_of(project), project=project, incoming=incoming)
    return article


def blocks_cut(text: str, cuts: Sequence[int]) -> list[Block]:
    """A headline and paragraphs that end at ``cuts``, for ``make_article(blocks=…)``."""
    edges = [0, *sorted({cut for cut in cuts if 0 < cut < len(text)}), len(text)]
    return [
        Block(BlockKind.PARAGRAPH if start else BlockKind.HEADLINE, start, end)
        for start, end in pairwise(edges)
    ]


def make_layer(article: Article | None = None, user: User | None = None) -> Layer:
    """The work of ``user``, or of the project's manager, on an article."""
    article = article or make_article()
    return open_layer(actor=user or manager_of(article.project), article=article)


def make_annotation(
    layer: Layer | None = None,
    words: str = "“The quay is ours again,”",
    *,
    label: str = "quote",
    span: tuple[int, int] | None = None,
    chosen_id: UUID | None = None,
) -> Annotation:
    """``label`` on ``span``, or where ``words`` stand first."""
    layer = layer or make_layer()
    assert layer.annotator is not None
    body = layer.article.revision.body
    start, end = span or (body.index(words), body.index(words) + len(words))
    annotation, _ = create_annotation(
        actor=layer.annotator,
        article=layer.article,
        label=label_of(layer.project, label),
        start=start,
        end=end,
        quote=body[start:end],
        chosen_id=chosen_id,
    )
    return annotation


def make_relation(
    layer: Layer | None = None,
    *,
    source: Annotation | None = None,
    target: Annotation | None = None,
    target_name: str = "",
) -> Relation:
    """A quote attributed to a source, to ``target`` or to a name that the text does not give."""
    if source is None:
        source = make_annotation(layer)
    if target is None and not target_name:
        target = make_annotation(source.layer, "Zoë Hart", label="source")
    assert source.layer.annotator is not None
    relation, _ = link_annotations(
        actor=source.layer.annotator,
        label=label_of(source.project, "attributed_to"),
        source=source,
        target=target,
        target_name=target_name,
    )
    return relation
