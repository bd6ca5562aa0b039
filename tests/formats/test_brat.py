"""brat: its grammar, a reader of it that others wrote, and what its users have."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings

from articles.formats.brat import read, write
from articles.formats.brat_reader import file_name
from articles.formats.shapes import ArticleRecord, Found
from tests.formats.drawn import annotation_record, article_record, records, relation_record
from tests.formats.other_tools import said_by
from tests.formats.test_foreign_tools import about

TEXT = "🗞 Quay opens.\n\n“Ours again,” said Zoë."

#: The standoff format, strictly. Source: https://brat.nlplab.org/standoff.html.
GRAMMAR = [
    re.compile(r"T[1-9]\d*\t[\w-]+ (\d+ \d+)(;\d+ \d+)*\t[^\n]+"),
    re.compile(r"R[1-9]\d*\t[\w-]+ Arg1:T\d+ Arg2:T\d+"),
    re.compile(r"A[1-9]\d*\t[\w-]+ [TR]\d+( \S+)?"),
    re.compile(r"#[1-9]\d*\t\w+ [TR]\d+\t[^\n]*"),
]

PYBRAT = """
import json
from pybrat.parser import BratParser

examples = BratParser(error="ignore").parse(".")
print(json.dumps([
    [one.id.split("/")[0], one.text,
     [[e.type, [[s.start, s.end] for s in e.spans], e.mention] for e in one.entities],
     [[r.type, r.arg1.mention, r.arg2.mention] for r in one.relations]]
    for one in examples
]))
"""


def archive(**files: str) -> io.BytesIO:
    """An archive of files; ``__`` in a name is a slash, and ``_`` the dot of its ending."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as zipped:
        for name, content in files.items():
            zipped.writestr(re.sub(r"_(\w+)$", r".\1", name.replace("__", "/")), content)
    return made


def only(files: io.BytesIO) -> Found:
    [found] = read(files)
    return found


def written(*given: ArticleRecord) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(write(given, about({})))))


@settings(max_examples=50)
@given(record=records())
def test_every_line_is_of_the_grammar_and_has_the_words_of_its_offsets(
    record: ArticleRecord,
) -> None:
    files = written(record)

    for name in files.namelist():
        if not name.endswith(".ann"):
            continue
        assert files.read(name.replace(".ann", ".txt")).decode() == record["text"]
        lines = files.read(name).decode().split("\n")
        assert lines.pop() == ""
        ids = [line.split("\t")[0] for line in lines]
        assert len(set(ids)) == len(ids)
        for line in lines:
            assert any(rule.fullmatch(line) for rule in GRAMMAR), line
            if line[0] == "T":
                _, place, words = line.split("\t", 2)
                pieces = [piece.split() for piece in place.split(" ", 1)[1].split(";")]
                quoted = " ".join(record["text"][int(a) : int(b)] for a, b in pieces)
                assert words == quoted.replace("\t", " ").replace("\n", " ")


def test_pybrat_reads_what_we_write(tmp_path: Path) -> None:
    quote = annotation_record(TEXT, 15, 28, "quote", attributes={"form": "direct"})
    source = annotation_record(TEXT, 34, 37, "source")
    both = annotation_record(TEXT, 2, 28, "claim", "noor", note="Two\nlines")
    record = article_record(TEXT, [quote, source, both], [relation_record(quote, source)])
    written(record).extractall(tmp_path)

    read_by_it = json.loads(said_by(PYBRAT, tmp_path))

    assert read_by_it == [
        ["ada", TEXT,
         [["quote", [[15, 28]], "“Ours again,”"], ["source", [[34, 37]], "Zoë"]],
         [["attributed_to", "“Ours again,”", "Zoë"]]],
        ["noor", TEXT, [["claim", [[2, 13], [15, 28]], "Quay opens. “Ours again,”"]], []],
    ]  # fmt: skip


def test_the_configuration_names_all_labels_and_their_attributes() -> None:
    assert written().read("annotation.conf").decode() == (
        "[entities]\nclaim\nquote\nsource\n\n"
        "[relations]\nattributed_to\tArg1:<ENTITY>, Arg2:<ENTITY>\n"
        "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>\n\n"
        "[events]\n\n"
        "[attributes]\nform\tArg:claim|quote|source, Value:direct|indirect\n"
        "checkable\tArg:claim|quote|source\n"
    )


def test_all_kinds_of_lines_are_read() -> None:
    found = only(archive(
        news__a1_txt="Ada said yes.\r\nBo Lee said no.",
        news__a1_ann="T1\tPER 0 3\tAda\nT2\tSAY 4 8\tsaid\r\nT3\tPER 15 21\tBo Lee\n"
        "T4\tPER 0 3;15 17\tAda Bo\nE1\tSAY:T2 Who:T1\nR1\tknows Arg1:T1 Arg2:T3\n"
        "R2\tknows Arg1:T4 Arg2:T3\n*\tEquiv T1 T3\nA1\tNeg E1\nM1\tHow E1 loud\n"
        "#1\tAnnotatorNotes T3\tWho is this?\nN1\tReference T1 Wikipedia:5\tAda\n\n",
    ))  # fmt: skip

    assert found.problem == ""
    assert found.said == (
        "Left out of news/a1.ann: normalisations: 1; discontinuous spans: 1; "
        "relations of discontinuous spans: 1."
    )
    assert found.record is not None
    assert [(one["label"], one["quote"], one.get("attributes"), one.get("note"))
            for one in found.record["annotations"]] == [
        ("PER", "Ada", None, None),
        ("SAY", "said", {"Neg": True, "How": "loud"}, None),
        ("PER", "Bo Lee", None, "Who is this?"),
    ]  # fmt: skip
    assert [(one["type"], one["from"], one["to"]) for one in found.record["relations"]] == [
        ("Who", "T2", "T1"), ("knows", "T1", "T3"), ("Equiv", "T1", "T3"),
    ]  # fmt: skip


def test_offsets_by_a_program_that_saw_other_line_ends_are_found_by_the_words() -> None:
    found = only(archive(a_txt="One.\r\nTwo.", a_ann="T1\tX 5 8\tTwo\n"))

    assert found.record is not None
    assert found.record["annotations"][0]["quote"] == "Two"


def test_one_text_in_several_folders_is_one_article_with_a_layer_for_each() -> None:
    found = only(archive(
        ada__a_txt="Yes.", ada__a_ann="T1\tX 0 3\tYes\n", bo__a_txt="Yes.",
        bo__a_ann="T1\tX 0 4\tYes.\n",
    ))  # fmt: skip

    assert found.record is not None
    assert [(one["layer"], one["quote"]) for one in found.record["annotations"]] == [
        ("ada", "Yes"), ("bo", "Yes."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("T1 X 0 3 Yes", "a.ann, line 1: this is no line of brat's standoff format."),
        ("?1\tX", "a.ann, line 1: this is no line of brat's standoff format."),
        ("T1\tX 0 3\tYes\nT1\tX 0 3\tYes", "a.ann, line 2: T1 is there twice."),
        ("R1\tknows Arg1:T1 Arg2:T2", "a.ann: R1 is about T1, which is not there."),
        ("T1\tX 0 3\tNo!", "the text has “Yes”, not “No!”"),
        (f"T1\tX 0 {'9' * 5_000}\tYes", "line 1: this is no line of brat's standoff format."),
        ("T1\tX 0 33\tYes", "begins or ends outside of the text"),
        ("#1\tNewsdesk T1\t{", "line 1: this note is not what Newsdesk wrote."),
    ],
)
def test_a_bad_article_is_said_and_the_next_one_comes(line: str, words: str) -> None:
    bad, good = read(archive(a_txt="Yes.", a_ann=line, b_txt="No.", b_ann=""))

    assert words in bad.problem
    assert (bad.number, good.number) == (1, 2)
    assert good.record is not None
    assert good.record["text"] == "No."


def test_layers_are_folders_of_their_own_where_case_makes_no_difference() -> None:
    spans = [annotation_record(TEXT, 2, 6, who=who) for who in ("Ada", "ada", "ADA")]
    files = written(article_record(TEXT, spans))

    folders = {name.partition("/")[0].lower() for name in files.namelist() if name.endswith(".ann")}

    assert len(folders) == 3
    assert "ada" in folders


def test_what_is_no_archive_or_no_text_is_said() -> None:
    latin = io.BytesIO()
    with zipfile.ZipFile(latin, "w") as zipped:
        zipped.writestr("a.txt", b"caf\xe9")

    assert only(io.BytesIO(b"PK no")).problem == "This is no ZIP archive, or it is broken."
    assert only(latin).problem == "a.txt is not UTF-8."


@pytest.mark.parametrize("name", ["..", "../../etc", "a/b", ".hidden", "Zoë", "x" * 150, "\\"])
def test_names_stay_in_their_folder(name: str) -> None:
    safe = file_name(name)

    assert re.fullmatch(r"[\w%~-]{1,120}", safe, re.ASCII)
    assert safe != file_name(name + "x")
