"""Addresses of webhooks."""

from django.urls import path

from articles.feed import views

HOME = "p/<slug:slug>/webhooks/"
ONE = f"{HOME}<uuid:webhook_id>/"

urlpatterns = [
    path(HOME, views.webhook_list, name="webhook-list"),
    path(ONE, views.webhook, name="webhook"),
    path(f"{ONE}replay/", views.webhook_replay, name="webhook-replay"),
    *(
        path(f"{ONE}{act}/", views.webhook_act, {"act": act}, name=f"webhook-{act}")
        for act in ("test", "on", "off", "renew", "remove")
    ),
]
