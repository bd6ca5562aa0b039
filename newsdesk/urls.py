"""Every address, by folder."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from newsdesk import api_docs, refusals
from newsdesk.api import api

handler400 = "newsdesk.refusals.bad_request"
handler500 = "newsdesk.refusals.broken"

urlpatterns = [
    path("", include("articles.desk.urls")),
    path("", include("articles.intake.urls")),
    path("", include("articles.imports.urls")),
    path("", include("articles.annotations.urls")),
    path("", include("articles.suggestions.urls")),
    path("", include("articles.review.urls")),
    path("", include("articles.datasets.urls")),
    path("", include("articles.feed.urls")),
    path("", include("articles.w3c.urls")),
    path("api/v1/", RedirectView.as_view(pattern_name="api-docs")),
    path("api/v1/docs", api_docs.page, name="api-docs"),
    path("api/v1/", api.urls),
    path("account/", include("allauth.account.urls")),
    path("events", refusals.no_streams, name="events"),
    path("admin/", admin.site.urls),
]
