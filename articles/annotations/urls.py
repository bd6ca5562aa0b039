"""Addresses of articles and of the work on them."""

from django.urls import include, path

from articles.annotations import label_views, views, write_views

article = [
    path("annotations/", write_views.annotation_create, name="annotation-create"),
    path("annotations/by-text/", write_views.annotation_by_text, name="annotation-by-text"),
    path(
        "annotations/<uuid:annotation_id>/",
        views.annotation,
        name="annotation",
    ),
    path(
        "annotations/<uuid:annotation_id>/delete/",
        write_views.annotation_delete,
        name="annotation-delete",
    ),
    path(
        "annotations/<uuid:annotation_id>/restore/",
        write_views.annotation_restore,
        name="annotation-restore",
    ),
    path("relations/", write_views.relation_create, name="relation-create"),
    path(
        "relations/<uuid:relation_id>/delete/", write_views.relation_delete, name="relation-delete"
    ),
    path("blocks/<uuid:block_id>/", write_views.block_change, name="block-change"),
    path("undo/", write_views.layer_undo, name="layer-undo"),
    path("redo/", write_views.layer_redo, name="layer-redo"),
]

urlpatterns = [
    path(
        "p/<slug:slug>/settings/merge/<uuid:label_id>/",
        label_views.label_merge,
        name="label-merge",
    ),
    path("p/<slug:slug>/labels.css", views.labels_css, name="labels-css"),
    path("p/<slug:slug>/articles/<uuid:article_id>/", include(article)),
]
