"""The lines of one ``.ann`` file, as brat's standoff format has them.

Events become relations from their triggers, because they say as much; normalisations, what is said
of relations, and spans in several pieces have no place here and are counted.

Source: https://brat.nlplab.org/standoff.html.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

from articles.formats.foreign import Malformed, a_name, a_number, an_object, objects
from articles.formats.settling import Joined, Marked
from articles.formats.stated import annotation_fields, relation_fields, stated_relation

#: Types of notes: for whatever an annotator wants to say, and for what only we know.
NOTE, OURS = "AnnotatorNotes", "Newsdesk"
_LINES = {
    "T": re.compile(r"(T\S+)\t(\S+) ([0-9]{1,9} [0-9]{1,9}(?:;[0-9]{1,9} [0-9]{1,9})*)(?:\t(.*))?"),
    "R": re.compile(r"(R\S+)\t(\S+) [^\s:]+:(\S+) [^\s:]+:(\S+)\s*"),
    "E": re.compile(r"(E\S+)\t([^\s:]+):(\S+)((?: [^\s:]+:\S+)*)\s*"),
    "*": re.compile(r"(\*)\t(\S+)((?: \S+)+)\s*"),
    "A": re.compile(r"(A\S+)\t(\S+) (\S+)(?: (.*))?"),
    "M": re.compile(r"(M\S+)\t(\S+) (\S+)(?: (.*))?"),
    "N": re.compile(r"(N\S+)\t(\S+) (\S+) (.*)"),
    "#": re.compile(r"(#\S*)\t(\S+) (\S+)(?:\t(.*))?"),
}


class Standoff:
    """What the lines of a file, called ``name``, say of ``text``; their ids begin with ``prefix``.

    Raises:
        Malformed: if a line is none of the format, or about something that is not there.
    """

    def __init__(self, lines: str, text: str, name: str, layer: str, prefix: str) -> None:
        self._text, self._name, self._layer, self._prefix = text, name, layer, prefix
        self._places: dict[str, tuple[str, list[tuple[int, int]], str | None]] = {}
        self._relations: dict[str, tuple[str, str, str]] = {}
        self._triggers: dict[str, str] = {}
        self._attributes: dict[str, dict[str, Any]] = defaultdict(dict)
        self._notes: dict[str, str] = {}
        self._ours: dict[str, dict[str, Any]] = defaultdict(dict)
        self._left_out: Counter[str] = Counter()
        for number, line in enumerate(lines.split("\n"), 1):
            if line.strip():
                self._take(line.rstrip("\r"), f"{name}, line {number}")
        self._ids = {
            key: a_name(self._ours[key].get("id")) or prefix + key
            for key in self._places
            if self._is_whole(key)
        }
        self._left_out["discontinuous spans"] += len(self._places) - len(self._ids)
        self.marks = [self._mark(key) for key in self._ids]
        self.joins = [*self._joins(), *self._joins_to_names()]
        about = {*self._attributes, *self._notes} - {*self._ids, *self._triggers, *self._places}
        self._left_out["attributes and notes of other things than spans"] += len(about)

    @property
    def said(self) -> list[str]:
        """What was left out, in words."""
        left_out = [f"{what}: {number}" for what, number in self._left_out.items() if number]
        return [f"Left out of {self._name}: {'; '.join(left_out)}."] if left_out else []

    def _take(self, line: str, at: str) -> None:
        kind = _LINES.get(line[0])
        match = kind.fullmatch(line) if kind else None
        if match is None:
            raise Malformed(f"{at}: this is no line of brat's standoff format.")
        key, name, target, *rest = match.groups()
        match line[0]:
            case "T":
                if key in self._places:
                    raise Malformed(f"{at}: {key} is there twice.")
                pieces = [piece.split(" ") for piece in target.split(";")]
                self._places[key] = name, sorted((int(a), int(b)) for a, b in pieces), rest[0]
            case "R":
                self._relations[key] = name, target, rest[0]
            case "E":
                self._triggers[key] = target
                for role in rest[0].split():
                    self._relations[f"{key} {role}"] = role.split(":")[0], key, role.split(":")[1]
            case "*":
                first, *others = target.split()
                for other in others:
                    self._relations[f"{first} {name} {other}"] = name, first, other
            case "A" | "M":
                self._attributes[target][name] = True if rest[0] is None else rest[0]
            case "#" if name == OURS:
                self._ours[target] = _ours(rest[0] or "", at)
            case "#":
                self._notes[target] = rest[0] or ""
            case _:
                self._left_out["normalisations"] += 1

    def _is_whole(self, key: str) -> bool:
        """Whether nothing but white space is between the pieces of a span, such as a line's end."""
        pieces = self._places[key][1]
        return not any(self._text[a:b].strip() for (_, a), (b, _) in pairwise(pieces))

    def _mark(self, key: str) -> Marked:
        label, pieces, words = self._places[key]
        ours = self._ours[key]
        events = [event for event, trigger in self._triggers.items() if trigger == key]
        attributes = an_object(ours.get("attributes", {}), "attributes")
        for about in (key, *events):
            attributes |= self._attributes.get(about, {})
        more = annotation_fields(ours)
        notes = [self._notes[about] for about in (key, *events) if self._notes.get(about)]
        if notes and " ".join(str(more.get("note")).split()) != " ".join(notes[0].split()):
            more["note"] = "\n".join(notes)
        return Marked(
            label=label,
            start=a_number(ours.get("start", pieces[0][0]), "start"),
            end=a_number(ours.get("end", pieces[-1][1]), "end"),
            quote=words,
            id=self._ids[key],
            layer=self._layer,
            attributes=attributes,
            more=more,
        )

    def _joins(self) -> Iterator[Joined]:
        for key, (kind, *ends) in self._relations.items():
            source, target = (self._triggers.get(end, end) for end in ends)
            for end in (source, target):
                if end not in self._places:
                    raise Malformed(f"{self._name}: {key} is about {end}, which is not there.")
            if source in self._ids and target in self._ids:
                ours = self._ours[key]
                yield Joined(
                    kind,
                    self._ids[source],
                    self._ids[target],
                    id=a_name(ours.get("id")) or self._prefix + key,
                    more=relation_fields(ours),
                )
            else:
                self._left_out["relations of discontinuous spans"] += 1

    def _joins_to_names(self) -> Iterator[Joined]:
        for key, source in self._ids.items():
            for one in objects(self._ours[key].get("relations"), "relations"):
                yield replace(stated_relation(one), source=source, target=None)


def _ours(words: str, at: str) -> dict[str, Any]:
    try:
        return an_object(json.loads(words), at)
    except (ValueError, RecursionError):
        raise Malformed(f"{at}: this note is not what Newsdesk wrote.") from None
