"""Addresses of what goes out."""

from django.urls import path

from articles.datasets import snapshot_views, views

urlpatterns = [
    path("p/<slug:slug>/export/", views.export_page, name="export"),
    path("p/<slug:slug>/export/file", views.export_file, name="export-file"),
    path("p/<slug:slug>/datasets/", snapshot_views.snapshot_list, name="snapshot-list"),
    path("p/<slug:slug>/datasets/new/", snapshot_views.snapshot_new, name="snapshot-new"),
    path(
        "p/<slug:slug>/datasets/<uuid:snapshot_id>/", snapshot_views.snapshot_page, name="snapshot"
    ),
    path(
        "p/<slug:slug>/datasets/<uuid:snapshot_id>/files/<slug:file_format>",
        snapshot_views.snapshot_download,
        name="snapshot-file",
    ),
    path(
        "p/<slug:slug>/datasets/<uuid:snapshot_id>/retry/",
        snapshot_views.snapshot_retry,
        name="snapshot-retry",
    ),
    path(
        "p/<slug:slug>/datasets/<uuid:snapshot_id>/again/",
        snapshot_views.snapshot_again,
        name="snapshot-again",
    ),
    path(
        "p/<slug:slug>/datasets/<uuid:snapshot_id>/since/<uuid:other_id>/",
        snapshot_views.snapshot_diff,
        name="snapshot-diff",
    ),
]
