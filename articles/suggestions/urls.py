"""Addresses of suggestions."""

from django.urls import path

from articles.suggestions import views

urlpatterns = [
    path(
        "p/<slug:slug>/articles/<uuid:article_id>/suggestions/<uuid:suggestion_id>/",
        views.suggestion_decide,
        name="suggestion-decide",
    ),
]
