"""Agreement on what was said of things that stand fast: attributes, and words.

* Nominal alpha: Krippendorff (2019), "Content Analysis", 4th ed., 12.3; missing values allowed.
* Kappa: Cohen (1960), "A coefficient of agreement for nominal scales"; for more than two
  annotators the mean over the pairs (Light 1971).
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from math import fsum

from articles.review.agreement import (
    NOTHING_MARKED,
    TOO_FEW,
    Annotator,
    Figure,
    Labelled,
    Layer,
    Work,
    compared,
    undefined,
)
from articles.review.agreement_matching import Kind, annotation_thing, matches, side

NO_ANSWERS = "No annotation was answered by two annotators"
ONE_ANSWER = "Everybody gave the same answer throughout: nothing that chance could get wrong"
NO_WORDS = "No words to compare"


def nominal_alpha(items: Iterable[Sequence[Hashable | None]]) -> Fraction | None:
    """Krippendorff's alpha of nominal values; each item holds what was said of one thing.

    ``None`` is a missing value, no category; an item with fewer than two values says nothing::

        α = 1 - (n - 1) · Σ_u (m_u² - Σ_c n_uc²) / (m_u - 1) / (n² - Σ_c n_c²)

    Undefined, ``None``, when no item has two values or all values are the same.
    """
    totals: Counter[Hashable] = Counter()
    unlike = Fraction(0)
    for item in items:
        said = Counter(value for value in item if value is not None)
        many = said.total()
        if many > 1:
            totals += said
            unlike += Fraction(many**2 - sum(n**2 for n in said.values()), many - 1)
    every = totals.total()
    expected = every**2 - sum(n**2 for n in totals.values())
    return 1 - (every - 1) * unlike / expected if expected else None


def cohen_kappa(counts: Mapping[tuple[Hashable, Hashable], int]) -> Fraction | None:
    """Kappa of two annotators; ``counts`` says how often the first said c and the second k.

    Undefined, ``None``, when there is nothing, or both said one and the same throughout.
    """
    every = sum(counts.values())
    firsts: Counter[Hashable] = Counter()
    seconds: Counter[Hashable] = Counter()
    for (first, second), number in counts.items():
        firsts[first] += number
        seconds[second] += number
    chance = sum(number * seconds[value] for value, number in firsts.items())
    if chance == every**2:
        return None
    agreed = sum(number for (first, second), number in counts.items() if first == second)
    return Fraction(agreed * every - chance, every**2 - chance)


def attribute_alpha(works: Sequence[Work], *, exact: bool = False) -> dict[tuple[str, str], Figure]:
    """Nominal alpha of each (label, attribute), over the annotations that two annotators share.

    An item is an annotation of one matched with one of another, as F1 matches them; with three
    annotators one annotation is part of up to two such pairs for each of them. What one of the two
    did not answer is missing, not an answer. ``n`` is how many pairs have both answers, and
    ``articles`` on how many articles. An attribute that nobody answered is not listed.

    What it does not tell: anything about annotations that only one annotator made. A high alpha
    beside a low F1 means that the few they share are well described.
    """
    items: dict[tuple[str, str], list[tuple[Hashable | None, Hashable | None]]] = defaultdict(list)
    where: dict[tuple[str, str], set[int]] = defaultdict(set)
    for number, work in enumerate(works):
        for a, b in work.pairs():
            for one, other in _matched(work.layers[a], work.layers[b], exact=exact):
                for key in one.attributes.keys() | other.attributes.keys():
                    pair = one.attributes.get(key), other.attributes.get(key)
                    items[one.label, key].append(pair)
                    if None not in pair:
                        where[one.label, key].add(number)
    return {key: _alpha_figure(items[key], len(where[key])) for key in sorted(items)}


def _alpha_figure(items: Sequence[Sequence[Hashable | None]], articles: int) -> Figure:
    complete = sum(None not in item for item in items)
    alpha = nominal_alpha(items)
    if alpha is None:
        return undefined(ONE_ANSWER if complete else NO_ANSWERS, articles=articles, n=complete)
    return Figure(float(alpha), articles=articles, n=complete)


def _matched(a: Layer, b: Layer, *, exact: bool) -> list[tuple[Labelled, Labelled]]:
    """The annotations of two layers that are the same one."""
    ours, theirs = (sorted(layer.annotations, key=annotation_thing) for layer in (a, b))
    numbers: dict[Kind, int] = {}
    sides = [side(map(annotation_thing, layer), numbers) for layer in (ours, theirs)]
    return [(ours[i], theirs[j]) for i, j in matches(sides[0], sides[1], exact=exact)]


def word_kappa(works: Sequence[Work]) -> Figure:
    """Cohen's kappa over words: the mean over all pairs of annotators. A secondary figure.

    A word's value is the set of labels that touch it. ``n`` is how many words were compared.

    What it does not tell: a word knows nothing of edges, so one span cut into seven has the same
    kappa as the whole; most words are unmarked, which makes chance agreement, and so kappa, hang
    on how much of the text is marked; and words of one span are not independent.
    """
    shared = compared(works)
    if not shared:
        return undefined(TOO_FEW)
    tables: dict[frozenset[Annotator], tuple[Annotator, Counter[tuple[Hashable, Hashable]]]] = {}
    marked = 0
    for work in shared:
        values = {who: _word_labels(work.words, layer) for who, layer in work.layers.items()}
        marked += sum(map(len, values.values()))
        for a, b in work.pairs():
            first, counts = tables.setdefault(frozenset((a, b)), (a, Counter()))
            ours, theirs = (values[a], values[b]) if a == first else (values[b], values[a])
            touched = ours.keys() | theirs.keys()
            nothing: frozenset[str] = frozenset()
            counts.update((ours.get(at, nothing), theirs.get(at, nothing)) for at in touched)
            counts[nothing, nothing] += len(work.words) - len(touched)
    kappas = [cohen_kappa(counts) for _, counts in tables.values()]
    defined = [float(kappa) for kappa in kappas if kappa is not None]
    words = sum(counts.total() for _, counts in tables.values())
    if not defined:
        reason = NO_WORDS if not words else ONE_ANSWER if marked else NOTHING_MARKED
        return undefined(reason, articles=len(shared), n=words)
    return Figure(fsum(defined) / len(defined), articles=len(shared), n=words)


def _word_labels(words: Sequence[tuple[int, int]], layer: Layer) -> dict[int, frozenset[str]]:
    """The labels over each word that has any, by its place among the words."""
    labels: dict[int, frozenset[str]] = {}
    for one in layer.annotations:
        first = bisect_right(words, one.start, key=lambda word: word[1])
        last = bisect_left(words, one.end, key=lambda word: word[0])
        for at in range(first, last):
            labels[at] = labels.get(at, frozenset()) | {one.label}
    return labels
