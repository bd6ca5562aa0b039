"""Every measure of agreement at once, as the dashboard and the API tell them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from articles.review.agreement import Annotator, Figure, Layer, Work, undefined
from articles.review.agreement_coding import attribute_alpha, word_kappa
from articles.review.agreement_f1 import Scores, relation_f1, span_f1
from articles.review.agreement_gamma import gamma
from articles.review.agreement_labels import label_confusion
from articles.review.agreement_unitizing import unitizing_alpha
from articles.review.dashboard_numbers import Across, Agreement, OfLabel, OfPair

#: Attribute alphas have no common figure.
APART = "Each question about a label has an alpha of its own"


def agreement(works: Sequence[Work]) -> tuple[Agreement, ...]:
    """Every measure of ``METRICS``, in that order."""
    exact, overlap = (span_f1(works, exact=exact) for exact in (True, False))
    alpha, attributes = unitizing_alpha(works), attribute_alpha(works)
    return (
        _of_scores("f1_exact", exact),
        _of_scores("f1_overlap", overlap),
        Agreement(
            "alpha_unitizing",
            alpha.overall,
            tuple(OfLabel(label, figure) for label, figure in alpha.by_label.items()),
            tuple(_each_pair(works, exact, lambda theirs: unitizing_alpha(theirs).overall)),
        ),
        Agreement("gamma", gamma(works)),
        _of_scores("relation_f1", relation_f1(works, exact=False)),
        Agreement(
            "attribute_alpha",
            undefined(APART),
            tuple(OfLabel(*key[:1], figure, key[1]) for key, figure in attributes.items()),
        ),
        Agreement("kappa_tokens", word_kappa(works)),
    )


def of_label(works: Sequence[Work], label: str) -> Sequence[Work]:
    """The same articles as if there were only annotations, or relations, of ``label``."""
    if not label:
        return works
    return [
        replace(
            work,
            layers={
                who: Layer(
                    [one for one in layer.annotations if one.label == label],
                    [one for one in layer.relations if one.type == label],
                )
                for who, layer in work.layers.items()
            },
        )
        for work in works
    ]


def confusion(works: Sequence[Work], label: str) -> tuple[Across, ...]:
    """Label across from label, and from nothing; with ``label`` only where it takes part."""
    counts = label_confusion(works).counts.items()
    return tuple(
        Across(one, other, number)
        for (one, other), number in sorted(counts, key=str)
        if label in ("", one, other)
    )


def _of_scores(metric: str, scores: Scores) -> Agreement:
    return Agreement(
        metric,
        scores.overall,
        tuple(OfLabel(label, figure) for label, figure in scores.by_label.items()),
        tuple(_in_order(OfPair(*_names(pair), figure) for pair, figure in scores.by_pair.items())),
    )


def _each_pair(
    works: Sequence[Work], scores: Scores, measure: Callable[[Sequence[Work]], Figure]
) -> list[OfPair]:
    """``measure`` of each two annotators who share an article, on what they share."""
    found = []
    for pair in scores.by_pair:
        one, other = _names(pair)
        shared = [
            replace(work, layers={who: work.layers[who] for who in (one, other)})
            for work in works
            if one in work.layers and other in work.layers
        ]
        found.append(OfPair(one, other, measure(shared)))
    return _in_order(found)


def _names(pair: frozenset[Annotator]) -> tuple[str, str]:
    one, other = sorted(map(str, pair))
    return one, other


def _in_order(pairs: Iterable[OfPair]) -> list[OfPair]:
    return sorted(pairs, key=lambda pair: (pair.one, pair.other))
