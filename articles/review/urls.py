"""Addresses of the article list, of submission and review."""

from django.urls import include, path

from articles.review import list_views, submission_views

article = [
    path("submission/", submission_views.layer_submit, name="layer-submit"),
]

urlpatterns = [
    path("p/<slug:slug>/articles/", list_views.article_list, name="article-list"),
    path("p/<slug:slug>/articles/<uuid:article_id>/", include(article)),
]
