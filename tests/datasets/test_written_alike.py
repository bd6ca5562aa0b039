"""Files are the same bytes wherever they are written, whole or not at all."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zipfile import is_zipfile

import pyarrow as pa
import pytest

from articles.annotations.models import Layer
from articles.annotations.services import change_annotation
from articles.datasets.snapshot_file_services import file_of
from articles.datasets.snapshot_queries import lines_of
from articles.datasets.snapshot_source import SnapshotSource
from articles.datasets.sources import Live, about, written
from articles.desk.models import Role
from articles.formats.registry import WRITABLE, Format
from tests.datasets.frozen import gold_desk, make_frozen
from tests.desk.people import join, make_user
from tests.factories import make_annotation, make_article, make_layer
from tests.formats.drawn import ABOUT

#: The formats that say something of articles; Label Studio's interface is of labels alone.
OF_ARTICLES = [form for form in WRITABLE if form.name != "labelstudio_config"]

#: A program that writes the lines it is given in every format, and says the hash of each file.
WRITES = """
import hashlib, json, sys
from articles.formats.registry import WRITABLE
from articles.formats.shapes import About, LabelAbout
said, *lines = sys.stdin
said = json.loads(said)
said["labels"] = [LabelAbout(**one) for one in said["labels"]]
hashes = {}
for form in WRITABLE:
    options = {name: values[0] for name, values in form.options.items()}
    about = About(**{**said, "options": options})
    content = b"".join(form.write(map(json.loads, lines), about))
    hashes[form.name] = hashlib.sha256(content).hexdigest()
print(json.dumps(hashes))
"""


@pytest.mark.django_db
def test_files_do_not_hang_on_how_a_process_hashes() -> None:
    frozen = make_frozen(gold_desk(3), licence="CC BY 4.0")
    said = asdict(SnapshotSource(frozen).about({}))
    given = b"\n".join(
        [json.dumps(said).encode(), *(line.rstrip() for line in lines_of(frozen.pk))]
    )

    def hashes(seed: str) -> dict[str, str]:
        ran = subprocess.run(
            [sys.executable, "-c", WRITES], input=given, capture_output=True, check=True,
            cwd=Path(__file__).parents[2], env={**os.environ, "PYTHONHASHSEED": seed},
        )  # fmt: skip
        found: dict[str, str] = json.loads(ran.stdout)
        return found

    one, other = hashes("1"), hashes("2")

    assert one == other
    assert one == {
        form.name: file_of(snapshot=frozen, form=form, asked={}).hash for form in WRITABLE
    }


@pytest.mark.django_db
def test_no_dictionary_says_a_word_twice() -> None:
    """Parquet's writer makes room for each, and what it leaves of it is what was in memory."""
    layer = make_layer()
    assert layer.annotator is not None
    for start, note in enumerate(("", "Twice over.")):
        one = make_annotation(layer, span=(start, start + 5))
        change_annotation(actor=layer.annotator, annotation=one, version=1, note=note)
        make_annotation(make_layer(make_article(layer.project)))

    [tables] = Live(layer.project).tables()

    words = [column for column in tables.data.columns if pa.types.is_dictionary(column.type)]
    assert len(words) == 9
    for column in words:
        said = column.combine_chunks().dictionary.to_pylist()
        assert len(said) == len(set(said))


class Torn:
    """A source that breaks after one article."""

    project: Any = SimpleNamespace(slug="east-quay")
    stem = "torn"

    def __init__(self, line: bytes) -> None:
        self.line = line

    def lines(self) -> Iterator[bytes]:
        yield self.line
        raise OSError("The disk is gone.")


@pytest.mark.django_db
@pytest.mark.parametrize("form", OF_ARTICLES, ids=lambda form: form.name)
def test_what_breaks_in_the_midst_of_a_file_breaks_the_file(form: Format) -> None:
    line = next(lines_of(make_frozen(gold_desk(1)).pk))
    sent = BytesIO()

    with pytest.raises(OSError, match="The disk is gone"):
        sent.writelines(written(Torn(line), form, ABOUT))

    assert not is_zipfile(sent)


@pytest.mark.django_db
@pytest.mark.parametrize("form", WRITABLE, ids=lambda form: form.name)
def test_practice_goes_out_in_no_format(form: Format) -> None:
    layer = make_annotation(make_layer()).layer
    project = layer.project
    project.annotators_per_article = 2
    project.save()

    def live() -> bytes:
        said = about(project, "https://desk.example", {})
        return b"".join(written(Live(project), form, said))

    without = live()
    newcomer = join(project, make_user("newcomer"), Role.ANNOTATOR)
    practice = make_annotation(make_layer(layer.article, newcomer)).layer
    Layer.objects.filter(pk=practice.pk).update(kind="practice", slot=None)

    assert live() == without
