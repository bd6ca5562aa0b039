"""Label Studio's labeling interface: what to paste on its page of that name before an import.

It asks for the project's labels, attributes and relations by the names that ``labelstudio.py``
gives them; without it, Label Studio shows no region of an imported task.

Source: https://labelstud.io/guide/setup and https://labelstud.io/tags.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.sax.saxutils import quoteattr

from articles.formats.labelstudio import LABEL, TEXT, TRUTH, tag_name
from articles.formats.shapes import About, ArticleRecord


def write(records: Iterable[ArticleRecord], about: About) -> Iterator[bytes]:
    """The interface of the project's labels, whatever the articles are."""
    yield _interface(about).encode()


def _interface(about: About) -> str:
    spans = [label for label in about.labels if label.kind == "span"]
    lines = [
        *(f"    <Label value={quoteattr(label.key)}/>" for label in spans),
        "  </Labels>",
        f'  <Text name="{TEXT}" value="${TEXT}"/>',
        *(
            line
            for label in spans
            for attribute in label.attributes
            for line in _question(label.key, attribute)
        ),
        "  <Relations>",
        *(
            f"    <Relation value={quoteattr(label.key)}/>"
            for label in about.labels
            if label.kind == "relation"
        ),
        "  </Relations>",
    ]
    return "\n".join(["<View>", f'  <Labels name="{LABEL}" toName="{TEXT}">', *lines, "</View>\n"])


def _question(label: str, attribute: Mapping[str, Any]) -> Iterator[str]:
    """The tags that ask for ``attribute`` while a region of ``label`` is selected."""
    common = (
        f'name="{tag_name(label, attribute["key"])}" toName="{TEXT}" perRegion="true" '
        f'whenTagName="{LABEL}" whenLabelValue={quoteattr(label)}'
    )
    if attribute["type"] == "number":
        yield f"  <Number {common}/>"
    elif attribute["type"] == "text":
        yield f'  <TextArea {common} maxSubmissions="1"/>'
    else:
        choices = TRUTH if attribute["type"] == "boolean" else attribute["choices"]
        yield f"  <Choices {common}>"
        yield from (f"    <Choice value={quoteattr(choice)}/>" for choice in choices)
        yield "  </Choices>"
