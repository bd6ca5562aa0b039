"""Events in words: what somebody did, and from what to what.

Reads nothing but an event's own changes; what these name by id, ``Names`` calls by name.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

type Row = Mapping[str, Any]
type Changes = Sequence[Mapping[str, Any]]
#: A stretch of words: a revision or, of its current one, an article; then ``[start, end)``.
type Place = tuple[str, int, int]

#: What was done, by the kind of the event; in braces stands what it was mainly done to.
KINDS = {
    "annotation.created": "added {annotation}",
    "annotation.changed": "changed {annotation}",
    "annotation.deleted": "deleted {annotation}",
    "annotation.restored": "restored {annotation}",
    "suggestion.made": "brought suggestions in",
    "suggestion.accepted": "accepted a suggestion",
    "suggestion.rejected": "rejected a suggestion",
    "relation.created": "linked {relation}",
    "relation.deleted": "took away the link of {relation}",
    "layer.undone": "took a change back",
    "layer.redone": "made a change again",
    "layer.opened": "began to annotate",
    "layer.claimed": "took the article from the queue",
    "layer.assigned": "assigned the article to {layer}",
    "layer.reassigned": "gave the work on the article to {layer}",
    "layer.taken_from": "took the article from {layer}",
    "layer.submitted": "submitted the work of {layer}",
    "layer.taken_back": "took the work of {layer} back",
    "layer.returned": "returned the work of {layer}",
    "comment.added": "commented on {comment}",
    "comment.edited": "changed a comment on {comment}",
    "comment.removed": "removed a comment on {comment}",
    "comment.resolved": "resolved a thread on {comment}",
    "comment.reopened": "opened a thread on {comment} again",
    "review.opened": "took the article into review",
    "review.taken_over": "took the review over",
    "review.left": "let the review go",
    "decision.ruled": "{verdict}",
    "decision.reopened": "opened {decision} again",
    "decisions.accepted": "accepted several decisions at once",
    "article.adjudicated": "adjudicated the article",
    "article.released": "put the gold of the article into a dataset",
    "snapshot.made": "began the dataset {snapshot}",
    "snapshot.frozen": "froze the dataset {snapshot}",
    "snapshot.failed": "could not freeze a dataset",
    "article.imported": "brought in {article}",
    "article.placed": "placed {article}",
    "article.prioritised": "set the priority of {article}",
    "article.raised": "asked for more annotators of {article}",
    "article.embargoed": "put {article} under embargo",
    "article.embargo_lifted": "lifted the embargo of {article}",
    "article.embargo_ended": "ended the embargo of {article}, which was over",
    "article.held": "put {article} on hold",
    "article.hold_lifted": "lifted the hold of {article}",
    "article.marked_sensitive": "marked {article} sensitive",
    "article.unmarked_sensitive": "marked {article} no longer sensitive",
    "article.kept_from_training": "kept {article} from training",
    "article.freed_for_training": "freed {article} for training",
    "article.withdrawn": "withdrew {article}",
    "article.brought_back": "brought {article} back",
    "import.started": "began to import {importrun}",
    "import.cancelled": "stopped the import of {importrun}",
    "import.file_deleted": "deleted the old file of {importrun}",
    "import.finished": "got to know how an import ended",
    "block.changed": "said what {block} is",
    "bulk.undone": "took a bulk action back",
    "label.added": "added {label}",
    "label.changed": "changed {label}",
    "label.moved": "moved {label}",
    "label.retired": "retired {label}",
    "label.restored": "restored {label}",
    "label.merged": "merged {label} into another",
    "label.deleted": "deleted {label}",
    "project.created": "opened the project",
    "project.changed": "changed the rules of the project",
    "project.practice_set": "chose the article to practise on",
    "guidelines.published": "published the guidelines",
    "member.set": "made {membership} a member",
    "member.deactivated": "took {membership} off the project",
    "invitation.sent": "invited {invitation}",
    "invitation.withdrawn": "withdrew the invitation of {invitation}",
    "invitation.accepted": "accepted the invitation of {invitation}",
    "web.kept": "kept a web annotation",
    "web.changed": "changed a web annotation",
    "web.deleted": "deleted a web annotation",
    "webhook.added": "added {webhook}",
    "webhook.changed": "changed {webhook}",
    "webhook.secret_renewed": "renewed the secret of {webhook}",
    "webhook.removed": "removed {webhook}",
    "webhook.disabled": "switched off {webhook}",
    "token.created": "made {apitoken}",
    "token.revoked": "revoked {apitoken}",
}  # fmt: skip

#: The columns that are told of, by table, and what they are called.
COLUMNS = {
    "annotation": {"label_id": "label", "note": "note", "unsure": "unsure"},
    "article": {
        "placement": "placement", "priority": "priority", "annotators_wanted": "annotators",
        "embargo_until": "embargo until", "hold_reason": "reason",
    },
    "block": {"kind": "kind"},
    "layer": {"annotator_id": "annotator", "lapsed_at": "place lost"},
    "project": {
        "name": "name", "language": "language", "annotators_per_article": "annotators per article",
        "blind": "blind work", "lease_minutes": "lease in minutes",
        "audit_sample": "sample in a hundred", "separate_adjudicator": "separate adjudicator",
        "raise_below": "one more annotator below", "guidelines_version": "version",
    },
    "label": {
        "name": "name", "definition": "definition", "hotkey": "key", "color": "colour",
        "color_dark": "colour in the dark", "line": "line", "position": "position",
        "merged_into_id": "merged into",
    },
    "membership": {"role": "role", "cleared": "cleared for sensitive articles"},
    "invitation": {"role": "role"},
    "webhook": {"url": "address", "kinds": "of", "disabled_reason": "reason"},
    "apitoken": {"scopes": "scopes", "expires_at": "expires"},
    "review": {"reviewer_id": "reviewer"},
    "verdict": {"reason": "reason"},
}  # fmt: skip
#: Tables whose rows are lines of their own beside what was mainly done.
TOLD = ("annotation", "relation", "article", "layer", "label", "membership", "verdict", "review")
#: Those that say something by being there, also without a value that changed.
STANDALONE = ("annotation", "relation", "label", "membership", "verdict")
RULINGS = {"accept": "accepted variant {variant}", "fix": "fixed", "reject": "rejected"}
#: Marks that a quote begins with.
QUOTATION_MARKS = ("“", "”", "„", "‟", "«", "»", "‘", "’", "‚", "‹", "›", '"', "「", "『")
#: What is said of a comment that answers another.
ANSWERED = "answered a comment on {comment}"
#: Code points of a value, and lines of one event, that are shown.
LONGEST_VALUE, MOST_LINES = 160, 20


@dataclass(frozen=True, slots=True)
class Names:
    """What ids stand for. What is not in here is not named: it is gone, or not the reader's."""

    labels: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[int, str] = field(default_factory=dict)
    layers: Mapping[int, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[Place, str] = field(default_factory=dict)


@dataclass(slots=True)
class Needed:
    """Which ids a reader must be told the names of."""

    labels: set[str] = field(default_factory=set)
    people: set[int] = field(default_factory=set)
    layers: set[int] = field(default_factory=set)
    annotations: set[str] = field(default_factory=set)
    words: set[Place] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Step:
    """One value, from → to; ``before`` is empty for what is new."""

    name: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.name}: {self.before} → {self.after}" if self.before else (
            f"{self.name}: {self.after}"
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one row."""

    table: str
    id: str
    words: str
    steps: list[Step]

    def __str__(self) -> str:
        return ": ".join(filter(None, [self.words, "; ".join(map(str, self.steps))]))


@dataclass(frozen=True, slots=True)
class Told:
    """An event in words; the first of ``lines`` may be what it was mainly done to."""

    summary: str
    lines: list[Line]


def quoted(words: str) -> str:
    """``words`` in quotation marks, which a quote has already."""
    return words if words.startswith(QUOTATION_MARKS) else f"“{words}”"


def tell(kind: str, changes: Changes, names: Names) -> Told:
    """What an event of ``kind`` with these ``changes`` did, after the name of who did it."""
    teller = _Teller(names)
    table = _table_of(kind)
    main = next((one for one in changes if one["table"] == table), None)
    words = KINDS.get(kind, kind.replace(".", " ").replace("_", " "))
    if main is not None:
        if kind == "comment.added" and (main["after"] or {}).get("thread_id"):
            words = ANSWERED
        words = words.format(**{table: teller.thing(table, main["after"] or main["before"])})
    elif table:
        words = words.format(**{table: "something"})
    lines = [] if main is None else [teller.line(main, words="")]
    lines += [teller.line(one) for one in changes if one is not main and one["table"] in TOLD]
    shown = [line for line in lines if line.steps or (line.words and line.table in STANDALONE)]
    return Told(words, shown[:MOST_LINES])


def needed(changes: Iterable[Mapping[str, Any]]) -> Needed:
    """The ids that ``changes`` name."""
    found = Needed()
    for change in changes:
        for row in filter(None, (change["before"], change["after"])):
            _collect(found, change["table"], row)
    return found


def _collect(found: Needed, table: str, row: Row) -> None:
    ids = {
        "labels": ("label_id", "merged_into_id"),
        "people": ("annotator_id", "user_id", "reviewer_id"),
        "layers": ("layer_id",),
        "annotations": ("annotation_id", "source_id", "target_id") if table != "verdict" else (),
    }
    for name, columns in ids.items():
        getattr(found, name).update(row[one] for one in columns if row.get(one) is not None)
    if place := _place(row):
        found.words.add(place)


def _place(row: Row) -> Place | None:
    if row.get("start") is None or row.get("end") is None:
        return None
    text = row.get("revision_id") or row.get("article_id")
    return (text, row["start"], row["end"]) if text else None


def _table_of(kind: str) -> str:
    """The table in the braces of the kind's words, if there is one."""
    return KINDS.get(kind, "").partition("{")[2].partition("}")[0]


class _Teller:
    """Puts rows into words."""

    def __init__(self, names: Names) -> None:
        self.names = names

    def thing(self, table: str, row: Row) -> str:
        """What a row is called in a sentence."""
        if table == "annotation":
            return f"{self.label(row['label_id'])} {self.quote(row)}".strip()
        if table == "relation":
            return f"{self.annotation(row['source_id'])} to {self._target(row)}"
        if table == "layer":
            return self.person(row["annotator_id"]) or str(row["name"])
        if table == "comment":
            return self._subject(row)
        if table == "verdict":
            return self._ruling(row)
        if table == "decision":
            return f"the decision on {self.quote(row) or 'a link'}"
        if table == "membership":
            return self.person(row["user_id"]) or "somebody"
        return {
            "article": f"“{row.get('title')}”",
            "block": f"part {row.get('position')}",
            "label": f"the label “{row.get('name')}”",
            "importrun": f"“{row.get('name')}”",
            "invitation": str(row.get("email")),
            "webhook": f"the webhook {row.get('url')}",
            "apitoken": f"the token “{row.get('name')}”",
            "snapshot": f"“{row.get('name')}” v{row.get('number')}",
        }.get(table, "it")

    def line(self, change: Mapping[str, Any], words: str | None = None) -> Line:
        """What became of the row; without ``words`` it is said what was done to which."""
        table, before, after = change["table"], change["before"], change["after"]
        if words is None:
            words = self._done(table, before, after)
        return Line(table, change["id"], words, list(self._steps(table, before, after)))

    def label(self, label_id: str) -> str:
        return self.names.labels.get(label_id, "an annotation")

    def person(self, user_id: int | None) -> str:
        return self.names.people.get(user_id, "") if user_id is not None else ""

    def annotation(self, annotation_id: str) -> str:
        return self.names.annotations.get(annotation_id, "an annotation")

    def quote(self, row: Row) -> str:
        place = _place(row)
        words = self.names.words.get(place) if place else None
        return quoted(words) if words else ""

    def _target(self, row: Row) -> str:
        return self.annotation(row["target_id"]) if row["target_id"] else f"“{row['target_name']}”"

    def _subject(self, row: Row) -> str:
        if row["annotation_id"]:
            return self.annotation(row["annotation_id"])
        if row["decision_id"]:
            return "a decision"
        if row["layer_id"]:
            return f"the work of {self.names.layers.get(row['layer_id'], 'an annotator')}"
        return "the article"

    def _ruling(self, row: Row) -> str:
        said = RULINGS[row["ruling"]].format(variant=row["variant"])
        if row["ruling"] == "reject":
            return f"{said}: nothing belongs here"
        what = f"{self.label(row['label_id'])} {self.quote(row)}".strip()
        return f"{said}: {what}"

    def _done(self, table: str, before: Row | None, after: Row | None) -> str:
        row = after or before or {}
        thing = self.thing(table, row)
        if table == "verdict":
            return thing
        if table in ("review", "layer"):
            return "the review" if table == "review" else f"the work of {thing}"
        was, now = _stands(before), _stands(after)
        verb = {(False, True): "added", (True, False): "deleted"}.get((was, now), "changed")
        if before is not None and verb == "added":
            verb = "restored"
        return f"{verb} {'the link of ' if table == 'relation' else ''}{thing}"

    def _steps(self, table: str, before: Row | None, after: Row | None) -> Iterator[Step]:
        if after is None:
            return
        old = before or {}
        for column, name in COLUMNS.get(table, {}).items():
            was, now = old.get(column), after.get(column)
            if before is None and (not now or (table, column) in _IN_THE_THING):
                continue
            if was != now:
                yield Step(name, self._value(column, was), self._value(column, now, "none"))
        if table == "annotation":
            if before is not None and _place(before) != _place(after):
                yield Step("words", self.quote(before), self.quote(after))
            yield from self._answers(old.get("attributes") or {}, after.get("attributes") or {})

    def _answers(self, before: Row, after: Row) -> Iterator[Step]:
        for key in sorted({*before, *after}):
            if before.get(key) != after.get(key):
                was, now = before.get(key), after.get(key)
                name, value = key.replace("_", " "), self._value(key, now, "none")
                yield Step(name, self._value(key, was), value)

    def _value(self, column: str, value: Any, nothing: str = "") -> str:
        if value is None or value == "" or value == []:
            return nothing
        if isinstance(value, bool):
            return "yes" if value else "no"
        if column in ("label_id", "merged_into_id"):
            return self.label(value)
        if column in ("annotator_id", "reviewer_id"):
            return self.person(value) or "somebody"
        if column.endswith(("_at", "_until")):
            return f"{value[:16].replace('T', ' ')} UTC"
        words = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        return words if len(words) <= LONGEST_VALUE else f"{words[:LONGEST_VALUE]}…"


#: Columns of a new row that its name says already.
_IN_THE_THING = {("annotation", "label_id"), ("label", "name"), ("layer", "annotator_id")}


def _stands(row: Row | None) -> bool:
    return row is not None and row.get("deleted_at") is None
