"""The card of a dataset: word for word, and as those read it who use it."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml
from django.core.files.storage import default_storage
from hypothesis import given
from hypothesis import strategies as st

from articles.datasets.card import Agreed, Facts, card
from articles.datasets.counting import Counts
from articles.datasets.models import Snapshot
from articles.datasets.snapshot_file_services import file_of
from articles.formats.registry import FORMATS
from articles.formats.shapes import LabelAbout
from articles.review.agreement import Labelled, Layer, Linked, Work
from articles.review.agreement_f1 import relation_f1, span_f1
from articles.review.agreement_unitizing import unitizing_alpha
from tests.datasets.frozen import gold_desk, make_frozen
from tests.formats.drawn import annotation_record, article_record, relation_record
from tests.formats.hugging_face import load_dataset
from tests.review.disputes import CLAIM, MASTER, QUOTE, SOURCE, make_desk, make_dispute
from tests.review.works import work

TEXT = "“Ours again,” said Zoë Hart ☕."
QUOTED = Labelled(0, 13, "quote")


def agreed(*works: Work) -> Agreed:
    return Agreed(
        span_f1(works, exact=True), unitizing_alpha(works), relation_f1(works, exact=False)
    )


def link(claim: Labelled) -> Layer:
    """A quote, a claim, and the link between them."""
    return Layer([QUOTED, claim], [Linked("attributed_to", QUOTED, claim)])


#: Two annotators on 100 code points: the same quote, a claim that ends one later, the link of both.
TWO = Work(100, {"ada": link(Labelled(20, 30, "claim")), "ben": link(Labelled(20, 31, "claim"))})


def counted() -> dict[str, Any]:
    """Of an article with a quote and a source, which are linked, and of one without anything."""
    quote, source = (
        annotation_record(TEXT, 0, 13, "quote"),
        annotation_record(TEXT, 19, 27, "claim"),
    )
    first = article_record(TEXT, [quote, source], [relation_record(quote, source)])
    counts = Counts()
    counts.add(first | {"split": "train"})
    counts.add(article_record("Nothing was said.", number=2) | {"split": "test", "language": ""})
    return counts.as_json(["train", "test"])


FACTS = Facts(
    title="Gold",
    project="Harbour inquiry",
    home="https://desk.example",
    version=2,
    layers="gold",
    split={"by": "date", "seed": 7, "ratios": [["train", 0.5], ["test", 0.5]]},
    filters={"status": "adjudicated", "q": "quay | pier"},
    licence="CC BY 4.0",
    guidelines_version=3,
    frozen_at="2026-11-22T09:30:00Z",
    sha256="5e" * 32,
    labels=[
        LabelAbout("quote", "Quote", "span", "Somebody's\nown words | or so", []),
        LabelAbout("claim", "Claim", "span", "", []),
        LabelAbout("attributed_to", "Attributed to", "relation", "Who said it.", []),
    ],
    counts=counted(),
    agreed=agreed(TWO),
)

CARD = """\
---
pretty_name: "Gold"
license: cc-by-4.0
language:
- "en"
task_categories:
- token-classification
size_categories:
- n<1K
configs:
- config_name: annotations
  default: true
  data_files:
  - split: "train"
    path: "data/train-*.parquet"
- config_name: articles
  data_files:
  - split: "train"
    path: "articles/train-*.parquet"
  - split: "test"
    path: "articles/test-*.parquet"
- config_name: relations
  data_files:
  - split: "train"
    path: "relations/train-*.parquet"
---

# Gold, version 2

Annotated articles of Harbour inquiry, frozen on 2026-11-22T09:30:00Z. The gold layer that \
adjudication wrote, of articles whose review is over.

## What is in it

|  | number |
| --- | --- |
| articles | 2 |
| annotations | 2 |
| links | 1 |
| layers | ada |
| languages | not stated (1), en (1) |
| published | 2026-11-20 to 2026-11-20 |

## Labels

| label | kind | number | definition |
| --- | --- | --- | --- |
| `quote` Quote | span | 1 | Somebody's own words \\| or so |
| `claim` Claim | span | 1 |  |
| `attributed_to` Attributed to | relation | 1 | Who said it. |

By version 3 of the project's guidelines.

## Splits

Divided by date: the oldest articles first; seed 7, shares train 0.5, test 0.5. Articles of one \
story, at one address, or with nearly the same words are always on one side.

| split | articles | annotations |
| --- | --- | --- |
| train | 1 | 2 |
| test | 1 | 0 |

## Agreement

How alike annotators were in what they handed in, before adjudication, on the articles here that \
two of them or more have done. What rests on fewer than 10 compared says little.

| label | span F1, exact | 95 % interval | compared | articles | unitizing α |
| --- | --- | --- | --- | --- | --- |
| all labels | 0.50 | – | 4 | 1 | 0.97 |
| `quote` | 1.00 | – | 2 | 1 | 1.00 |
| `claim` | 0.00 | – | 2 | 1 | 0.95 |

* Span F1, exact: Of the annotations of two people, how many both made: same label, same first \
and last character. What only one of them marked always counts against them. The interval is a \
bootstrap over articles: with other articles of this kind, 95 in 100 would lie in it.
* Unitizing α: Krippendorff's alpha for spans (2016): 1 − observed / expected disagreement, over \
every character of the text. 1 is perfect, 0 is what chance gives, less is worse than chance. Of \
a label: that label against everything else.

| link | link F1 | 95 % interval | compared | articles |
| --- | --- | --- | --- | --- |
| all links | 1.00 | – | 2 | 1 |
| `attributed_to` | 1.00 | – | 2 | 1 |

* Link F1: Of the links of two people, how many both made, between the same annotations. A link \
whose end the other did not mark is a disagreement. Sources outside the text are left out.

## Offsets

`start` and `end` count Unicode code points of `text`, half-open: `text[start:end]` is the \
`quote`, as in Python. `sha256` of a record is that of the UTF-8 bytes of its text.

## How to load it

```python
from datasets import load_dataset
annotations = load_dataset("folder")  # in which the Parquet file was unpacked
articles = load_dataset("folder", "articles")
```
or, from the JSONL file: `pandas.read_json(path, lines=True)`.

## Provenance

* SHA-256 of the canonical JSONL: `5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e`
* Chosen by: q = quay \\| pier, status = adjudicated
* Licence: CC BY 4.0
* From: https://desk.example

## Known limits

* Articles under embargo, on hold, withdrawn or not for training were left out.
* Whoever withdraws an article later cannot change this file: ask the server which articles to \
remove.
* Near duplicates are texts of which four in five runs of five words are the same; a story told \
anew in other words is not known as one, unless somebody named the story.
"""


def front_of(text: str) -> dict[str, Any]:
    """The card's YAML, as a library reads it."""
    _, front, _ = text.split("---\n", 2)
    found: dict[str, Any] = yaml.safe_load(front)
    return found


def test_the_card_is_this_word_for_word() -> None:
    assert card(FACTS) == CARD


@given(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.sampled_from(["no", "on", "null", "y", "train_1"]),
    st.sampled_from(["no", "de", "zh-Hans"]),
)
def test_whatever_names_are_yaml_has_them_as_they_are(
    title: str, split: str, language: str
) -> None:
    counts = counted() | {
        "splits": {split: {"articles": 1, "annotations": 1}}, "languages": {language: 1},
    }  # fmt: skip

    front = front_of(card(replace(FACTS, title=title, counts=counts)))

    assert front["pretty_name"] == title
    assert front["language"] == [language]
    assert front["configs"][0]["data_files"] == [
        {"split": split, "path": f"data/{split}-*.parquet"}
    ]


@pytest.mark.parametrize(
    ("licence", "said"),
    [
        ("", {"license": "unknown"}),
        ("CC BY-SA 4.0", {"license": "cc-by-sa-4.0"}),
        ("Public domain", {"license": "cc0-1.0"}),
        ("House rules: ask", {"license": "other", "license_name": "house-rules-ask"}),
        ("4.0", {"license": "other", "license_name": "4.0"}),
        ("©", {"license": "other", "license_name": "other"}),
    ],
)
def test_a_licence_is_named_as_hugging_face_names_it(licence: str, said: dict[str, str]) -> None:
    front = front_of(card(replace(FACTS, licence=licence)))

    assert {name: front[name] for name in front if name.startswith("license")} == said


@pytest.mark.parametrize(
    ("number", "size"), [(0, "n<1K"), (999, "n<1K"), (1_000, "1K<n<10K"), (5_000_000, "1M<n<10M")]
)
def test_its_size_is_one_of_hugging_faces(number: int, size: str) -> None:
    front = front_of(card(replace(FACTS, counts=counted() | {"articles": number})))

    assert front["size_categories"] == [size]


@pytest.mark.parametrize(
    ("measured", "words"),
    [
        (agreed(work(50, ada=[(0, 9, "quote")])),
         "Not measured: agreement needs two annotators on one article."),
        (agreed(work(50, ada=[], ben=[])), "Not measured: nobody marked anything."),
    ],
)  # fmt: skip
def test_what_cannot_be_measured_is_no_number(measured: Agreed, words: str) -> None:
    told = card(replace(FACTS, agreed=measured))

    assert told.partition("## Agreement\n\n")[2].partition("\n\n## ")[0] == words


def test_without_a_split_a_licence_or_an_address_it_says_so_or_nothing() -> None:
    counts = counted() | {"splits": {}}
    told = card(replace(FACTS, split={}, licence="", home="", filters={}, counts=counts))

    assert "\n## Splits\n\nThe articles are not divided.\n" in told
    assert told.partition("canonical JSONL: `")[2].partition("`\n")[2].partition("\n\n")[0] == (
        "* Chosen by: all that may go out\n* Licence: not stated"
    )
    assert [one["data_files"][0]["split"] for one in front_of(told)["configs"]] == ["train"] * 3


@pytest.mark.django_db
def test_a_frozen_card_says_how_alike_the_annotators_of_its_articles_were() -> None:
    project, people, _ = make_desk(2)
    make_dispute(project, people, [("quote", QUOTE), ("source", SOURCE)],
                 [("quote", QUOTE), ("source", MASTER), ("claim", CLAIM)])  # fmt: skip

    frozen = make_frozen(project, layers="submitted", by=None)

    table = frozen.card.partition("unitizing α |\n")[2].partition("\n\n")[0].splitlines()[1:]
    assert [row.split(" | ")[:5] for row in table] == [
        ["| all labels", "0.40", "–", "5", "1"],
        ["| `claim`", "0.00", "–", "1", "1"],
        ["| `quote`", "1.00", "–", "2", "1"],
        ["| `source`", "0.00", "–", "2", "1"],
    ]


@pytest.mark.django_db
def test_hugging_face_reads_the_files_of_a_snapshot_by_its_card(tmp_path: Path) -> None:
    frozen = make_frozen(gold_desk(3), by="random", ratios={"train": 0.7, "dev": 0.3})
    with ZipFile(BytesIO(parquet_of(frozen))) as archive:
        archive.extractall(tmp_path / "files")
    (tmp_path / "files/README.md").write_text(frozen.card, encoding="utf-8")

    tables = {
        name: load_dataset(str(tmp_path / "files"), name, cache_dir=str(tmp_path / "cache"))
        for name in ("annotations", "articles")
    }

    for split, counts in frozen.counts["splits"].items():
        held = {name: len(table[split]) for name, table in tables.items()}
        assert held | {"relations": 0} == counts


def parquet_of(snapshot: Snapshot) -> bytes:
    file = file_of(snapshot=snapshot, form=FORMATS["parquet"], asked={})
    with default_storage.open(file.stored) as stored:
        return bytes(stored.read())
