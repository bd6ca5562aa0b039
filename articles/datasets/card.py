"""The card of a dataset: what it holds, how it was made, and what to beware of.

A README.md as Hugging Face has it: YAML for machines above, words for people below.
Source: https://huggingface.co/docs/hub/datasets-cards.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from articles.formats.shapes import LabelAbout
from articles.review.agreement import Figure
from articles.review.agreement_f1 import Scores
from articles.review.agreement_unitizing import Unitizing
from articles.review.dashboard_numbers import FEW, METRICS

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
#: What ends a line of YAML beside LF, and what it does not take as it is (YAML 1.1, 5.1 and 5.4).
_REFUSED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_MEANING = {metric.key: metric.meaning for metric in METRICS}
_RESTS_ON = ("95 % interval", "compared", "articles")


@dataclass(frozen=True, slots=True)
class Agreed:
    """How alike annotators were: the spans by two measures, and the links."""

    spans: Scores
    alpha: Unitizing
    links: Scores


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a card tells; ``counts`` and ``split`` are as the snapshot has them.

    ``sha256`` is of the canonical bytes, in hexadecimal.
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
    agreed: Agreed


def card(facts: Facts) -> str:
    """The card; the same facts give the same bytes."""
    return "\n".join([*_front(facts), *_body(facts)]) + "\n"


def _front(facts: Facts) -> list[str]:
    from articles.formats.parquet import CONFIGS, ONE_SPLIT  # needs Arrow, so not at every start

    counts = facts.counts
    articles = counts["articles"]
    size = next((words for most, words in SIZES if articles < most), LARGEST)
    lines = ["---", f"pretty_name: {_text(facts.title)}", *_licence(facts.licence)]
    if languages := [one for one in counts["languages"] if one]:
        lines += ["language:", *(f"- {_text(one)}" for one in languages)]
    lines += [
        "task_categories:", "- token-classification",
        "size_categories:", f"- {size}",
        "configs:",
    ]  # fmt: skip
    for table, name in CONFIGS.items():
        lines += [f"- config_name: {name}", *(["  default: true"] if table == "data" else [])]
        splits = [split for split, n in counts["splits"].items() if n.get(name)] or [ONE_SPLIT]
        lines.append("  data_files:")
        for split in splits:
            lines += [f"  - split: {_text(split)}", f'    path: "{table}/{split}-*.parquet"']
    return [*lines, "---", ""]


def _licence(licence: str) -> list[str]:
    if not licence:
        return ["license: unknown"]
    key = re.sub(r"[^a-z0-9.]+", "-", licence.lower()).strip("-")
    if key in LICENCES:
        return [f"license: {LICENCES[key]}"]
    return ["license: other", f"license_name: {_text(key or 'other')}"]


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
            ["languages", _languages(counts)],
            ["published", _dates(counts)],
        ]),
        "", "## Labels", "",
        *_table(["label", "kind", "number", "definition"], [
            [f"`{one.key}` {one.name}", one.kind, _used(counts, one), one.definition]
            for one in facts.labels
        ]),
        "", f"By version {facts.guidelines_version} of the project's guidelines.",
        "", "## Splits", "", *_splits(facts),
        "", "## Agreement", "", *_agreement(facts),
        "", "## Offsets", "",
        "`start` and `end` count Unicode code points of `text`, half-open: `text[start:end]` is "
        "the `quote`, as in Python. `sha256` of a record is that of the UTF-8 bytes of its text.",
        "", "## How to load it", "",
        "```python", "from datasets import load_dataset",
        'annotations = load_dataset("folder")  # in which the Parquet file was unpacked',
        'articles = load_dataset("folder", "articles")', "```",
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


def _agreement(facts: Facts) -> list[str]:
    spans, alpha, links = facts.agreed.spans, facts.agreed.alpha, facts.agreed.links
    if spans.overall.value is None:
        return [f"Not measured: {spans.overall.reason.lower()}."]
    each = [("all labels", spans.overall, alpha.overall)]
    each += [
        (f"`{key}`", spans.by_label[key], alpha.by_label[key])
        for key in _in_order(spans.by_label, facts.labels)
    ]
    rows = [[name, *_figure(f1), _number(its_alpha)] for name, f1, its_alpha in each]
    lines = [
        "How alike annotators were in what they handed in, before adjudication, on the articles "
        f"here that two of them or more have done. What rests on fewer than {FEW} compared says "
        "little.", "",
        *_table(["label", "span F1, exact", *_RESTS_ON, "unitizing α"], rows), "",
        f"* Span F1, exact: {_MEANING['f1_exact']}",
        f"* Unitizing α: {_MEANING['alpha_unitizing']}",
    ]  # fmt: skip
    if links.by_label:
        keys = _in_order(links.by_label, facts.labels)
        lines += [
            "", *_table(["link", "link F1", *_RESTS_ON], [
                ["all links", *_figure(links.overall)],
                *([f"`{key}`", *_figure(links.by_label[key])] for key in keys),
            ]), "",
            f"* Link F1: {_MEANING['relation_f1']}",
        ]  # fmt: skip
    return lines


def _figure(figure: Figure) -> list[str]:
    """Its value, and below ``_RESTS_ON`` what that rests on."""
    bounds = "–" if figure.low is None else f"{figure.low:.2f} to {figure.high:.2f}"
    return [_number(figure), bounds, str(figure.n), str(figure.articles)]


def _number(figure: Figure) -> str:
    return "–" if figure.value is None else f"{figure.value:.2f}"


def _in_order(keys: Iterable[str], labels: Sequence[LabelAbout]) -> list[str]:
    """The keys as the project has its labels."""
    places = {label.key: place for place, label in enumerate(labels)}
    return sorted(keys, key=lambda key: (places.get(key, len(places)), key))


def _used(counts: Mapping[str, Any], label: LabelAbout) -> int:
    used: int = counts["labels" if label.kind == "span" else "relation_types"].get(label.key, 0)
    return used


def _languages(counts: Mapping[str, Any]) -> str:
    return ", ".join(f"{one or 'not stated'} ({n})" for one, n in counts["languages"].items())


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
    """A text of YAML: JSON is YAML, too, if nothing in it ends a line of YAML or is refused."""
    return _REFUSED.sub(
        lambda found: f"\\u{ord(found[0]):04x}", json.dumps(words, ensure_ascii=False)
    )
