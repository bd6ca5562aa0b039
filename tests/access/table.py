"""Who may do what, and what the others are answered: every address of ours has its line here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tests.access.world import MEMBERS, VERBS

type Verb = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]

SIGNED_IN = ("outsider", *MEMBERS)
EVERY_MEMBER = tuple(MEMBERS)
ANNOTATING = ("author", "colleague", "reviewer", "manager")
IMPORTING = ("engineer", "manager")
EXPORTING = ("reviewer", "engineer", "manager")
REVIEWING = ("reviewer", "manager")
#: Work is blind: another annotator does not even learn that there is an annotation.
SEEING_THE_WORK = ("author", "reviewer", "engineer", "manager")


@dataclass(frozen=True)
class Rule:
    """``status`` for ``may``, ``otherwise`` for those in ``instead``, else what is usual.

    Usual is 403 for members, and 404 for outsiders.
    """

    may: tuple[str, ...]
    status: int
    instead: tuple[str, ...] = ()
    otherwise: int = 404

    def answer_to(self, person: str) -> int:
        if person in self.may:
            return self.status
        if person in self.instead:
            return self.otherwise
        return 404 if person == "outsider" else 403


def opens(*may: str) -> Rule:
    return Rule(may, 200)


def does(*may: str, status: int = 302) -> Rule:
    return Rule(may, status)


def rules_on(*, status: int = 302) -> dict[str, Rule]:
    """What is done in a review; for those who work blind, there is none."""
    return {"POST": Rule(REVIEWING, status, ("author", "colleague"), 404)}


#: Only its author changes an annotation; who cannot see it gets 404.
OWN_WORK = Rule(("author",), 302, ("colleague",), 404)
#: Who has not begun has nothing to undo.
OWN_LAYER = Rule(("author",), 302, ("colleague", "reviewer", "engineer", "manager"), 409)
SETTINGS = {"GET": opens("manager"), "POST": does("manager")}

PAGES: dict[str, dict[str, Rule]] = {
    "home": dict.fromkeys(VERBS, does(*SIGNED_IN, status=302)),
    "events": {"GET": Rule(SIGNED_IN, 204)},  # of Django alone; see tests/faults/test_live.py
    "project-list": {"GET": opens(*SIGNED_IN)},
    "project-new": {
        "GET": opens("manager", "outsider"),  # each manages a project
        "POST": does("manager", "outsider"),
    },
    "guidelines": {"GET": opens(*EVERY_MEMBER)},
    "label-list": {"GET": opens("manager")},
    "label-new": SETTINGS,
    "label-look": {"GET": opens("manager")},
    "label": SETTINGS,
    "label-merge": SETTINGS,
    **{f"label-{act}": {"POST": does("manager")} for act in ("up", "down", "retire", "restore",
                                                             "delete")},
    "guidelines-edit": SETTINGS,
    "guideline-layers": {"GET": opens("manager")},
    "rules": SETTINGS,
    "member-list": {"GET": opens("manager"), "POST": opens("manager")},
    "member": {"POST": does("manager")},
    "member-deactivate": {"POST": does("manager")},
    "invitation-withdraw": {"POST": does("manager")},
    "invitation": {"GET": opens(*SIGNED_IN), "POST": does(*SIGNED_IN)},
    "preferences": {"GET": opens(*SIGNED_IN), "POST": does(*SIGNED_IN)},
    "theme": {"POST": does(*SIGNED_IN)},
    "token-list": {"GET": opens(*SIGNED_IN)},
    # Who did not sign in just now proves again who they are.
    "token-new": dict.fromkeys(VERBS, does(*SIGNED_IN, status=302)),
    "token-revoke": {"POST": Rule(("author",), 302, SIGNED_IN, 404)},
    "import": {"GET": opens(*IMPORTING), "POST": does(*IMPORTING)},
    "import-files": {"GET": opens(*IMPORTING), "POST": opens(*IMPORTING)},
    "import-waiting": {"GET": opens(*IMPORTING)},
    "import-list": {"GET": opens(*IMPORTING)},
    "import-new": {"GET": opens(*IMPORTING), "POST": does(*IMPORTING)},
    "import-urls": {"GET": opens(*IMPORTING), "POST": does(*IMPORTING)},
    "import-api": {"GET": opens(*IMPORTING)},
    "import-run": {"GET": opens(*IMPORTING)},
    "import-options": {"GET": opens(*IMPORTING), "POST": does(*IMPORTING)},
    "import-confirm": {"POST": does(*IMPORTING)},
    "import-cancel": {"POST": does(*IMPORTING)},
    "import-report": {"GET": opens(*IMPORTING)},
    "article-placement": {"POST": does("manager")},
    "article-gates": SETTINGS,
    "export": {"GET": opens(*EXPORTING)},
    "export-file": {"GET": opens(*EXPORTING)},
    "snapshot-list": {"GET": opens(*EXPORTING)},
    "snapshot-new": {"GET": opens(*IMPORTING), "POST": does(*IMPORTING)},
    "snapshot": {"GET": opens(*EXPORTING)},
    "snapshot-file": {"GET": opens(*EXPORTING)},
    "snapshot-diff": {"GET": opens(*EXPORTING)},
    "snapshot-retry": {"POST": does(*IMPORTING)},
    "snapshot-again": {"POST": does(*IMPORTING)},
    "job-list": {"GET": opens(*IMPORTING)},
    # A job in question is both: it failed, and cannot be cancelled, which a sentence says.
    "job-retry": {"POST": does(*IMPORTING)},
    "job-cancel": {"POST": does(*IMPORTING)},
    "dashboard": {"GET": opens(*EVERY_MEMBER)},
    "figure-csv": {"GET": opens(*EVERY_MEMBER)},
    "disagreements": {"GET": opens("reviewer", "engineer", "manager")},
    "labels-css": {"GET": opens(*EVERY_MEMBER)},
    "article-list": {"GET": opens(*EVERY_MEMBER)},
    "article-presence": {"GET": opens(*EVERY_MEMBER)},
    "queue": {"GET": opens(*ANNOTATING), "POST": does(*ANNOTATING)},
    "article-bulk": {"POST": opens("manager")},
    "article-bulk-undo": {"POST": does("manager")},
    "article-view-save": {"POST": does(*EVERY_MEMBER)},
    "article-view-forget": {"POST": Rule(("author",), 302, EVERY_MEMBER, 404)},
    "workbench": {"GET": opens(*EVERY_MEMBER)},
    "annotation-create": {"POST": does(*ANNOTATING)},
    "annotation-by-text": {"POST": does(*ANNOTATING)},
    "annotation": {"GET": Rule(SEEING_THE_WORK, 200, ("colleague",), 404), "POST": OWN_WORK},
    "annotation-delete": {"POST": OWN_WORK},
    "annotation-restore": {"POST": OWN_WORK},
    "comment-create": {"POST": Rule(SEEING_THE_WORK, 302, ("colleague",), 404)},
    "comment-add": {"POST": does(*EVERY_MEMBER)},
    "comment-reply": {"POST": Rule(SEEING_THE_WORK, 302, ("colleague",), 404)},
    "comment-resolve": {"POST": Rule(SEEING_THE_WORK, 302, ("colleague",), 404)},
    "comment-edit": {"POST": OWN_WORK},
    "comment-remove": {"POST": OWN_WORK},
    "article-history": {"GET": opens(*EVERY_MEMBER)},
    "annotation-as-it-was": {"POST": OWN_WORK},
    "inbox": {"GET": opens(*SIGNED_IN)},
    "inbox-clear": {"POST": Rule(("author",), 302, SIGNED_IN, 404)},
    "notice-done": {"POST": Rule(("author",), 302, SIGNED_IN, 404)},
    "webhook-list": {"GET": opens("manager"), "POST": opens("manager")},
    "webhook": {"GET": opens("manager")},
    "webhook-replay": {"POST": Rule(("manager",), 422)},  # it was sent nothing yet
    "webhook-test": {"POST": does("manager")},
    "webhook-on": {"POST": does("manager")},
    "webhook-off": {"POST": does("manager")},
    "webhook-renew": {"POST": opens("manager")},
    "webhook-remove": {"POST": does("manager")},
    "audit-log": {"GET": opens("manager")},
    "audit-file": {"GET": opens("manager")},
    "suggestion-decide": {"POST": does(*ANNOTATING)},
    "relation-create": {"POST": OWN_WORK},
    "relation-delete": {"POST": OWN_WORK},
    "block-change": {"POST": does(*EVERY_MEMBER)},
    "layer-undo": {"POST": OWN_LAYER},
    "layer-redo": {"POST": Rule(EVERY_MEMBER, 409)},  # nothing was undone
    # The article is not adjudicated.
    "practice-set": {"POST": Rule(("manager",), 409, ("author", "colleague"), 404)},
    "review-list": {"GET": Rule(REVIEWING, 200, EVERY_MEMBER, 404)},
    "review": {"GET": Rule(("engineer", *REVIEWING), 200, EVERY_MEMBER, 404)},
    "review-hold": rules_on(),
    "verdict-give": rules_on(),
    "verdict-undo": rules_on(status=409),  # nothing is decided
    "decision-edge": rules_on(status=200),
    "decision-reopen": rules_on(),
    "accept-many": rules_on(),
    "work-return": rules_on(),
    "review-finish": rules_on(status=409),  # decisions are open
    "article-outcome": {"GET": Rule(("author",), 200, EVERY_MEMBER, 404)},
    "layer-submit": {"POST": does(*ANNOTATING)},
}  # fmt: skip

#: Pages that ask nobody to sign in, and what they answer strangers.
PUBLIC = {"home": 302, "invitation": 200, "events": 204}

#: By the name of the call, its verb.
OWN_THING = Rule(("author",), 204, ("colleague",), 404)
API: dict[str, tuple[Verb, Rule]] = {
    "list_projects": ("GET", opens(*SIGNED_IN)),
    "create_project": ("POST", Rule(("manager", "outsider"), 201)),
    "get_project": ("GET", opens(*EVERY_MEMBER)),
    "change_project": ("PATCH", opens("manager")),
    "list_labels": ("GET", opens(*EVERY_MEMBER)),
    "add_label": ("POST", does("manager", status=201)),
    "get_label": ("GET", opens(*EVERY_MEMBER)),
    "change_label": ("PATCH", opens("manager")),
    "list_members": ("GET", opens(*EVERY_MEMBER)),
    "get_member": ("GET", opens(*EVERY_MEMBER)),
    "set_member": ("PUT", opens("manager")),
    "list_articles": ("GET", opens(*EVERY_MEMBER)),
    "add_article": ("POST", does(*IMPORTING, status=201)),
    "add_import": ("POST", does(*IMPORTING, status=202)),
    "list_imports": ("GET", opens(*IMPORTING)),
    "get_import": ("GET", opens(*IMPORTING)),
    "list_import_lines": ("GET", opens(*IMPORTING)),
    "confirm_dry_run": ("POST", does(*IMPORTING, status=202)),
    "stop_import": ("DELETE", opens(*IMPORTING)),
    "claim_article": ("POST", Rule(("author",), 204, ("colleague", "reviewer", "manager"), 200)),
    "get_article": ("GET", opens(*EVERY_MEMBER)),
    "submit": ("POST", opens(*ANNOTATING)),
    "withdraw_submission": ("DELETE", Rule(("author",), 204, EVERY_MEMBER, 404)),
    "get_article_text": ("GET", opens(*EVERY_MEMBER)),
    "get_revision_text": ("GET", opens(*EVERY_MEMBER)),
    "list_annotations": ("GET", opens(*EVERY_MEMBER)),
    "create_annotation": ("POST", does(*ANNOTATING, status=201)),
    "get_annotation": ("GET", Rule(SEEING_THE_WORK, 200, ("colleague",), 404)),
    "change_annotation": ("PATCH", Rule(("author",), 200, ("colleague",), 404)),
    "delete_annotation": ("DELETE", OWN_THING),
    "list_suggestions": ("GET", opens(*EVERY_MEMBER)),
    "suggest": ("POST", does(*IMPORTING, status=201)),
    "decide_on_suggestion": ("POST", does(*ANNOTATING, status=201)),
    "list_relations": ("GET", opens(*EVERY_MEMBER)),
    "create_relation": ("POST", Rule(("author",), 201, ("colleague",), 422)),
    "get_relation": ("GET", Rule(SEEING_THE_WORK, 200, ("colleague",), 404)),
    "delete_relation": ("DELETE", OWN_THING),
    "list_decisions": ("GET", opens("reviewer", "engineer", "manager")),
    "get_decision": ("GET", Rule(("reviewer", "engineer", "manager"), 200, EVERY_MEMBER, 404)),
    "give_verdict": ("POST", Rule(REVIEWING, 201, ("author", "colleague"), 404)),
    "reopen_decision": ("DELETE", Rule(REVIEWING, 204, ("author", "colleague"), 404)),
    "close_review": ("POST", Rule(REVIEWING, 409)),  # decisions are open
    "get_agreement": ("GET", opens("reviewer", "engineer", "manager")),
    "list_comments": ("GET", opens(*EVERY_MEMBER)),
    "add_comment": ("POST", does(*EVERY_MEMBER, status=201)),
    "resolve_comment": ("POST", Rule(SEEING_THE_WORK, 200, ("colleague",), 404)),
    "remove_comment": ("DELETE", OWN_THING),
    "export_project": ("GET", opens(*EXPORTING)),
    "list_snapshots": ("GET", opens(*EXPORTING)),
    "make_dataset": ("POST", does(*IMPORTING, status=201)),
    "get_snapshot": ("GET", opens(*EXPORTING)),
    "retry_dataset": ("POST", opens(*IMPORTING)),
    "export_snapshot": ("GET", opens(*EXPORTING)),
    "list_removals": ("GET", opens(*EXPORTING)),
    "diff_snapshots": ("GET", Rule(EXPORTING, 404)),  # there is no version before
    "read_events": ("GET", opens(*EXPORTING)),
    "list_webhooks": ("GET", opens("manager")),
    "add_webhook": ("POST", does("manager", status=201)),
    "get_webhook": ("GET", opens("manager")),
    "change_webhook": ("PATCH", opens("manager")),
    "remove_webhook": ("DELETE", does("manager", status=204)),
    "renew_secret": ("POST", opens("manager")),
    "test_webhook": ("POST", does("manager", status=202)),
    "list_deliveries": ("GET", opens("manager")),
    "replay_webhook": ("POST", Rule(("manager",), 422)),  # it was sent nothing yet
}
_CONTAINER: dict[str, Rule] = {
    "GET": opens(*EVERY_MEMBER),
    "POST": does(*ANNOTATING, status=201),
}
_WEB_ANNOTATION: dict[str, Rule] = {
    "GET": API["get_annotation"][1],
    "PUT": API["change_annotation"][1],
    "DELETE": OWN_THING,
}
#: What programs may do with a token, and by which protocol, by the name of the address.
CALLS: dict[str, Mapping[str, Rule]] = {
    **{f"api:{name}": {verb: rule} for name, (verb, rule) in API.items()},
    "w3c-containers": {"POST": Rule(SIGNED_IN, 403)},  # a container is a project
    "w3c-container": _CONTAINER,
    "w3c-annotation": _WEB_ANNOTATION,
    "w3c-elucidate-containers": {"POST": Rule(SIGNED_IN, 403)},
    "w3c-elucidate-container": _CONTAINER,
    "w3c-elucidate-annotation": _WEB_ANNOTATION,
    "w3c-annorepo-fields": {"GET": opens(*EVERY_MEMBER)},
}
#: What describes the API is there for everybody.
API_PUBLIC = {"api:openapi-json", "api-docs", "api:api-root", ""}
