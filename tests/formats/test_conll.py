"""CoNLL: written, read by the libraries that evaluate and train on it, and read back."""

import io
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nervaluate import Evaluator
from spacy.training.converters.conll_ner_to_docs import conll_ner_to_docs

from articles.formats.conll import flattened, read, write
from articles.formats.shapes import About, AnnotationRecord, ArticleRecord, Found
from articles.imports.records import parse_record
from tests.formats.drawn import (
    ABOUT,
    LABELS,
    annotation_record,
    article_record,
    many_records,
    records,
    said,
)

converted: Any = conll_ner_to_docs  # spaCy's own converter, which has no types
TEXT = "📰 Quay opens.\n\n“Ours again,” said Zoë. So it is."


def written(*records: ArticleRecord, scheme: str = "bio") -> str:
    about = About(ABOUT.project, ABOUT.name, [], ABOUT.home, {"scheme": scheme})
    return b"".join(write(records, about)).decode()


def found_in(text: str) -> list[Found]:
    return list(read(io.BytesIO(text.encode())))


def tags_in(text: str) -> list[list[str]]:
    """The last columns of each sentence, as any reader takes them."""
    parts = re.sub("^-DOCSTART-.*\n", "", text, flags=re.MULTILINE).strip().split("\n\n")
    return [[line.split(" ")[3] for line in part.split("\n") if line] for part in parts if part]


@pytest.mark.parametrize("scheme", ["bio", "bilou"])
@given(drawn=st.data())
def test_what_is_written_is_read_back(scheme: str, drawn: st.DataObject) -> None:
    record = drawn.draw(records(words=True))
    kept = [
        one for layer in record["layers"]
        for one in flattened(a for a in record["annotations"] if a["layer"] == layer["name"])
    ]  # fmt: skip

    found = found_in(written(record, scheme=scheme))

    assert [one.problem for one in found] == [""] * bool(record["layers"])
    for one in found:
        assert one.record
        parse_record(one.record)
        assert one.record["text"] == record["text"]
        assert one.record["revision"] == record["revision"]
        assert [layer["name"] for layer in one.record["layers"]] == [
            layer["name"] for layer in record["layers"]
        ]
        assert said(one.record) == said(dict(record) | {"annotations": kept})


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 10), st.sampled_from(LABELS))))
def test_of_spans_that_overlap_the_longest_stays(drawn: list[tuple[int, int, str]]) -> None:
    text = "x" * 20
    annotations = [annotation_record(text, at, at + size, label) for at, size, label in drawn]
    obvious: list[tuple[int, int, str]] = []
    for size, at, label in sorted((-size, at, label) for at, size, label in drawn):
        if not any(at < other + more and other < at - size for other, more, _ in obvious):
            obvious.append((at, -size, label))

    kept = flattened(annotations)

    assert [(one["start"], one["end"] - one["start"], one["label"]) for one in kept] == sorted(
        obvious
    )


def test_what_was_not_kept_is_said_in_the_file_and_when_it_is_read() -> None:
    record = article_record(
        TEXT,
        [annotation_record(TEXT, 2, 6), annotation_record(TEXT, 2, 12, "quote"),
         annotation_record(TEXT, 7, 12, "claim"), annotation_record(TEXT, 2, 6, "claim", "noor")],
    )  # fmt: skip

    text = written(record)

    assert re.findall(r"layer=(\S+)(?: dropped=(\S+))?", text) == [("ada", "claim:2"), ("noor", "")]
    assert [one.said for one in found_in(text)] == [
        "Not in layer ada, because tags cannot overlap: claim 2."
    ]


def test_a_layer_with_nothing_in_it_is_told_from_no_layer() -> None:
    nobody = article_record(TEXT)
    nothing = article_record(TEXT) | {"layers": [{"name": "ada", "submitted_at": None}]}

    assert written(nobody) == ""
    assert tags_in(written(nothing)) == [["O"] * 4, ["O"] * 8, ["O"] * 4]


def test_the_columns_are_those_that_readers_expect() -> None:
    record = article_record("Quay opens.", [annotation_record("Quay opens.", 0, 10)])

    head, _, *lines = written(record, scheme="bilou").split("\n")

    assert head == (
        "-DOCSTART- -X- O O article=00000000-0000-0000-0000-000000000001 revision=2 "
        f"sha256={record['sha256']} offset_unit=code_point layer=ada O"
    )
    assert lines == [
        "Quay _ _ B-claim", "opens _ SpaceAfter=No L-claim", ". _ SpaceAfter=No O", "", "",
    ]  # fmt: skip


@settings(max_examples=15, deadline=None)
@given(many_records)
def test_spacy_converts_it_to_documents_with_the_same_entities(
    records: tuple[ArticleRecord, ...],
) -> None:
    text = written(*records)

    docs = list(converted(text, no_print=True)) if text else []

    marks = [m for one in found_in(text) for m in (one.record or {})["annotations"]]
    layers = [layer for record in records for layer in record["layers"]]
    assert len(docs) == len(layers)
    assert sorted((ent.label_, "".join(ent.text.split())) for doc in docs for ent in doc.ents) == (
        sorted((one["label"], "".join(one["quote"].split())) for one in marks)
    )


def test_nervaluate_finds_no_difference_to_itself_and_each_to_another() -> None:
    def on(words: str, who: str) -> AnnotationRecord:
        return annotation_record(TEXT, TEXT.index(words), TEXT.index(words) + len(words), who=who)

    text = written(article_record(TEXT, [
        on("Quay opens", "ada"), on("Zoë", "ada"), on("Quay opens", "gold"), on("Ours", "gold"),
    ]))  # fmt: skip
    ada, gold = map(tags_in, re.split("(?=-DOCSTART-.*layer=gold)", text))

    def agreement(one: list[list[str]], other: list[list[str]]) -> tuple[float, float]:
        compared = Evaluator(one, other, tags=LABELS, loader="list").evaluate()
        strict = compared["overall"]["strict"]
        return strict.precision, strict.recall

    assert agreement(gold, gold) == (1.0, 1.0)
    assert agreement(gold, ada) == (0.5, 0.5)


def test_all_layers_of_an_article_have_the_same_tokens_and_sentences() -> None:
    record = article_record(
        TEXT, [annotation_record(TEXT, 2, 4), annotation_record(TEXT, 8, 20, "quote", "noor")]
    )

    ada, noor = re.split("^-DOCSTART-.*\n", written(record), flags=re.MULTILINE)[1:]

    assert [line.split(" ")[:3] for line in ada.splitlines()] == [
        line.split(" ")[:3] for line in noor.splitlines()
    ]


# --- what others write ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tags",
    [
        "O B-a I-a B-a B-b O", "O I-a I-a B-a I-b O", "O B-a L-a U-a U-b O", "O B-a E-a S-a S-b O",
        "O B-a I-a B-a I-b O",
    ],
)  # fmt: skip
def test_every_scheme_says_the_same(tags: str) -> None:
    words = ["Then", "Zoë", "Hart", "East", "Quay", "opened"]
    rows = "\n".join(f"{word}\t{tag}" for word, tag in zip(words, tags.split(), strict=True))

    (found,) = found_in(rows)

    assert found.record
    assert [(one["label"], one["quote"]) for one in found.record["annotations"]] == [
        ("a", "Zoë Hart"), ("a", "East"), ("b", "Quay"),
    ]  # fmt: skip


def test_tokens_of_others_are_spaced_as_in_print_and_their_sentences_are_lines() -> None:
    file = """-DOCSTART- -X- O O

QUAY NN B-NP B-LOC
OPENS VB B-VP O

" " O O
It DT O O
's VB O O
ours NN O O
( ( O O
or CC O O
, O O
so O O
) O O
, O O
" O O
said O O
Zoë NN B-NP I-PER
. . O O

-DOCSTART- -X- -X- O

Next NN B-NP O
"""

    found = found_in(file.replace("\n", "\r\n"))

    assert [(one.number, (one.record or {})["text"]) for one in found] == [
        (1, 'QUAY OPENS\n"It\'s ours (or, so),\" said Zoë.\n'), (21, "Next\n"),
    ]  # fmt: skip
    assert [one["quote"] for one in (found[0].record or {})["annotations"]] == ["QUAY", "Zoë"]


def test_a_text_that_was_changed_is_read_and_said() -> None:
    text = written(article_record(TEXT, [annotation_record(TEXT, 2, 6)]))

    (found,) = found_in(text.replace("opens", "OPENS"))

    assert found.said == "The text is not the one that was written: its hash is another."


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("word", "Line 2 has a token and no tag: “word”."),
        ("word PER", "The tag in line 2 is neither O nor B-…: “PER”."),
        ("word B-", "The tag in line 2 is neither O nor B-…: “B-”."),
        ("w\udcff O", "Line 2 is not UTF-8."),
        ("x" * 70_000, "Line 2 has a token and no tag: “" + "x" * 60 + "”."),
    ],
)
def test_a_document_that_cannot_be_read_does_not_hide_the_next(line: str, problem: str) -> None:
    file = f"Fine O\n{line}\n\n-DOCSTART- O\n\nNext O\n".encode(errors="surrogateescape")

    broken, fine = read(io.BytesIO(file))

    assert broken.problem == problem
    assert (fine.record or {})["text"] == "Next\n"


def test_a_revision_that_no_number_can_be_is_left_out() -> None:
    (found,) = found_in(f"-DOCSTART- article=a revision={'9' * 5_000}\n\nNext O _ O\n")

    assert found.record == {"text": "Next ", "annotations": [], "relations": []}


def test_a_document_without_end_is_refused_and_the_next_is_read() -> None:
    file = (b"word" * 100 + b" O\n") * 5_000 + b"\n-DOCSTART-\n\nNext O\n"

    endless, fine = read(io.BytesIO(file))

    assert endless.problem == "This document has more than 2,000,000 bytes of text."
    assert (fine.record or {})["text"] == "Next\n"
