"""What each form and each call of the API sends when nothing is wrong with it."""

from functools import cache
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.access.world import World
from tests.factories import TEXT

STORY = "Ferry strike ends\n\nThe crews of the Skerry ferries go back to work on Monday."
LABEL = {"name": "Figure", "color": "#3c4a57", "color_dark": "#9fb3c0", "line": "solid"}
#: What an import asks for beside its source.
CHOSEN = {"annotations": "layer", "layer": "imported"}
NO_QUESTIONS = {"attributes-TOTAL_FORMS": 0, "attributes-INITIAL_FORMS": 0}
#: Where a web annotation may be sent.
WEB_ANNOTATIONS = (
    "w3c-container", "w3c-annotation", "w3c-elucidate-container", "w3c-elucidate-annotation",
)  # fmt: skip


@cache
def page_forms(world: World) -> dict[str, dict[str, Any]]:
    """By the name of the address; for the others an empty form is right."""
    label = world.project.labels.get(pk=world.ids["label_id"])
    version = {"version": 1}
    span = {"start": 0, "end": 1, "quote": TEXT[0], "label": "claim"}
    acts = {f"label-{act}": version for act in ("up", "down", "retire", "restore", "delete")}
    return {
        **acts,
        "project-new": {
            "name": "A new desk", "language": "en", "labels": "newsroom",
            "annotators_per_article": 1,
        },
        "label-new": {**LABEL, **NO_QUESTIONS},
        "label": {
            **LABEL, **NO_QUESTIONS, "name": label.name, "color": label.color,
            "color_dark": label.color_dark, **version,
        },
        "label-merge": {"into": world.project.labels.get(key="claim").pk, **version},
        "label-look": {"color": "#3c4a57", "color_dark": "#9fb3c0"},
        "guidelines-edit": {"guidelines": "Be kind.", "version": world.project.version},
        "rules": {
            "name": world.project.name, "language": "en", "annotators_per_article": 5,
            "lease_minutes": 60, "audit_sample": 20, "version": world.project.version,
        },
        "webhook-list": {"url": "https://data.example.org/hook"},
        **{f"webhook-{act}": version for act in ("on", "off", "renew", "remove")},
        "member-list": {"email": "ben@example.org", "role": "annotator"},
        "member": {"role": "reviewer"},
        "preferences": {
            "theme": "dark", "text_size": "18", "spacing": "compact", "keys": "on",
            "speech": "off", "boundaries": "on",
        },
        "theme": {"theme": "dark"},
        "import": {"text": STORY},
        "import-files": {"uploads": SimpleUploadedFile("story.txt", STORY.encode())},
        "import-new": {
            **CHOSEN, "upload": SimpleUploadedFile("stories.jsonl", b'{"text": "One. Two."}'),
        },
        "import-urls": {**CHOSEN, "addresses": "https://bugle.example/ferries"},
        "import-options": CHOSEN,
        "article-bulk": {"article": world.article.pk, "act": "priority:2"},
        "article-bulk-undo": {"batch": "0197a0c4-5f1e-7c3a-9a57-2f6d0e8b1c44"},
        "article-view-save": {"name": "Begun", "query": "status=annotating"},
        "article-placement": {**version, "placement": "parked"},
        "article-gates": {**version, "act": "withdraw"},
        "annotation-create": span,
        "annotation-by-text": {"paragraph": 1, "words": "Council", "label": "claim"},
        "annotation": {**version, "fields": "unsure", "unsure": "on"},
        "annotation-delete": version,
        "annotation-restore": version,
        "comment-create": {"body": "Is it?"},
        "comment-add": {"body": "Is it?"},
        "comment-reply": {"body": "It is."},
        "comment-edit": {"body": "Is it so?"},
        "inbox-clear": {"newest": world.notice.pk},
        "annotation-as-it-was": version,
        "relation-create": {
            "type": "attributed_to", "from": world.relation.source_id, "to_name": "A neighbour",
        },
        "suggestion-decide": {"decision": "reject"},
        "relation-delete": version,
        "verdict-give": {**version, "ruling": "accept", "variant": 1},
        "decision-edge": {**version, "start": 0, "end": 1, "edge": "end-right"},
        "work-return": {"layer": world.handed_in.pk, "message": "Where is it said?"},
        "snapshot-new": {
            "name": "Everything", "layers": "all", "by": "", "seed": 1, "ratios": "train 1",
        },
        "block-change": {**version, "kind": "caption"},
    }  # fmt: skip


def api_bodies(world: World) -> dict[str, dict[str, Any]]:
    """By the name of the call; the others need no body."""
    said = {
        "type": "Annotation",
        "target": {
            "source": f"http://testserver/api/v1/articles/{world.article.pk}/text",
            "selector": {"type": "TextPositionSelector", "start": 0, "end": 1},
        },
        "body": {"type": "TextualBody", "purpose": "tagging", "value": "claim"},
    }
    return {
        "create_project": {"name": "A new desk"},
        "change_project": {"annotators_per_article": 4},
        "add_label": {"key": "figure", "name": "Figure"},
        "change_label": {"name": "Image caption"},
        "set_member": {"role": "reviewer"},
        "add_article": {"text": STORY},
        "add_webhook": {"url": "https://data.example.org/hook"},
        "change_webhook": {"enabled": False},
        "replay_webhook": {},
        "give_verdict": {"decision": "accept"},
        "create_annotation": {"start": 0, "end": 1, "quote": TEXT[0], "label": "claim"},
        "change_annotation": {"unsure": True},
        "add_comment": {"body": "Is it?"},
        "make_dataset": {"name": "Everything", "layers": "all"},
        "resolve_comment": {"resolved": True},
        "suggest": {
            "start": 0, "end": 1, "quote": TEXT[0], "label": "claim", "origin": "rules",
        },
        "decide_on_suggestion": {"decision": "reject"},
        "create_relation": {
            "type": "attributed_to", "from": str(world.relation.source_id),
            "to_name": "A neighbour",
        },
        **dict.fromkeys(WEB_ANNOTATIONS, said),
    }  # fmt: skip
