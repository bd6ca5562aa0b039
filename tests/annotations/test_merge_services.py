"""Merging one label into another: nothing that people said is lost, and all counts stay true."""

from typing import Any

import pytest

from articles.annotations.merge_services import merge_label
from articles.annotations.models import Annotation, Comment, Layer, Relation
from articles.annotations.relation_services import link_annotations
from articles.annotations.services import change_annotation, delete_annotation
from articles.datasets.verification import verify
from articles.desk.events import Event
from articles.desk.label_services import add_label, change_label, restore_label, retire_label
from articles.desk.models import Label, Project, Role
from articles.review.submission_services import submit_layer
from articles.review.talk_services import add_comment
from newsdesk.errors import Invalid, NotAllowed, StaleVersion
from tests.desk.people import join, label_of, make_project, make_user, manager_of
from tests.factories import make_annotation, make_article, make_layer, make_relation

pytestmark = pytest.mark.django_db

QUOTE = "“The quay is ours again,”"


def merge(project: Project, key: str, into: str) -> int:
    """What happens when the project's manager merges one label into another, by their keys."""
    label = label_of(project, key)
    return merge_label(
        actor=manager_of(project),
        label=label,
        version=label.version,
        into=label_of(project, into),
    )


def link(
    source: Annotation,
    target: Annotation | None = None,
    target_name: str = "",
    by: str = "attributed_to",
) -> Relation:
    assert source.layer.annotator is not None
    relation, _ = link_annotations(
        actor=source.layer.annotator,
        label=label_of(source.project, by),
        source=source,
        target=target,
        target_name=target_name,
    )
    return relation


def answer(annotation: Annotation, **attributes: Any) -> None:
    assert annotation.layer.annotator is not None
    change_annotation(
        actor=annotation.layer.annotator,
        annotation=annotation,
        version=annotation.version,
        attributes=attributes,
    )


def standing(layer: Layer) -> list[tuple[str, str]]:
    """The label and the words of each live annotation, in reading order."""
    body = layer.article.revision.body
    rows = layer.annotations.live().in_reading_order().select_related("label")
    return [(row.label.key, body[row.start : row.end]) for row in rows]


def links(layer: Layer) -> set[tuple[str, str, str]]:
    """The ends of each live link: the labels' keys, or the name that stands for the target."""
    rows = Relation.objects.live().filter(layer=layer).select_related("source", "target")
    return {
        (
            row.source.label.key,
            row.target.label.key if row.target else "",
            row.target_name,
        )
        for row in rows
    }


def counted(layer: Layer) -> tuple[int, int]:
    layer.refresh_from_db()
    return layer.annotation_count, layer.relation_count


def test_annotations_of_every_layer_get_the_other_label() -> None:
    project = make_project()
    first, second = make_layer(make_article(project)), make_layer(make_article(project))
    make_annotation(first, label="claim")
    make_annotation(first, "Zoë Hart", label="source")
    make_annotation(second, "It begins", label="claim")
    make_annotation(second, "The council", label="quote")

    moved = merge(project, "claim", "quote")

    assert moved == 2
    assert standing(first) == [("quote", QUOTE), ("source", "Zoë Hart")]
    assert standing(second) == [("quote", "The council"), ("quote", "It begins")]
    assert (counted(first), counted(second)) == ((2, 0), (2, 0))
    assert verify() == []


def test_the_merged_label_is_retired_frees_its_key_and_says_where_it_went() -> None:
    project = make_project()

    merge(project, "claim", "quote")

    claim = label_of(project, "claim")
    assert claim.retired_at is not None
    assert (claim.merged_into, claim.hotkey, claim.version) == (label_of(project, "quote"), "", 2)
    figure = add_label(actor=manager_of(project), project=project, name="Figure", hotkey="1")
    assert figure.hotkey == "1"
    with pytest.raises(Invalid, match="was merged into another"):
        restore_label(actor=manager_of(project), label=claim, version=claim.version)


def test_what_would_stand_twice_stands_once_with_the_links_and_comments_of_both() -> None:
    layer = make_layer()
    author = manager_of(layer.project)
    hart = make_annotation(layer, "Zoë Hart", label="source")
    council = make_annotation(layer, "The council", label="source")
    quote, claim = make_annotation(layer), make_annotation(layer, label="claim")
    link(quote, hart)
    link(claim, hart)  # the same link, once the ends are the same
    link(claim, council)
    link(claim, target_name="a neighbour")
    comment, _ = add_comment(actor=author, on=claim, body="Is this checkable? 🐟")

    moved = merge(layer.project, "claim", "quote")

    assert moved == 1
    assert standing(layer) == [("quote", QUOTE), ("source", "Zoë Hart"), ("source", "The council")]
    assert list(Annotation.objects.live().filter(label=quote.label)) == [quote]
    assert links(layer) == {("quote", "source", ""), ("quote", "", "a neighbour")}
    assert Relation.objects.live().filter(source=quote).count() == 3
    assert counted(layer) == (3, 3)
    assert Comment.objects.get(pk=comment.pk).annotation == quote
    assert verify() == []


def test_twins_at_the_other_end_of_a_link_are_one_too() -> None:
    project = make_project()
    rules = [["quote", "source"], ["quote", "caption"]]
    add_label(
        actor=manager_of(project),
        project=project,
        name="Shown with",
        key="shown_with",
        kind="relation",
        rules=rules,
    )
    layer = make_layer(make_article(project))
    quote = make_annotation(layer)
    source = make_annotation(layer, "Zoë Hart", label="source")
    caption = make_annotation(layer, "Zoë Hart", label="caption")
    for target in (source, caption):
        link(quote, target, by="shown_with")

    merge(project, "caption", "source")

    assert [relation.target for relation in Relation.objects.live()] == [source]
    assert counted(layer) == (2, 1)
    assert verify() == []


def test_the_same_words_in_two_layers_are_not_twins() -> None:
    project = make_project()
    project.annotators_per_article = 2
    project.save(update_fields=["annotators_per_article"])
    article = make_article(project)
    ben = join(project, make_user("ben"), Role.ANNOTATOR)
    mine, theirs = make_layer(article), make_layer(article, ben)
    make_annotation(mine, label="claim")
    make_annotation(theirs, label="quote")

    merge(project, "claim", "quote")

    assert standing(mine) == standing(theirs) == [("quote", QUOTE)]
    assert (counted(mine), counted(theirs)) == ((1, 0), (1, 0))


def test_links_that_the_other_label_does_not_know_go_and_are_in_the_history() -> None:
    layer = make_layer()
    relation = make_relation(layer)

    merge(layer.project, "source", "caption")

    assert links(layer) == set()
    assert standing(layer) == [("quote", QUOTE), ("caption", "Zoë Hart")]
    assert counted(layer) == (2, 0)
    [event] = Event.objects.filter(kind="label.merged")
    [change] = [one for one in event.changes if one["id"] == str(relation.pk)]
    assert change["before"]["deleted_at"] is None
    assert change["after"]["deleted_at"] is not None
    assert verify() == []


def test_a_link_to_a_name_goes_when_the_other_label_cannot_have_one() -> None:
    layer = make_layer()
    make_relation(layer, target_name="a neighbour")

    merge(layer.project, "quote", "caption")

    assert links(layer) == set()
    assert counted(layer) == (1, 0)


def test_submitted_work_is_relabelled_too() -> None:
    layer = make_layer()
    make_annotation(layer, label="claim")
    layer.refresh_from_db()
    submit_layer(actor=manager_of(layer.project), layer=layer, version=layer.version)

    merge(layer.project, "claim", "quote")

    layer.refresh_from_db()
    assert layer.submitted_at is not None
    assert standing(layer) == [("quote", QUOTE)]
    assert verify() == []


def test_deleted_annotations_are_relabelled_and_stay_deleted() -> None:
    layer = make_layer()
    claim = make_annotation(layer, label="claim")
    delete_annotation(actor=manager_of(layer.project), annotation=claim, version=1)

    moved = merge(layer.project, "claim", "quote")

    claim.refresh_from_db()
    assert moved == 0
    assert (claim.label.key, claim.deleted_at is None) == ("quote", False)
    assert counted(layer) == (0, 0)
    assert verify() == []


def test_answers_stay_where_the_other_label_asks_the_same() -> None:
    project = make_project()
    manager = manager_of(project)
    asks = [
        {"key": "checkable", "name": "Checkable", "type": "choice", "choices": ["yes"]},
        {"key": "topic", "name": "Topic", "type": "text"},
    ]
    claim = label_of(project, "claim")
    both = [*claim.attributes, asks[1]]
    change_label(actor=manager, label=claim, version=1, attributes=both)
    add_label(actor=manager, project=project, name="Fact", key="fact", attributes=asks)
    layer = make_layer(make_article(project))
    first, second = (
        make_annotation(layer, label="claim"),
        make_annotation(layer, "It begins", label="claim"),
    )
    answer(first, checkable="yes", topic="harbour")
    answer(second, checkable="no", topic="work")

    merge(project, "claim", "fact")

    first.refresh_from_db()
    second.refresh_from_db()
    assert first.attributes == {"checkable": "yes", "topic": "harbour"}
    assert second.attributes == {"topic": "work"}  # "no" is not among its choices
    assert verify() == []


def test_versions_rise_so_that_nobody_overwrites_the_merger() -> None:
    layer = make_layer()
    claim = make_annotation(layer, label="claim")
    version = layer.version

    merge(layer.project, "claim", "quote")

    layer.refresh_from_db()
    assert layer.version > version
    with pytest.raises(StaleVersion):
        change_annotation(actor=manager_of(layer.project), annotation=claim, version=1, note="mine")


def test_a_retired_label_can_still_be_merged() -> None:
    layer = make_layer()
    make_annotation(layer, label="claim")
    claim = label_of(layer.project, "claim")
    retire_label(actor=manager_of(layer.project), label=claim, version=1)

    assert merge(layer.project, "claim", "quote") == 1
    assert standing(layer) == [("quote", QUOTE)]


def test_merging_appends_one_event() -> None:
    layer = make_layer()
    claim = make_annotation(layer, label="claim")

    merge(layer.project, "claim", "quote")

    [event] = Event.objects.filter(kind="label.merged")
    assert event.actor == manager_of(layer.project)
    assert {change["id"] for change in event.changes} == {
        str(label_of(layer.project, "claim").pk),
        str(claim.pk),
    }


def test_a_label_that_changed_meanwhile_is_not_merged() -> None:
    project = make_project()
    claim = label_of(project, "claim")
    change_label(actor=manager_of(project), label=claim, version=1, name="Assertion")

    with pytest.raises(StaleVersion, match="Somebody changed “Assertion”"):
        merge_label(
            actor=manager_of(project), label=claim, version=1, into=label_of(project, "quote")
        )

    assert label_of(project, "claim").retired_at is None


@pytest.mark.parametrize("role", [Role.ANNOTATOR, Role.REVIEWER, Role.ENGINEER])
def test_only_managers_merge(role: Role) -> None:
    project = make_project()
    member = join(project, make_user("ben"), role)

    with pytest.raises(NotAllowed, match="Only a manager of the project"):
        merge_label(
            actor=member,
            label=label_of(project, "claim"),
            version=1,
            into=label_of(project, "quote"),
        )


def refused(label: Label, into: Label) -> None:
    """The merger is refused in words, and changes nothing."""
    with pytest.raises(Invalid, match="into another active label of its project"):
        merge_label(actor=manager_of(label.project), label=label, version=label.version, into=into)
    before = label.version, label.retired_at, label.merged_into
    label.refresh_from_db()
    assert (label.version, label.retired_at, label.merged_into) == before


def test_a_label_is_not_merged_into_itself_nor_into_a_link_nor_a_link_into_it() -> None:
    project = make_project()
    claim, link_label = label_of(project, "claim"), label_of(project, "attributed_to")

    refused(claim, claim)
    refused(claim, link_label)
    refused(link_label, claim)


def test_a_label_is_not_merged_into_a_retired_one() -> None:
    project = make_project()
    retire_label(actor=manager_of(project), label=label_of(project, "quote"), version=1)

    refused(label_of(project, "claim"), label_of(project, "quote"))


def test_a_label_is_not_merged_into_one_of_another_project() -> None:
    project, other = make_project(), make_project("Science desk")

    refused(label_of(project, "claim"), label_of(other, "claim"))


def test_a_label_is_merged_once() -> None:
    project = make_project()
    merge(project, "claim", "quote")

    refused(label_of(project, "claim"), label_of(project, "caption"))
