"""Administration: accounts are made and closed here; all else can be looked at, not changed.

A change made here would leave no event. Projects, labels and members are changed on the
project's settings pages, annotations in the workbench: each by a service that keeps history.
"""

from typing import TYPE_CHECKING

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from articles.annotations.models import Annotation, Comment, Layer, Relation
from articles.desk import token_services
from articles.desk.events import Event
from articles.desk.models import (
    ApiToken,
    Invitation,
    Label,
    Membership,
    Project,
    RelationRule,
    User,
)
from articles.intake.models import Article, Block, Revision

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Model]
    PeopleAdmin = UserAdmin[User]
else:
    ModelAdmin, PeopleAdmin = admin.ModelAdmin, UserAdmin

# The way in is the same page for all, with its throttle.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # so allauth says
admin.site.site_header = admin.site.site_title = "Newsdesk"


@admin.register(User)
class UserOptions(PeopleAdmin):
    list_display = ["username", "name", "email", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff", "is_superuser"]
    search_fields = ["username", "name", "email"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        ("Person", {"fields": ["name", "email"]}),
        ("May", {"fields": ["is_active", "is_staff", "is_superuser"]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never: their work is signed with their name. An account is closed instead."""
        return False


class ReadOnly(ModelAdmin):
    """Look, do not touch. Pages are found by primary key, newest first."""

    ordering = ["-pk"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Project)
class ProjectOptions(ReadOnly):
    list_display = ["name", "slug", "language", "annotators_per_article", "blind", "updated_at"]
    search_fields = ["name", "slug"]


@admin.register(Membership)
class MembershipOptions(ReadOnly):
    list_display = ["user", "project", "role", "deactivated_at"]
    list_filter = ["role"]
    list_select_related = ["user", "project"]
    search_fields = ["user__username", "user__name", "project__name"]


@admin.register(Invitation)
class InvitationOptions(ReadOnly):
    list_display = ["email", "project", "role", "invited_by", "expires_at", "accepted_at"]
    list_select_related = ["project", "invited_by"]
    exclude = ["secret_sha256"]
    search_fields = ["email"]


@admin.register(ApiToken)
class ApiTokenOptions(ReadOnly):
    list_display = ["name", "user", "project", "ends_in", "expires_at", "last_used_at"]
    list_select_related = ["user", "project"]
    exclude = ["secret_sha256"]
    search_fields = ["name", "user__username", "ends_in"]
    actions = ["revoke"]

    @admin.action(description="Revoke the chosen tokens")
    def revoke(self, request: HttpRequest, tokens: "QuerySet[ApiToken]") -> None:
        assert isinstance(request.user, User)
        for token in tokens.select_related("project"):
            token_services.revoke_token(actor=request.user, token=token)
        self.message_user(request, "They no longer open anything.")


@admin.register(Label)
class LabelOptions(ReadOnly):
    list_display = ["name", "key", "kind", "project", "hotkey", "retired_at"]
    list_filter = ["kind"]
    list_select_related = ["project"]
    search_fields = ["name", "key", "project__name"]


@admin.register(RelationRule)
class RelationRuleOptions(ReadOnly):
    list_display = ["relation_label", "source_label", "target_label", "project"]
    list_select_related = ["relation_label", "source_label", "target_label", "project"]


@admin.register(Article)
class ArticleOptions(ReadOnly):
    list_display = ["title", "project", "placement", "language", "created_at"]
    list_filter = ["placement"]
    list_select_related = ["project"]
    search_fields = ["title", "external_id", "url"]


@admin.register(Revision)
class RevisionOptions(ReadOnly):
    list_display = ["article", "number", "length", "original_type", "created_by", "created_at"]
    list_select_related = ["article", "created_by"]
    exclude = ["original", "sha256"]


@admin.register(Block)
class BlockOptions(ReadOnly):
    list_display = ["revision", "position", "kind", "start", "end", "by_hand"]
    list_select_related = ["revision"]


@admin.register(Layer)
class LayerOptions(ReadOnly):
    list_display = ["name", "article", "slot", "annotation_count", "relation_count", "submitted_at"]
    list_select_related = ["article"]
    search_fields = ["name", "article__title"]


@admin.register(Annotation)
class AnnotationOptions(ReadOnly):
    list_display = ["id", "label", "layer", "start", "end", "origin", "updated_at", "deleted_at"]
    list_filter = ["origin"]
    list_select_related = ["label", "layer"]
    exclude = ["quote_sha256"]


@admin.register(Relation)
class RelationOptions(ReadOnly):
    list_display = ["id", "label", "layer", "source", "target", "target_name", "deleted_at"]
    list_select_related = ["label", "layer", "source", "target"]


@admin.register(Comment)
class CommentOptions(ReadOnly):
    list_display = ["body", "author", "layer", "created_at", "removed_at"]
    list_select_related = ["author", "layer"]


@admin.register(Event)
class EventOptions(ReadOnly):
    list_display = ["id", "kind", "actor", "project", "article_id", "at"]
    list_filter = ["kind"]
    list_select_related = ["actor", "project"]
