"""Addresses of the article list, of submission and review."""

from django.urls import include, path

from articles.review import (
    audit_views,
    bulk_views,
    dashboard_views,
    guideline_views,
    history_views,
    inbox_views,
    list_views,
    outcome_views,
    presence_views,
    queue_views,
    review_views,
    submission_views,
    talk_views,
)

article = [
    path("annotate/", presence_views.workbench, name="workbench"),
    path("outcome/", outcome_views.article_outcome, name="article-outcome"),
    path("presence/", presence_views.article_presence, name="article-presence"),
    path("submission/", submission_views.layer_submit, name="layer-submit"),
    path(
        "annotations/<uuid:annotation_id>/comments/",
        talk_views.comment_create,
        name="comment-create",
    ),
    path("comments/", talk_views.comment_add, name="comment-add"),
    path("comments/<uuid:comment_id>/reply/", talk_views.comment_reply, name="comment-reply"),
    path("comments/<uuid:comment_id>/edit/", talk_views.comment_edit, name="comment-edit"),
    path("comments/<uuid:comment_id>/resolve/", talk_views.comment_resolve, name="comment-resolve"),
    path("comments/<uuid:comment_id>/remove/", talk_views.comment_remove, name="comment-remove"),
    path("history/", history_views.article_history, name="article-history"),
    path(
        "annotations/<uuid:annotation_id>/as-it-was/<int:event_id>/",
        history_views.annotation_as_it_was,
        name="annotation-as-it-was",
    ),
]

reviewed = [
    path("", review_views.review, name="review"),
    path("hold/", review_views.review_hold, name="review-hold"),
    path("undo/", review_views.verdict_undo, name="verdict-undo"),
    path("accept/", review_views.accept_many, name="accept-many"),
    path("return/", review_views.work_return, name="work-return"),
    path("practice/", review_views.practice_set, name="practice-set"),
    path("finish/", review_views.review_finish, name="review-finish"),
    path("decisions/<uuid:decision_id>/verdict/", review_views.verdict_give, name="verdict-give"),
    path("decisions/<uuid:decision_id>/edge/", review_views.decision_edge, name="decision-edge"),
    path(
        "decisions/<uuid:decision_id>/reopen/",
        review_views.decision_reopen,
        name="decision-reopen",
    ),
]

urlpatterns = [
    path("inbox/", inbox_views.inbox, name="inbox"),
    path("inbox/done/", inbox_views.inbox_clear, name="inbox-clear"),
    path("inbox/<uuid:notice_id>/done/", inbox_views.notice_done, name="notice-done"),
    path("p/<slug:slug>/settings/audit/", audit_views.audit_log, name="audit-log"),
    path("p/<slug:slug>/settings/audit.csv", audit_views.audit_file, name="audit-file"),
    path("p/<slug:slug>/review/", review_views.review_list, name="review-list"),
    path("p/<slug:slug>/review/<uuid:article_id>/", include(reviewed)),
    path("p/<slug:slug>/dashboard/", dashboard_views.dashboard, name="dashboard"),
    path(
        "p/<slug:slug>/dashboard/disagreements/",
        dashboard_views.disagreement_list,
        name="disagreements",
    ),
    path(
        "p/<slug:slug>/dashboard/<slug:figure>.csv",
        dashboard_views.figure_csv,
        name="figure-csv",
    ),
    path(
        "p/<slug:slug>/settings/guidelines/layers/",
        guideline_views.guideline_layers,
        name="guideline-layers",
    ),
    path("p/<slug:slug>/queue/", queue_views.queue, name="queue"),
    path("p/<slug:slug>/articles/", list_views.article_list, name="article-list"),
    path("p/<slug:slug>/articles/bulk/", bulk_views.article_bulk, name="article-bulk"),
    path(
        "p/<slug:slug>/articles/bulk/undo/", bulk_views.article_bulk_undo, name="article-bulk-undo"
    ),
    path("p/<slug:slug>/articles/views/", list_views.article_view_save, name="article-view-save"),
    path(
        "p/<slug:slug>/articles/views/<int:view_id>/forget/",
        list_views.article_view_forget,
        name="article-view-forget",
    ),
    path("p/<slug:slug>/articles/<uuid:article_id>/", include(article)),
]
