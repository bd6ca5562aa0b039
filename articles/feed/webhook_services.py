"""Webhooks: who is told of a project's changes. Making, changing, removing them; what to send."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from articles.desk.models import Project, Role, User
from articles.desk.permissions import can_manage, role_in
from articles.desk.recording import recorded
from articles.feed.cursors import CLEARED
from articles.feed.errors import NothingToReplay, SwitchedOff
from articles.feed.models import Delivery, Webhook
from articles.feed.news import KINDS
from articles.feed.posting import checked_address
from articles.feed.queries import newest_cursor, position_of
from articles.feed.signing import secret_of
from articles.review.models import Notice
from articles.review.notices import notify_of
from newsdesk.errors import IdReused, Invalid, NotAllowed, StaleVersion

#: Webhooks of one project: each is told of everything.
MOST_WEBHOOKS = 20
#: Characters of an address that a notice tells.
TOLD = 120
BY_HAND = "Switched off by hand."


def secret(webhook: Webhook) -> str:
    """What signs the webhook's requests."""
    return secret_of(settings.SECRET_KEY, webhook.pk, webhook.generation)


def require_manager(*, actor: User, project: Project) -> None:
    """Refuse whoever does not manage the project.

    Raises:
        NotAllowed: in words.
    """
    if not can_manage(role_in(project, actor)):
        raise NotAllowed("Only the managers of a project see and change its webhooks.")


def add_webhook(
    *,
    actor: User,
    project: Project,
    url: str,
    kinds: Sequence[str] = (),
    chosen_id: UUID | None = None,
) -> tuple[Webhook, bool]:
    """Tell ``url`` of what changes from now on: of these ``kinds`` of things, or of all.

    The same id and wishes again make nothing new. Returns the webhook and whether it is new.

    Raises:
        NotAllowed, AddressRefused: each in words.
        Invalid: if a kind is unknown, or there are too many webhooks.
        IdReused: if the id belongs to a webhook that was asked for otherwise.
    """
    require_manager(actor=actor, project=project)
    url, kinds = checked_address(url), _checked_kinds(kinds)
    with recorded("webhook.added", actor=actor, project=project) as recording:
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        there = Webhook.objects.filter(pk=chosen_id).first() if chosen_id else None
        if there is not None:
            same = (there.project_id, there.made_by_id, there.url, there.kinds, there.removed_at)
            if same != (project.pk, actor.pk, url, kinds, None):
                raise IdReused()
            return there, False
        if project.webhooks.filter(removed_at=None).count() >= MOST_WEBHOOKS:
            raise Invalid(f"A project has at most {MOST_WEBHOOKS} webhooks.")
        values: dict[str, Any] = {"id": chosen_id} if chosen_id else {}
        webhook = Webhook.objects.create(
            **values,
            project=project,
            url=url,
            kinds=kinds,
            cursor=newest_cursor(project) or "",
            made_by=actor,
        )
        webhook.refresh_from_db()
        recording.made(webhook)
    return webhook, True


def change_webhook(
    *,
    actor: User,
    webhook: Webhook,
    version: int,
    url: str | None = None,
    kinds: Sequence[str] | None = None,
    enabled: bool | None = None,
) -> Webhook:
    """Send it elsewhere, or other things, or switch it on or off. What is not given stays.

    Switched on again it goes on where it stopped, so that nothing is missed. Then, and elsewhere,
    nobody has failed yet: what waits for its next try is tried at once.

    Raises:
        NotAllowed, AddressRefused, Invalid, StaleVersion: each in words.
    """
    values: dict[str, Any] = {}
    if url is not None:
        values |= {"url": checked_address(url), "failures": 0}
    if kinds is not None:
        values["kinds"] = _checked_kinds(kinds)
    if enabled:
        values |= {"disabled_at": None, "disabled_reason": "", "failures": 0}
    elif enabled is not None and webhook.disabled_at is None:
        values |= {"disabled_at": timezone.now(), "disabled_reason": BY_HAND}
    return _change("webhook.changed", actor, webhook, version, values)


def renew_secret(*, actor: User, webhook: Webhook, version: int) -> Webhook:
    """Sign with another secret from now on.

    Raises:
        NotAllowed, StaleVersion: each in words.
    """
    values = {"generation": F("generation") + 1}
    return _change("webhook.secret_renewed", actor, webhook, version, values)


def remove_webhook(*, actor: User, webhook: Webhook, version: int) -> None:
    """Send nothing there any more.

    Raises:
        NotAllowed, StaleVersion: each in words.
    """
    _change("webhook.removed", actor, webhook, version, {"removed_at": timezone.now()})


@transaction.atomic
def switch_off(*, webhook: Webhook, reason: str) -> None:
    """Stop sending to a webhook that takes nothing, and tell the project's managers. Nothing if
    it is off already."""
    with recorded("webhook.disabled", actor=None, project=webhook.project) as recording:
        found = Webhook.objects.active().select_for_update().filter(pk=webhook.pk).first()
        if found is None:
            return
        recording.touching(found)
        Webhook.objects.filter(pk=webhook.pk).update(
            disabled_at=timezone.now(), disabled_reason=reason, version=F("version") + 1
        )
        managers = User.objects.filter(
            Q(memberships__project=webhook.project, memberships__role=Role.MANAGER),
            memberships__deactivated_at=None,
        )
        notify_of(
            recording,
            Notice.Kind.WEBHOOK,
            managers.distinct(),
            project=webhook.project,
            about=webhook.pk,
            words=f"switched off a webhook that takes nothing any more: {webhook.url[:TOLD]}",
        )


def ask_for_test(*, actor: User, webhook: Webhook) -> Delivery:
    """A request without items, to be sent soon.

    Raises:
        NotAllowed: in words.
    """
    require_manager(actor=actor, project=webhook.project)
    return Delivery.objects.create(
        webhook=webhook, project=webhook.project, reason=Delivery.Reason.TEST
    )


def checked_replay(
    *, actor: User, webhook: Webhook, after: str | None, until: str | None
) -> tuple[str, str]:
    """From where to where a replay goes: from the beginning without ``after``, and without
    ``until`` to where the webhook has come. Cursors of whoever is cleared stand for their place.

    Raises:
        NotAllowed, SwitchedOff: each in words.
        CursorMalformed, CursorGone: as for the feed.
        NothingToReplay: unless ``until`` is behind ``after``.
    """
    require_manager(actor=actor, project=webhook.project)
    if webhook.disabled_at is not None:
        raise SwitchedOff()
    begin, end = ((one or "").removesuffix(CLEARED) for one in (after, until))
    end = end or webhook.cursor
    if not end:
        raise NothingToReplay()
    last = position_of(webhook.project, end)
    if begin and position_of(webhook.project, begin) >= last:
        raise NothingToReplay()
    return begin, end


def _checked_kinds(kinds: Sequence[str]) -> list[str]:
    if unknown := set(kinds) - set(KINDS):
        known = ", ".join(KINDS)
        raise Invalid(f"There is no “{min(unknown)}”; there are {known}.", field="kinds")
    return [kind for kind in KINDS if kind in kinds]


def _change(
    kind: str, actor: User, webhook: Webhook, version: int, values: dict[str, Any]
) -> Webhook:
    require_manager(actor=actor, project=webhook.project)
    with recorded(kind, actor=actor, project=webhook.project) as recording:
        found = Webhook.objects.select_for_update().get(pk=webhook.pk)
        if found.version != version or found.removed_at is not None:
            raise StaleVersion("Somebody changed this webhook since you opened it. Look again.")
        if values:
            recording.touching(found)
            Webhook.objects.filter(pk=found.pk).update(**values, version=F("version") + 1)
    return Webhook.objects.select_related("project").get(pk=webhook.pk)
