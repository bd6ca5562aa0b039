"""Addresses of what comes in, and of where it goes."""

from django.urls import path

from articles.intake import gate_views, views

urlpatterns = [
    path("p/<slug:slug>/import/", views.import_paste, name="import"),
    path("p/<slug:slug>/import/files/", views.import_files, name="import-files"),
    path("p/<slug:slug>/import/waiting/", views.import_waiting, name="import-waiting"),
    path(
        "p/<slug:slug>/articles/<uuid:article_id>/placement/",
        views.article_placement,
        name="article-placement",
    ),
    path(
        "p/<slug:slug>/articles/<uuid:article_id>/gates/",
        gate_views.article_gates,
        name="article-gates",
    ),
]
