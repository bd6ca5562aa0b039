"""How well pages are divided, against pages whose parts are known.

    python -m benchmarks.blocks [CORPUS.jsonl.gz]

By line: a line counts as what most of its characters are. By character: each counts. The
publisher's subheadings are paragraphs here. Prints one table, and with ``--publishers`` the
body F1 of each publisher's lines, worst first.
"""

import argparse
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from articles.text.blocks import BlockKind, divide

DEFAULT_CORPUS = Path(__file__).parents[2] / "shared" / "corpora" / "scraped-pages.jsonl.gz"

MEASURED = ("body", "caption", "headline", "standfirst", "byline", "credit")
_CORPUS_NAMES = {"subheading": "body"}
_OUR_NAMES = {
    BlockKind.PARAGRAPH: "body",
    BlockKind.LIST_ITEM: "body",
    BlockKind.BLOCK_QUOTE: "body",
    BlockKind.DATELINE: "boilerplate",
}


@dataclass
class Score:
    """Counts of one kind: found and meant, found but not meant, meant but not found."""

    hits: int = 0
    false: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.hits / (self.hits + self.false) if self.hits else 0.0

    @property
    def recall(self) -> float:
        return self.hits / (self.hits + self.missed) if self.hits else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.hits / (2 * self.hits + self.false + self.missed) if self.hits else 0.0


@dataclass
class Scores:
    """The scores of every kind, by line and by character."""

    lines: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))
    chars: dict[str, Score] = field(default_factory=lambda: defaultdict(Score))


def read_pages(corpus: Path) -> list[dict[str, Any]]:
    with gzip.open(corpus, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def score(pages: list[dict[str, Any]]) -> Scores:
    """Divide every page and compare with its known parts."""
    scores = Scores()
    for page in pages:
        meant = kinds_meant(page)
        found = kinds_found(page["text"])
        for begin, end in printed_lines(page["text"]):
            pairs = Counter(zip(meant[begin:end], found[begin:end], strict=True))
            for (wanted, got), count in pairs.items():
                _count(scores.chars, wanted, got, count)
            _count(scores.lines, most(meant[begin:end]), most(found[begin:end]), 1)
    return scores


def kinds_meant(page: dict[str, Any]) -> list[str]:
    """The kind of each character, by the corpus."""
    kinds = ["boilerplate"] * len(page["text"])
    for span in page["spans"]:
        kind = _CORPUS_NAMES.get(span["label"], span["label"])
        kinds[span["start"] : span["end"]] = [kind] * (span["end"] - span["start"])
    return kinds


def kinds_found(text: str) -> list[str]:
    """The kind of each character, by our division."""
    kinds: list[str] = []
    for block in divide(text):
        kinds += [_OUR_NAMES.get(block.kind, str(block.kind))] * (block.end - block.start)
    return kinds


def printed_lines(text: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for line in text.split("\n"):
        if line.strip():
            yield begin, begin + len(line)
        begin += len(line) + 1


def most(kinds: list[str]) -> str:
    return Counter(kinds).most_common(1)[0][0]


def _count(scores: dict[str, Score], wanted: str, got: str, count: int) -> None:
    if wanted == got:
        scores[wanted].hits += count
    else:
        scores[wanted].missed += count
        scores[got].false += count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("corpus", nargs="?", type=Path, default=DEFAULT_CORPUS)
    parser.add_argument("--publishers", action="store_true")
    options = parser.parse_args()
    pages = read_pages(options.corpus)
    began = perf_counter()
    scores = score(pages)
    seconds = perf_counter() - began
    print("| kind | line P | line R | line F1 | character F1 |\n| --- | --- | --- | --- | --- |")
    for kind in MEASURED:
        lines = scores.lines[kind]
        print(
            f"| {kind} | {lines.precision:.3f} | {lines.recall:.3f} | {lines.f1:.3f}"
            f" | {scores.chars[kind].f1:.3f} |"
        )
    print(f"\n{len(pages)} pages in {seconds:.1f} s")
    if options.publishers:
        by_publisher = defaultdict(list)
        for page in pages:
            by_publisher[page["meta"]["publisher"]].append(page)
        rows = sorted((score(some).lines["body"].f1, name) for name, some in by_publisher.items())
        print("\n".join(f"{f1:.3f} {name}" for f1, name in rows))


if __name__ == "__main__":
    main()
