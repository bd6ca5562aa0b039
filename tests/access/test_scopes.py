"""What a token opens that is for one thing only: each call, with each scope alone."""

import re
from pathlib import Path

import pytest

from articles.desk.models import Scope
from articles.desk.token_services import create_token
from tests.access.table import CALLS
from tests.access.test_access import API_ADDRESSES, answer_of_api
from tests.access.world import Everybody, World

pytestmark = pytest.mark.django_db

DOCS = Path(__file__).parents[2] / "docs" / "api.md"
#: What looks and does not change anything, and still is not for who may only read.
IMPORTING = {"list_imports", "get_import", "list_import_lines"}
EXPORTING = {"export_project", "export_snapshot", "read_events"}
MANAGING = {"list_webhooks", "get_webhook", "list_deliveries"}
#: What changes something, by the scope that it takes; of Web Annotations, everything annotates.
CHANGES = {
    Scope.IMPORT: {"add_article", "add_import", "confirm_dry_run", "stop_import", "suggest"},
    Scope.EXPORT: {"make_dataset", "retry_dataset"},
    Scope.REVIEW: {"give_verdict", "reopen_decision", "close_review"},
    Scope.MANAGE: {
        "create_project", "change_project", "add_label", "change_label", "set_member",
        "add_webhook", "change_webhook", "remove_webhook", "renew_secret", "test_webhook",
        "replay_webhook",
    },
}  # fmt: skip


def scope_of(call: str, verb: str) -> Scope:
    """The one scope that opens it, as docs/api.md says."""
    if verb == "GET":
        looks = {Scope.IMPORT: IMPORTING, Scope.EXPORT: EXPORTING, Scope.MANAGE: MANAGING}
        return next((scope for scope, calls in looks.items() if call in calls), Scope.READ)
    return next((scope for scope, calls in CHANGES.items() if call in calls), Scope.ANNOTATE)


def test_each_scope_alone_opens_its_calls_and_no_other() -> None:
    world = World("Harbour")
    everybody = Everybody(world)
    wrong = []
    for scope in Scope:
        _, secret = create_token(actor=world.manager, name=scope, scopes=[scope], days=1)
        everybody.tokens["manager"] = secret
        for one in API_ADDRESSES:
            for verb in CALLS[one.name]:
                call = one.name.removeprefix("api:")
                status, code = answer_of_api(everybody, "manager", verb, one, world, world.ids)
                is_open = (status, code) != (403, "scope_missing")
                if is_open != (scope_of(call, verb) == scope) or status in (401, 429):
                    wrong.append((scope.value, verb, call, status, code))

    assert not wrong, wrong


def test_the_document_names_each_scope() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", DOCS.read_text("utf-8"), re.MULTILINE)

    assert [scope for scope, _ in rows] == [scope.value for scope in Scope]
