"""Addresses of the desk: projects, their settings, members, the account."""

from django.urls import path
from django.views.generic import RedirectView

from articles.desk import account_views, job_views, label_views, member_views, views

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="project-list"), name="home"),
    path("p/", views.project_list, name="project-list"),
    path("new-project/", views.project_new, name="project-new"),
    path("p/<slug:slug>/guidelines/", views.guidelines, name="guidelines"),
    path("p/<slug:slug>/settings/", label_views.label_list, name="label-list"),
    path("p/<slug:slug>/settings/labels/new/", label_views.label_new, name="label-new"),
    path("p/<slug:slug>/settings/labels/look/", label_views.label_look, name="label-look"),
    path("p/<slug:slug>/settings/labels/<uuid:label_id>/", label_views.label_edit, name="label"),
    *(
        path(
            f"p/<slug:slug>/settings/labels/<uuid:label_id>/{act}/",
            label_views.label_act,
            {"act": act},
            name=f"label-{act}",
        )
        for act in ("up", "down", "retire", "restore", "delete")
    ),
    path("p/<slug:slug>/settings/guidelines/", views.guidelines_edit, name="guidelines-edit"),
    path("p/<slug:slug>/settings/rules/", views.rules, name="rules"),
    path("p/<slug:slug>/settings/members/", member_views.member_list, name="member-list"),
    path("p/<slug:slug>/settings/members/<int:member_id>/", member_views.member_set, name="member"),
    path(
        "p/<slug:slug>/settings/members/<int:member_id>/deactivate/",
        member_views.member_deactivate,
        name="member-deactivate",
    ),
    path(
        "p/<slug:slug>/settings/invitations/<int:invitation_id>/withdraw/",
        member_views.invitation_withdraw,
        name="invitation-withdraw",
    ),
    path("p/<slug:slug>/jobs/", job_views.job_list, name="job-list"),
    *(
        path(
            f"p/<slug:slug>/jobs/<int:job_id>/{act}/",
            job_views.job_act,
            {"act": act},
            name=f"job-{act}",
        )
        for act in ("retry", "cancel")
    ),
    path("invitation/<str:secret>/", member_views.invitation, name="invitation"),
    path("account/", account_views.preferences, name="preferences"),
    path("account/theme/", account_views.theme, name="theme"),
    path("account/tokens/", account_views.token_list, name="token-list"),
    path("account/tokens/new/", account_views.token_new, name="token-new"),
    path("account/tokens/<uuid:token_id>/revoke/", account_views.token_revoke, name="token-revoke"),
]
