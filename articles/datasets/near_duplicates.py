"""Texts that are nearly the same: an agency's story, as several outlets print it.

Two are near duplicates if the Jaccard similarity of their shingles, which are all runs of five
words, is at least 0.8: one sentence more or less, a changed name, another dateline. MinHash finds
pairs that may be, and each of those is compared word by word, so that nothing is joined by chance.
A pair exactly at the threshold is overlooked once in 20 million.

Source: Broder, On the resemblance and containment of documents (1997); the numbers are those of
Lee et al., Deduplicating training data makes language models better (2022).
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import combinations, product

import numpy as np
from datasketch import MinHash

from articles.datasets.split import Groups
from articles.text.words import plain_words

#: Words of a shingle, and how alike two texts must be.
SHINGLE, ALIKE = 5, 0.8
#: Of a signature: its hash functions, how many of them make a band, and what makes them these.
PERMUTATIONS, BAND, SEED = 128, 4, 1
#: Signatures that have less in common belong to texts that are not alike: seven deviations off.
LEAST_LIKELY = 0.55
#: Texts whose shingles are kept at a time.
KEPT = 64

type Signatures = np.ndarray[tuple[int, int], np.dtype[np.uint32]]


def shingles(text: str) -> frozenset[str]:
    """All runs of five words, whatever their case; a shorter text is one run."""
    words = [text[word.start : word.end].casefold() for word in plain_words(text)]
    runs = (" ".join(words[at : at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1)))
    return frozenset(runs) if words else frozenset([text])


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Of all shingles, the share that both have: from 0 to 1."""
    return len(one & other) / len(one | other)


def join_near_duplicates(
    texts: Iterable[str], text_of: Callable[[int], str], groups: Groups
) -> None:
    """Join those of ``texts``, counted from 0, that are near duplicates.

    Needs 512 bytes for each text; ``text_of`` is asked for the few that are compared. Chains are
    joined, too: if the first is like the second and that like the third, all three are together.
    """
    signatures = _signatures(texts)

    @lru_cache(KEPT)
    def shingles_of(number: int) -> frozenset[str]:
        return shingles(text_of(number))

    def alike(one: int, other: int) -> bool:
        in_common = int(np.count_nonzero(signatures[one] == signatures[other]))
        if in_common < LEAST_LIKELY * PERMUTATIONS:
            return False
        return likeness(shingles_of(one), shingles_of(other)) >= ALIKE

    for run in _runs(signatures):
        apart: dict[int, list[int]] = {}
        for number in run:
            apart.setdefault(groups.root(number), []).append(number)
        for some, others in combinations(apart.values(), 2):
            if groups.root(some[0]) != groups.root(others[0]) and any(
                alike(one, other) for one, other in product(some, others)
            ):
                groups.join(some[0], others[0])


def _signatures(texts: Iterable[str]) -> Signatures:
    rows = [_signature(text) for text in texts]
    return np.stack(rows) if rows else np.empty((0, PERMUTATIONS), np.uint32)


def _signature(text: str) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    minhash = MinHash(num_perm=PERMUTATIONS, seed=SEED)
    minhash.update_batch([one.encode() for one in shingles(text)])
    return np.asarray(minhash.hashvalues, np.uint32)


def _runs(signatures: Signatures) -> Iterator[list[int]]:
    """Numbers of texts whose signatures have a band in common, two or more at a time."""
    for at in range(0, PERMUTATIONS, BAND):
        band = signatures[:, at : at + BAND]
        order = np.lexsort(band.T)
        same = (band[order[1:]] == band[order[:-1]]).all(axis=1)
        run: list[int] = []
        for number, goes_on in zip(order.tolist(), [*same.tolist(), False], strict=False):
            run.append(number)
            if not goes_on:
                if len(run) > 1:
                    yield sorted(run)
                run = []
