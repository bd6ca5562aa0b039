"""Addresses of imports."""

from django.urls import path

from articles.imports import views

RUN = "p/<slug:slug>/imports/<uuid:run_id>"

urlpatterns = [
    path("p/<slug:slug>/imports/", views.import_list, name="import-list"),
    path("p/<slug:slug>/imports/new/", views.import_new, name="import-new"),
    path("p/<slug:slug>/imports/urls/", views.import_urls, name="import-urls"),
    path("p/<slug:slug>/imports/api/", views.import_api, name="import-api"),
    path(f"{RUN}/", views.import_run, name="import-run"),
    path(f"{RUN}/options/", views.import_options, name="import-options"),
    path(f"{RUN}/confirm/", views.import_confirm, name="import-confirm"),
    path(f"{RUN}/cancel/", views.import_cancel, name="import-cancel"),
    path(f"{RUN}/report/", views.import_report, name="import-report"),
]
