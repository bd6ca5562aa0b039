"""The card of a dataset: what it holds, how it was made, and what to beware of.

A README.md as Hugging Face has it: YAML for machines above, words for people below.
Source: https://huggingface.co/docs/hub/datasets-cards.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from articles.formats.shapes import LabelAbout

#: Names of licences that Hugging Face knows, by how people write them.
LICENCES = {
    "cc0": "cc0-1.0", "cc0-1.0": "cc0-1.0", "public-domain": "cc0-1.0",
    "cc-by-4.0": "cc-by-4.0", "cc-by-sa-4.0": "cc-by-sa-4.0", "cc-by-nc-4.0": "cc-by-nc-4.0",
    "cc-by-nd-4.0": "cc-by-nd-4.0", "cc-by-nc-sa-4.0": "cc-by-nc-sa-4.0",
    "cc-by-nc-nd-4.0": "cc-by-nc-nd-4.0", "odc-by": "odc-by", "mit": "mit",
    "apache-2.0": "apache-2.0",
}  # fmt: skip
SIZES = [(1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M")]
LARGEST = "1M<n<10M"

WHOSE = {
    "gold": "The gold layer that adjudication wrote, of articles whose review is over.",
    "submitted": "Every layer that an annotator handed in, with its annotator's name.",
    "all": "Every layer, also of work that was still going on.",
}
BY = {
    "story": "by story: shares of the stories, in an order that the seed decides",
    "random": "at random: shares of the articles, in an order that the seed decides",
    "date": "by date: the oldest articles first",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a card tells; ``counts`` and ``split`` are as the snapshot has them.

    ``agreement`` is the mean exact span F1 of so many ``agreement_articles``; ``sha256`` is of the
    canonical bytes, in hexadecimal.
    """

    title: str
    project: str
    home: str
    version: int
    layers: str
    split: Mapping[str, Any]
    filters: Mapping[str, Any]
    licence: str
    guidelines_version: int
    frozen_at: str
    sha256: str
    labels: Sequence[LabelAbout]
    counts: Mapping[str, Any]
    agreement: float | None
    agreement_articles: int


def card(facts: Facts) -> str:
    """The card; the same facts give the same bytes."""
    return "\n".join([*_front(facts), *_body(facts)]) + "\n"


def _front(facts: Facts) -> list[str]:
    counts = facts.counts
    articles = counts["articles"]
    size = next((words for most, words in SIZES if articles < most), LARGEST)
    lines = ["---", f"pretty_name: {_text(facts.title)}", *_licence(facts.licence)]
    if counts["languages"]:
        lines += ["language:", *(f"- {_text(one)}" for one in counts["languages"])]
    lines += [
        "task_categories:", "- token-classification",
        "size_categories:", f"- {size}",
        "configs:", "- config_name: default", "  data_files:",
    ]  # fmt: skip
    for name in counts["splits"] or ["train"]:
        lines += [f"  - split: {name}", f'    path: "data/{name}-*.parquet"']
    return [*lines, "---", ""]


def _licence(licence: str) -> list[str]:
    if not licence:
        return ["license: unknown"]
    key = re.sub(r"[^a-z0-9.]+", "-", licence.lower()).strip("-")
    if key in LICENCES:
        return [f"license: {LICENCES[key]}"]
    return ["license: other", f"license_name: {key or 'other'}"]


def _body(facts: Facts) -> list[str]:
    counts = facts.counts
    return [
        f"# {_plain(facts.title)}, version {facts.version}", "",
        f"Annotated articles of {_plain(facts.project)}, frozen on {facts.frozen_at}. "
        f"{WHOSE[facts.layers]}", "",
        "## What is in it", "",
        *_table(["", "number"], [
            ["articles", counts["articles"]],
            ["annotations", counts["annotations"]],
            ["links", counts["relations"]],
            ["layers", ", ".join(counts["layers"])],
            ["languages", ", ".join(f"{one} ({n})" for one, n in counts["languages"].items())],
            ["published", _dates(counts)],
        ]),
        "", "## Labels", "",
        *_table(["label", "kind", "number", "definition"], [
            [f"`{one.key}` {one.name}", one.kind, _used(counts, one), one.definition]
            for one in facts.labels
        ]),
        "", f"By version {facts.guidelines_version} of the project's guidelines.",
        "", "## Splits", "", *_splits(facts),
        "", "## Agreement", "", _agreement(facts),
        "", "## Offsets", "",
        "`start` and `end` count Unicode code points of `text`, half-open: `text[start:end]` is "
        "the `quote`, as in Python. `sha256` of a record is that of the UTF-8 bytes of its text.",
        "", "## How to load it", "",
        "```python", "from datasets import load_dataset",
        'articles = load_dataset("parquet", data_dir="data")', "```",
        "or, from the JSONL file: `pandas.read_json(path, lines=True)`.",
        "", "## Provenance", "",
        f"* SHA-256 of the canonical JSONL: `{facts.sha256}`",
        f"* Chosen by: {_chosen(facts.filters)}",
        f"* Licence: {_plain(facts.licence) or 'not stated'}",
        *([f"* From: {facts.home}"] if facts.home else []),
        "", "## Known limits", "",
        "* Articles under embargo, on hold, withdrawn or not for training were left out.",
        "* Whoever withdraws an article later cannot change this file: ask the server which "
        "articles to remove.",
        "* Near duplicates are texts of which four in five runs of five words are the same; a "
        "story told anew in other words is not known as one, unless somebody named the story.",
    ]  # fmt: skip


def _splits(facts: Facts) -> list[str]:
    if not facts.split:
        return ["The articles are not divided."]
    ratios = ", ".join(f"{name} {ratio:g}" for name, ratio in facts.split["ratios"])
    return [
        f"Divided {BY[facts.split['by']]}; seed {facts.split['seed']}, shares {ratios}. Articles "
        "of one story, at one address, or with nearly the same words are always on one side.", "",
        *_table(["split", "articles", "annotations"], [
            [name, one["articles"], one["annotations"]]
            for name, one in facts.counts["splits"].items()
        ]),
    ]  # fmt: skip


def _agreement(facts: Facts) -> str:
    if facts.agreement is None:
        return "Not measured: on no article of this dataset did two annotators hand in their work."
    return (
        f"Exact span F1 of the annotators, before adjudication: {facts.agreement:.2f}, the mean of "
        f"{facts.agreement_articles} articles with two annotators or more."
    )


def _used(counts: Mapping[str, Any], label: LabelAbout) -> int:
    used: int = counts["labels" if label.kind == "span" else "relation_types"].get(label.key, 0)
    return used


def _dates(counts: Mapping[str, Any]) -> str:
    first, last = counts["first_published"], counts["last_published"]
    return f"{first[:10]} to {last[:10]}" if first else "not stated"


def _chosen(filters: Mapping[str, Any]) -> str:
    words = [f"{name} = {_plain(str(value))}" for name, value in sorted(filters.items())]
    return ", ".join(words) or "all that may go out"


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(_plain(str(cell)) for cell in line) + " |" for line in lines]


def _plain(words: str) -> str:
    """In one line, and without what would end a cell of a table."""
    return " ".join(words.split()).replace("|", "\\|")


def _text(words: str) -> str:
    """A text of YAML; JSON is YAML, too."""
    return json.dumps(words, ensure_ascii=False)
