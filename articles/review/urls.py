"""Addresses of the article list, of submission and review."""

from django.urls import include, path

from articles.review import guideline_views, list_views, submission_views, talk_views

article = [
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
]

urlpatterns = [
    path(
        "p/<slug:slug>/settings/guidelines/layers/",
        guideline_views.guideline_layers,
        name="guideline-layers",
    ),
    path("p/<slug:slug>/articles/", list_views.article_list, name="article-list"),
    path("p/<slug:slug>/articles/<uuid:article_id>/", include(article)),
]
