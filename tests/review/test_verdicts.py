"""What a reviewer rules, who may, and what becomes of two at once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.utils import timezone

from articles.annotations.errors import LabelUnknown, QuoteMismatch, SpanOutOfRange, TooLate
from articles.desk.events import Event
from articles.desk.models import Project, Role
from articles.review.errors import AlreadyDecided, NothingToReopen, NotInReview, ReviewHeld
from articles.review.models import Decision, Notice, Review, Verdict
from articles.review.review_services import leave_review, open_review, return_layer
from articles.review.submission_services import take_back
from articles.review.verdict_services import (
    Fix,
    accept_all,
    reopen,
    reopen_last,
    rule,
    to_accept,
)
from newsdesk.errors import IdReused, Invalid, NotAllowed, StaleVersion
from tests.desk.people import join, label_of, make_user
from tests.factories import make_article
from tests.review.disputes import (
    CLAIM,
    LONG_QUOTE,
    QUOTE,
    SOURCE,
    TEXT,
    annotate,
    layer_of,
    make_desk,
    make_dispute,
    only,
)
from tests.sessions import at_once

ACCEPT, FIX, REJECT = Verdict.Ruling.ACCEPT, Verdict.Ruling.FIX, Verdict.Ruling.REJECT

pytestmark = pytest.mark.django_db


def test_accepting_keeps_the_variant_as_it_was() -> None:
    project, people, rhea = make_desk()
    article = make_dispute(project, people, [("quote", QUOTE)], [("quote", LONG_QUOTE)])
    decision = only(article, "boundary")

    verdict, _ = rule(actor=rhea, decision=decision, ruling=ACCEPT, variant=2, reason="edge_habit")

    start = TEXT.index(QUOTE)
    assert (verdict.start, verdict.end) == (start, start + len(QUOTE))
    assert (verdict.label, verdict.variant) == (label_of(project, "quote"), 2)
    event = Event.objects.latest("id")
    assert (event.kind, event.actor) == ("decision.ruled", rhea)
    assert {change["table"] for change in event.changes} == {"review", "layer", "verdict"}


def test_a_fix_moves_edges_and_gives_another_label() -> None:
    project, people, rhea = make_desk()
    article = make_dispute(project, people, [("quote", QUOTE)], [("quote", LONG_QUOTE)])
    start, end = TEXT.index(CLAIM), TEXT.index(CLAIM) + len(CLAIM)
    fix = Fix(start=start, end=end, quote=CLAIM, label=label_of(project, "claim"))

    verdict, _ = rule(actor=rhea, decision=only(article, "boundary"), ruling=FIX, fix=fix)

    assert (verdict.start, verdict.end, verdict.variant) == (start, end, None)
    assert verdict.label == label_of(project, "claim")


@pytest.mark.parametrize(
    ("fix", "refusal"),
    [
        (Fix(start=0, end=10_000), SpanOutOfRange),
        (Fix(start=0, end=5, quote="Nobody"), QuoteMismatch),
    ],
)
def test_a_fix_must_make_sense(fix: Fix, refusal: type[Exception]) -> None:
    project, people, rhea = make_desk()
    article = make_dispute(project, people, [("quote", QUOTE)], [])

    with pytest.raises(refusal):
        rule(actor=rhea, decision=only(article, "missing"), ruling=FIX, fix=fix)

    assert not Verdict.objects.exists()
    assert not Review.objects.get().started_at


def test_a_fix_gives_no_label_of_another_project_or_of_links() -> None:
    project, people, rhea = make_desk()
    article = make_dispute(project, people, [("quote", QUOTE)], [])
    foreign = label_of(make_article().project, "quote")

    for label in (foreign, label_of(project, "attributed_to")):
        with pytest.raises(LabelUnknown):
            rule(actor=rhea, decision=only(article, "missing"), ruling=FIX, fix=Fix(label=label))


def test_there_is_no_third_of_two_variants() -> None:
    project, people, rhea = make_desk()
    article = make_dispute(project, people, [("quote", QUOTE)], [("quote", LONG_QUOTE)])

    for number in (0, 3):
        with pytest.raises(Invalid, match="There are 2 variants"):
            rule(actor=rhea, decision=only(article, "boundary"), ruling=ACCEPT, variant=number)


def test_the_same_verdict_again_changes_nothing() -> None:
    project, people, rhea = make_desk()
    decision = only(make_dispute(project, people, [("quote", QUOTE)], []), "missing")
    chosen = uuid4()
    first = rule(actor=rhea, decision=decision, ruling=REJECT, chosen_id=chosen)
    count = Event.objects.count()

    again = rule(actor=rhea, decision=decision, ruling=REJECT, chosen_id=chosen)

    assert (first[1], again) == (True, (first[0], False))
    assert Event.objects.count() == count
    with pytest.raises(IdReused):
        rule(actor=rhea, decision=decision, ruling=ACCEPT, chosen_id=chosen)


def test_what_is_decided_says_by_whom() -> None:
    project, people, rhea = make_desk()
    decision = only(make_dispute(project, people, [("quote", QUOTE)], []), "missing")
    rule(actor=rhea, decision=decision, ruling=REJECT)

    with pytest.raises(AlreadyDecided, match="rhea decided this"):
        rule(actor=rhea, decision=decision, ruling=ACCEPT)


def test_reopening_keeps_the_verdict_in_history() -> None:
    project, people, rhea = make_desk()
    article = make_dispute(project, people, [("quote", QUOTE)], [])
    decision = only(article, "missing")
    rule(actor=rhea, decision=decision, ruling=REJECT)

    assert reopen_last(actor=rhea, article=article).round == 2

    assert article.decisions.open().count() == 1
    rule(actor=rhea, decision=decision, ruling=ACCEPT)
    history = [(one.round, one.ruling) for one in Verdict.objects.order_by("id")]
    assert history == [(1, "reject"), (2, "accept")]
    reopen(actor=rhea, decision=decision)
    assert reopen(actor=rhea, decision=decision).round == 3  # an open one stays as it is
    with pytest.raises(NothingToReopen):
        reopen_last(actor=rhea, article=article)


def test_a_stale_decision_is_not_ruled_on() -> None:
    project, people, rhea = make_desk()
    decision = only(make_dispute(project, people, [("quote", QUOTE)], []), "missing")

    with pytest.raises(StaleVersion):
        rule(actor=rhea, decision=decision, ruling=ACCEPT, version=decision.version + 1)


def test_verdicts_are_for_ever() -> None:
    project, people, rhea = make_desk()
    decision = only(make_dispute(project, people, [("quote", QUOTE)], []), "missing")
    rule(actor=rhea, decision=decision, ruling=REJECT)

    with pytest.raises(IntegrityError, match="never changed"):
        Verdict.objects.update(reason="slip")


# --- who reviews ---


def test_annotators_and_engineers_do_not_rule() -> None:
    project, people, _ = make_desk()
    decision = only(make_dispute(project, people, [("quote", QUOTE)], []), "missing")
    engineer = join(project, make_user("max"), Role.ENGINEER)

    for actor in (people[0], engineer):
        with pytest.raises(NotAllowed, match="Only reviewers"):
            rule(actor=actor, decision=decision, ruling=ACCEPT)


def test_the_adjudicator_is_no_annotator_where_the_project_says_so() -> None:
    project, _, rhea = make_desk(annotators=1, separate_adjudicator=True)
    article = make_article(project, TEXT)
    annotate(article, rhea, [("quote", QUOTE)])

    with pytest.raises(NotAllowed, match="You annotated this article"):
        open_review(actor=rhea, article=article)
    Project.objects.update(separate_adjudicator=False)
    article.refresh_from_db()
    assert open_review(actor=rhea, article=article).reviewer == rhea


def test_unfinished_work_is_not_reviewed() -> None:
    project, (ada, _), rhea = make_desk()
    article = make_article(project, TEXT)
    annotate(article, ada, [("quote", QUOTE)])

    with pytest.raises(NotInReview, match="This article is annotating, not in review"):
        open_review(actor=rhea, article=article)


def test_a_review_is_held_for_one_until_it_is_left_or_lapses_or_is_taken_over() -> None:
    project, people, rhea = make_desk()
    otto = join(project, make_user("otto"), Role.REVIEWER)
    article = make_dispute(project, people, [("quote", QUOTE)], [])
    open_review(actor=rhea, article=article)

    with pytest.raises(ReviewHeld, match="rhea is reviewing this article"):
        rule(actor=otto, decision=only(article, "missing"), ruling=ACCEPT)
    leave_review(actor=rhea, article=article)
    assert open_review(actor=otto, article=article).reviewer == otto
    Review.objects.update(lease_expires_at=timezone.now() - timedelta(seconds=1))
    assert open_review(actor=rhea, article=article).reviewer == rhea
    assert open_review(actor=otto, article=article, take_over=True).reviewer == otto
    assert Event.objects.latest("id").kind == "review.taken_over"


def test_renewing_a_review_leaves_no_event() -> None:
    project, people, rhea = make_desk()
    article = make_dispute(project, people, [("quote", QUOTE)], [])
    open_review(actor=rhea, article=article)
    count = Event.objects.count()

    open_review(actor=rhea, article=article)

    assert Event.objects.count() == count


def test_work_under_review_is_not_taken_back_but_returned() -> None:
    project, (ada, ben), rhea = make_desk()
    article = make_dispute(project, [ada, ben], [("quote", QUOTE)], [])
    open_review(actor=rhea, article=article)

    with pytest.raises(TooLate, match="The review of this article began"):
        take_back(actor=ada, layer=layer_of(article, ada))
    with pytest.raises(Invalid, match="Say why"):
        return_layer(actor=rhea, layer=layer_of(article, ada), message=" ")
    return_layer(actor=rhea, layer=layer_of(article, ada), message="Where is its source?")

    layer = layer_of(article, ada)
    assert (layer.submitted_at, layer.closed_at) == (None, None)
    notice = Notice.objects.get()
    assert (notice.person, notice.kind) == (ada, "returned")
    assert notice.comment is not None
    assert notice.comment.body == "Where is its source?"


# --- several at once ---


def test_all_that_is_unanimous_is_accepted_but_for_the_sample() -> None:
    project, people, rhea = make_desk()
    said = [("quote", QUOTE), ("source", SOURCE), ("claim", CLAIM)]
    article = make_dispute(project, people, said, said)

    assert len(accept_all(actor=rhea, article=article)) == 2

    left = article.decisions.open().get()
    assert left.is_sampled
    assert Event.objects.latest("id").kind == "decisions.accepted"


def test_what_two_of_three_say_alike_is_accepted_with_a_preview() -> None:
    project, people, rhea = make_desk(annotators=3, audit_sample=0)
    article = make_dispute(
        project, people, [("quote", QUOTE)], [("quote", QUOTE)], [("quote", LONG_QUOTE)]
    )

    ((decision, number),) = to_accept(article, at_least=2)
    assert to_accept(article, at_least=3) == []
    assert accept_all(actor=rhea, article=article, at_least=2) == [decision]

    verdict = Verdict.objects.get()
    assert (verdict.variant, verdict.end) == (number, TEXT.index(QUOTE) + len(QUOTE))


@pytest.mark.django_db(transaction=True)
def test_of_two_verdicts_at_once_one_stands() -> None:
    project, people, rhea = make_desk()
    otto = join(project, make_user("otto"), Role.REVIEWER)
    decision = only(make_dispute(project, people, [("quote", QUOTE)], []), "missing")
    calls = [
        lambda who=who: rule(
            actor=who, decision=Decision.objects.get(pk=decision.pk), ruling=ACCEPT
        )
        for who in (rhea, otto, rhea, otto)
    ]

    results = at_once(*calls)

    refused = [one for one in results if isinstance(one, Exception)]
    assert len(refused) == 3
    assert all(isinstance(one, ReviewHeld | AlreadyDecided) for one in refused)
    assert Verdict.objects.count() == 1
