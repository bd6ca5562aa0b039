"""Addresses of the Web Annotation Protocol, each with and without a slash at its end."""

from django.urls import path

from articles.w3c import client_views, views

urlpatterns = [
    path("w3c/", client_views.containers, name="w3c-containers"),
    path("w3c", client_views.containers, name="w3c-containers"),
    path("w3c/<str:slug>/", views.container, name="w3c-container"),
    path("w3c/<str:slug>", views.container, name="w3c-container"),
    path("w3c/<str:slug>/<str:name>", views.annotation, name="w3c-annotation"),
    path("w3c/<str:slug>/<str:name>/", views.annotation, name="w3c-annotation"),
    path("annotation/w3c/", client_views.containers, name="w3c-elucidate-containers"),
    path("annotation/w3c/<str:slug>/", views.container, name="w3c-elucidate-container"),
    path("annotation/w3c/<str:slug>/<str:name>", views.annotation, name="w3c-elucidate-annotation"),
    path("services/<str:slug>/fields", client_views.fields, name="w3c-annorepo-fields"),
]
