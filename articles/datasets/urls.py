"""Addresses of what goes out."""

from django.urls import path

from articles.datasets import views

urlpatterns = [
    path("p/<slug:slug>/export/", views.export_page, name="export"),
    path("p/<slug:slug>/export/articles.jsonl", views.export_file, name="export-file"),
]
