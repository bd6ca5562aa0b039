"""Changes to projects, guidelines, members and invitations: one transaction, one event each."""

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.text import slugify

from articles.desk import permissions
from articles.desk.errors import InvitationUsed, LastManager, Taken
from articles.desk.label_services import add_labels
from articles.desk.models import SLUG, Invitation, Membership, Project, Role, User
from articles.desk.newsroom import LABELS
from articles.desk.recording import recorded
from articles.text.languages import is_language
from newsdesk.errors import IdReused, Invalid, NotAllowed, StaleVersion, refused_by

INVITATION_LASTS = timedelta(days=7)
#: Code points of a project's guidelines.
LONGEST_GUIDELINES = 200_000
#: Code points of a person’s or a project’s name.
LONGEST_NAME = 120


def create_project(
    *,
    actor: User,
    name: str,
    slug: str = "",
    language: str = "en",
    labels: Sequence[Mapping[str, Any]] | None = None,
    annotators_per_article: int = 1,
    blind: bool = True,
    chosen_id: UUID | None = None,
) -> Project:
    """Open a project with the actor as its manager and ``labels`` (by default the newsroom set).

    Raises:
        NotAllowed: unless the actor is staff or manages a project already.
        Taken: if another project has this name or slug.
        IdReused: if ``chosen_id`` belongs to a project already.
        Invalid: if a value makes no sense.
    """
    if not permissions.can_create_projects(actor):
        raise NotAllowed("Only staff and managers of a project may open a new one.")
    fields = _checked(
        {
            "name": name,
            "language": language,
            "annotators_per_article": annotators_per_article,
            "blind": blind,
        }
    )
    address_taken = Taken("Another project has this address.", field="slug")
    if not slug:
        slug = slug_from(name)
        address_taken = Taken(
            "Another project has this name, or one that makes the same address.", field="name"
        )
    if not re.fullmatch(SLUG, slug) or len(slug) > 60:
        raise Invalid(
            "The address may hold small letters, digits and single hyphens.", field="slug"
        )
    with (
        refused_by(
            articles_project_slug_key=address_taken,
            articles_project_name_key=Taken("Another project has this name.", field="name"),
            articles_project_uid_key=IdReused(),
        ),
        recorded("project.created", actor=actor, project=None) as recording,
    ):
        if chosen_id is not None:
            fields["uid"] = chosen_id
        project = Project.objects.create(slug=slug, **fields)
        recording.made(project)
        recording.project = project
        recording.made(Membership.objects.create(project=project, user=actor, role=Role.MANAGER))
        recording.made(*add_labels(project, LABELS if labels is None else labels))
    return project


def slug_from(name: str) -> str:
    """The place in addresses of a project of this name."""
    return slugify(name)[:60].strip("-")


def change_project(*, actor: User, project: Project, version: int, **changes: Any) -> Project:
    """Change name, language, or the rules of work: how many annotate an article, how many more
    where they disagree, how long a place is held, who sees and reviews what.

    Raises:
        NotAllowed, StaleVersion, Taken, Invalid: each in words.
    """
    with (
        refused_by(articles_project_name_key=Taken("Another project has this name.", field="name")),
        recorded("project.changed", actor=actor, project=project) as recording,
    ):
        project = _locked(actor, project, version)
        changed = {
            key: value for key, value in _checked(changes).items() if getattr(project, key) != value
        }
        if changed:
            recording.touching(project)
            _save(project, **changed)
    return project


def publish_guidelines(*, actor: User, project: Project, version: int, text: str) -> Project:
    """Publish a new version of the guidelines; unchanged text changes nothing."""
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST_GUIDELINES:
        raise Invalid(
            f"Guidelines may have {LONGEST_GUIDELINES:,} characters; these have {len(text):,}.",
            field="guidelines",
        )
    with recorded("guidelines.published", actor=actor, project=project) as recording:
        project = _locked(actor, project, version)
        if text != project.guidelines:
            recording.touching(project)
            _save(project, guidelines=text, guidelines_version=project.guidelines_version + 1)
    return project


def set_member(
    *, actor: User, project: Project, user: User, role: str, cleared: bool | None = None
) -> Membership:
    """Make ``user`` a member with ``role``, or give a member another role.

    Who is ``cleared`` sees sensitive articles; ``None`` leaves that as it is, which for somebody
    new or back again is not.

    Raises:
        NotAllowed: unless the actor manages the project.
        LastManager: if nobody would be left to manage it.
        Invalid: if there is no such role.
    """
    if role not in Role.values:
        raise Invalid(f"A role is one of {', '.join(Role.values)}.", field="role")
    _require_manager(actor, project)
    with recorded("member.set", actor=actor, project=project) as recording:
        _lock_members(project)
        member = Membership.objects.filter(project=project, user=user).first()
        if member is None:
            member = Membership.objects.create(
                project=project, user=user, role=role, cleared=bool(cleared)
            )
            recording.made(member)
        else:
            cleared = member.cleared if cleared is None else cleared
            if (member.role, member.cleared) != (role, cleared) or member.deactivated_at:
                recording.touching(member)
                member.role, member.cleared, member.deactivated_at = role, cleared, None
                member.version += 1
                member.save(update_fields=["role", "cleared", "deactivated_at", "version"])
        _require_a_manager_left(project)
    return member


def deactivate_member(*, actor: User, project: Project, user: User) -> None:
    """Take a member off the project; their work and history stay, their clearance does not.

    Doing it twice changes nothing.

    Raises:
        NotAllowed: unless the actor manages the project.
        LastManager: if nobody would be left to manage it.
    """
    _require_manager(actor, project)
    with recorded("member.deactivated", actor=actor, project=project) as recording:
        _lock_members(project)
        member = Membership.objects.active().filter(project=project, user=user).first()
        if member:
            recording.touching(member)
            member.deactivated_at, member.cleared = timezone.now(), False
            member.version += 1
            member.save(update_fields=["deactivated_at", "cleared", "version"])
        _require_a_manager_left(project)


def invite(*, actor: User, project: Project, email: str, role: str) -> tuple[Invitation, str]:
    """Invite somebody by mail; returns the invitation and its secret, which is kept nowhere.

    Raises:
        NotAllowed: unless the actor manages the project.
        Invalid: if there is no such role.
    """
    if role not in Role.values:
        raise Invalid(f"A role is one of {', '.join(Role.values)}.", field="role")
    _require_manager(actor, project)
    secret = secrets.token_urlsafe(24)
    with recorded("invitation.sent", actor=actor, project=project) as recording:
        invitation = Invitation.objects.create(
            project=project,
            email=email.strip().lower(),
            role=role,
            secret_sha256=_sha256(secret),
            invited_by=actor,
            expires_at=timezone.now() + INVITATION_LASTS,
        )
        recording.made(invitation)
    return invitation, secret


def withdraw_invitation(*, actor: User, invitation: Invitation) -> None:
    """Take an open invitation back; doing it twice changes nothing."""
    _require_manager(actor, invitation.project)
    with recorded("invitation.withdrawn", actor=actor, project=invitation.project) as recording:
        recording.touching(invitation)
        Invitation.objects.open().filter(pk=invitation.pk).update(withdrawn_at=Now())


def find_invitation(secret: str) -> Invitation | None:
    """The open invitation that ``secret`` belongs to. One query."""
    return (
        Invitation.objects.open()
        .select_related("project", "invited_by")
        .filter(secret_sha256=_sha256(secret))
        .first()
    )


def accept_invitation(*, actor: User, secret: str) -> Membership:
    """Make the actor a member as the invitation says; a role that they have already stays.

    Raises:
        InvitationUsed: if it was used, withdrawn or is too old; two at once cannot both win.
    """
    invitation = find_invitation(secret)
    if invitation is None:
        raise InvitationUsed()
    with recorded("invitation.accepted", actor=actor, project=invitation.project) as recording:
        recording.touching(invitation)
        taken = Invitation.objects.open().filter(pk=invitation.pk).update(accepted_at=Now())
        if not taken:
            raise InvitationUsed()
        member, made = Membership.objects.get_or_create(
            project=invitation.project, user=actor, defaults={"role": invitation.role}
        )
        if made:
            recording.made(member)
        elif member.deactivated_at:
            recording.touching(member)
            member.role, member.deactivated_at = invitation.role, None
            member.version += 1
            member.save(update_fields=["role", "deactivated_at", "version"])
    return member


def set_name(*, actor: User, name: str) -> None:
    """Keep what others know the actor by; without one that is the user name.

    Raises:
        Invalid: if it is too long.
    """
    name = " ".join(name.split())
    if len(name) > LONGEST_NAME:
        raise Invalid(f"A name may have {LONGEST_NAME} characters.", field="name")
    actor.name = name
    actor.save(update_fields=["name"])


def set_preferences(*, actor: User, **preferences: Any) -> None:
    """Keep how the actor likes the screens; not part of any project's history."""
    actor.preferences = {**actor.preferences, **preferences}
    actor.save(update_fields=["preferences"])


def _sha256(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _require_manager(actor: User, project: Project) -> None:
    if not permissions.can_manage(permissions.role_in(project, actor)):
        raise NotAllowed("Only a manager of the project may do this.")


def _locked(actor: User, project: Project, version: int) -> Project:
    """The project's row, locked, as the actor last saw it."""
    _require_manager(actor, project)
    locked = Project.objects.select_for_update().get(pk=project.pk)
    if locked.version != version:
        raise StaleVersion(
            "Somebody changed this project's settings since you opened them. "
            "Look at theirs, then save yours again."
        )
    return locked


def _save(project: Project, **values: Any) -> None:
    for key, value in values.items():
        setattr(project, key, value)
    Project.objects.filter(pk=project.pk).update(
        **values, version=F("version") + 1, updated_at=Now()
    )
    project.version += 1


def _lock_members(project: Project) -> None:
    """Hold the project's row, so that two managers cannot both remove the other."""
    Project.objects.select_for_update().get(pk=project.pk)


def _require_a_manager_left(project: Project) -> None:
    managers = Membership.objects.active().filter(
        project=project, role=Role.MANAGER, user__is_active=True
    )
    if not managers.exists():
        raise LastManager()


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """``values`` with a clear refusal of what makes no sense."""
    checked = dict(values)
    if "name" in checked:
        checked["name"] = str(checked["name"]).strip()
        if not 1 <= len(checked["name"]) <= LONGEST_NAME:
            raise Invalid(
                f"A project needs a name of 1 to {LONGEST_NAME} characters.", field="name"
            )
    if "language" in checked and not is_language(checked["language"]):
        raise Invalid("A language is a BCP 47 code such as en or pt-BR.", field="language")
    if "annotators_per_article" in checked and checked["annotators_per_article"] not in range(1, 6):
        raise Invalid("An article can have 1 to 5 annotators.", field="annotators_per_article")
    if "lease_minutes" in checked and not 5 <= checked["lease_minutes"] <= 10_080:
        raise Invalid("A place is held for 5 minutes to a week.", field="lease_minutes")
    if "audit_sample" in checked and not 0 <= checked["audit_sample"] <= 100:
        raise Invalid("A sample is 0 to 100 in a hundred.", field="audit_sample")
    if checked.get("raise_below") is not None and not 1 <= checked["raise_below"] <= 100:
        raise Invalid("Agreement is compared with 1 to 100 per cent.", field="raise_below")
    return checked
