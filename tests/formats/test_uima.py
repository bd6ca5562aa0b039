"""UIMA: written, and read by dkpro-cassis."""

import io
import json
import xml.etree.ElementTree as ET
from typing import Any
from zipfile import ZipFile

from cassis import load_cas_from_xmi, load_typesystem
from hypothesis import given, settings

from articles.formats.shapes import ArticleRecord
from articles.formats.uima import (
    ARTICLE,
    BLOCK,
    NAMED,
    RELATION,
    SENTENCE,
    SPAN,
    TOKEN,
    write,
)
from tests.formats.drawn import (
    ABOUT,
    annotation_record,
    article_record,
    records,
    relation_record,
)

TEXT = "📰 Quay opens.\n\n“Ours 🏗️ again,” said Zoë."


def written(*records: ArticleRecord) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(b"".join(write(records, ABOUT)))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def cas_of(record: ArticleRecord) -> Any:
    """The article as dkpro-cassis reads it, with its offsets back in code points."""
    files = written(record)
    types = load_typesystem(io.BytesIO(files["TypeSystem.xml"]))
    return load_cas_from_xmi(io.BytesIO(files[f"{record['id']}.xmi"]), typesystem=types)


@settings(deadline=None, max_examples=40)
@given(records())
def test_cassis_has_the_text_and_all_that_was_said_of_it(record: ArticleRecord) -> None:
    cas = cas_of(record)

    assert cas.sofa_string == record["text"]
    assert sorted(
        (one.identifier, one.label, one.layer, one.begin, one.end, one.get_covered_text(),
         json.loads(one.attributes), one.note or "", one.unsure, one.version)
        for one in cas.select(SPAN)
    ) == sorted(
        (one["id"], one["label"], one["layer"], one["start"], one["end"], one["quote"],
         one["attributes"], one["note"], one["unsure"], one["version"])
        for one in record["annotations"]
    )  # fmt: skip
    assert sorted(
        (one.label, one.Governor.identifier, one.Dependent.identifier)
        for one in cas.select(RELATION)
    ) == sorted((one["type"], one["from"], one["to"]) for one in record["relations"] if one["to"])
    assert sorted((one.Governor.identifier, one.name) for one in cas.select(NAMED)) == sorted(
        (one["from"], one["to_name"]) for one in record["relations"] if not one["to"]
    )


@settings(deadline=None, max_examples=20)
@given(records())
def test_tokens_are_in_sentences_and_split_no_span(record: ArticleRecord) -> None:
    cas = cas_of(record)

    tokens = {(one.begin, one.end) for one in cas.select(TOKEN)}
    within = {
        (token.begin, token.end)
        for sentence in cas.select(SENTENCE)
        for token in cas.select_covered(TOKEN, sentence)
    }
    assert tokens == within
    for one in record["annotations"]:
        assert all(
            end <= one["start"]
            or one["end"] <= start
            or (one["start"] <= start and end <= one["end"])
            for start, end in tokens
        )


def test_offsets_in_the_file_are_those_of_utf_16_as_uima_demands() -> None:
    record = article_record(TEXT, [annotation_record(TEXT, 2, 6)])
    root = ET.fromstring(written(record)[f"{record['id']}.xmi"])

    (span,) = root.iter("{http:///webanno/custom.ecore}Annotation")

    assert (span.attrib["begin"], span.attrib["end"]) == ("3", "7")


def test_the_article_says_which_text_it_is() -> None:
    record = article_record(TEXT)

    (article,) = cas_of(record).select(ARTICLE)

    assert (article.identifier, article.revision, article.sha256, article.offsetUnit) == (
        record["id"], 2, record["sha256"], "utf_16_code_unit",
    )  # fmt: skip
    assert [one.kind for one in cas_of(record).select(BLOCK)] == ["paragraph"]


def test_what_xml_cannot_write_is_replaced_where_it_is_no_text_of_the_article() -> None:
    odd = annotation_record(TEXT, 2, 6, note="bell \x07 and \ufffe", attributes={"a": "\x01"})

    (span,) = cas_of(article_record(TEXT, [odd])).select(SPAN)

    assert span.note == "bell \ufffd and \ufffd"
    assert json.loads(span.attributes) == {"a": "\x01"}


def test_the_same_articles_are_the_same_bytes() -> None:
    annotation = annotation_record(TEXT, 2, 6)
    record = article_record(TEXT, [annotation], [relation_record(annotation, None, "the port")])

    assert written(record) == written(record)
    assert list(written()) == ["TypeSystem.xml"]
