"""Every address, by folder."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("articles.desk.urls")),
    path("", include("articles.intake.urls")),
    path("", include("articles.annotations.urls")),
    path("account/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
]
