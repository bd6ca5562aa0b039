"""The colours and lines of a project's labels, as a stylesheet of their own.

The content security policy forbids styles in the page, and every team has its own labels.
"""

import hashlib
from collections.abc import Iterable

from articles.desk.models import Label
from articles.text.segments import LANES

#: How a line looks when it is drawn as a background, below the first lane.
_PATTERNS = {
    "solid": "linear-gradient({0}, {0})",
    "double": "linear-gradient({0} 34%, transparent 34% 66%, {0} 66%)",
    "dashed": "repeating-linear-gradient(90deg, {0} 0 .4em, transparent .4em .6em)",
    "dotted": "repeating-linear-gradient(90deg, {0} 0 .15em, transparent .15em .35em)",
    "wavy": "repeating-linear-gradient(90deg, {0} 0 .3em, transparent .3em .35em)",
}


def of(labels: Iterable[Label]) -> str:
    """A rule for each label's name, and one for each lane that it can lie in."""
    rules = []
    for label in labels:
        color = f"light-dark({label.color}, {label.color_dark})"
        rules.append(f".l-{label.key}{{--c:{color};--line:{label.line}}}")
        rules += [
            f"[data-l{lane}={label.key}]{{--c{lane}:{color};--line{lane}:{label.line};"
            f"--pat{lane}:{_PATTERNS[label.line].format(color)}}}"
            for lane in range(LANES)
        ]
    return "@layer tokens{\n" + "\n".join(rules) + "\n}\n"


def version_of(labels: Iterable[Label]) -> str:
    """A word that changes when the stylesheet does."""
    return hashlib.sha256(of(labels).encode()).hexdigest()[:12]
