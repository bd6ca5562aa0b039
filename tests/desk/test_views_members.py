"""Settings ▸ Members, and the way in by invitation."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from articles.desk import services
from articles.desk.models import Invitation, Membership, Project, Role, User
from articles.intake.models import Article
from tests.desk.people import PASSWORD, join, make_project, make_user, manager_of, signed_in
from tests.factories import make_article, make_layer

pytestmark = pytest.mark.django_db

NEW_ACCOUNT = {
    "name": "Zoë Hart",
    "email": "zoe@example.org",
    "username": "zoe",
    "password1": PASSWORD,
    "password2": PASSWORD,
}


def invite(project: Project, email: str = "zoe@example.org") -> str:
    """The address that an invitation's mail leads to."""
    _, secret = services.invite(
        actor=manager_of(project), project=project, email=email, role=Role.REVIEWER
    )
    return reverse("invitation", args=[secret])


def role_of(project: Project, username: str) -> str:
    return project.memberships.active().get(user__username=username).role


@pytest.mark.parametrize("count", [1, 3])
def test_query_count_of_the_list_does_not_grow(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    project = make_project()
    for number in range(count):
        join(project, make_user(f"ben{number}"), Role.ANNOTATOR)
        invite(project, f"zoe{number}@example.org")
    client = signed_in(manager_of(project))

    with django_assert_num_queries(9):
        page = client.get(reverse("member-list", args=[project.slug])).text

    assert page.count("Take ben") == count
    assert page.count("Withdraw the invitation") == count


def test_an_invitation_is_mailed_and_its_link_shown_once() -> None:
    project = make_project()
    client = signed_in(manager_of(project))
    url = reverse("member-list", args=[project.slug])

    response = client.post(url, {"email": "zoe@example.org", "role": "reviewer"})

    [sent] = mail.outbox
    link = next(line for line in sent.body.splitlines() if line.startswith("http"))
    assert sent.to == ["zoe@example.org"]
    assert link in response.text
    assert response["Cache-Control"] == "no-store"
    assert link not in client.get(url).text


@pytest.mark.parametrize(
    "form",
    [
        {"email": "", "role": "reviewer"},
        {"email": "zoe", "role": "reviewer"},
        {"email": "z" * 300 + "@example.org", "role": "reviewer"},
        {"email": "zoe@example.org", "role": "editor"},
        {"email": "zoe@example.org\nBcc: all@example.org", "role": "reviewer"},
    ],
)
def test_an_invitation_that_makes_no_sense_is_not_sent(form: dict[str, str]) -> None:
    project = make_project()

    response = signed_in(manager_of(project)).post(
        reverse("member-list", args=[project.slug]), form
    )

    assert response.status_code == 422
    assert mail.outbox == []
    assert not Invitation.objects.exists()


def test_the_invited_make_an_account_and_join() -> None:
    project = make_project()
    client = Client()
    link = invite(project)

    assert "Make an account" in client.get(link).text
    response = client.post(reverse("account_signup"), NEW_ACCOUNT)
    assert response["Location"] == link
    response = client.post(link, follow=True)

    assert "Welcome to “Harbour inquiry”. You are reviewer here." in response.text
    assert role_of(project, "zoe") == Role.REVIEWER
    assert User.objects.get(username="zoe").name == "Zoë Hart"


def test_an_account_is_not_made_without_a_name() -> None:
    client = Client()
    client.get(invite(make_project()))

    response = client.post(reverse("account_signup"), NEW_ACCOUNT | {"name": " "})

    assert response.context["form"].errors == {"name": ["This field is required."]}
    assert not User.objects.filter(username="zoe").exists()


def test_the_invited_join_with_the_account_they_have() -> None:
    project = make_project()
    client = signed_in(make_user("zoe"))
    link = invite(project)

    assert "Join as zoe" in client.get(link).text
    client.post(link)

    assert role_of(project, "zoe") == Role.REVIEWER


def test_looking_at_an_invitation_accepts_nothing() -> None:
    project = make_project()

    signed_in(make_user("zoe")).get(invite(project))

    assert not Membership.objects.filter(user__username="zoe").exists()


def test_an_invitation_works_once() -> None:
    project = make_project()
    link = invite(project)
    signed_in(make_user("zoe")).post(link)

    response = signed_in(make_user("ben")).post(link)

    assert response.status_code == 410
    assert "This invitation was used, withdrawn, or is older than seven days." in response.text
    assert not Membership.objects.filter(user__username="ben").exists()


def test_an_invitation_lasts_seven_days() -> None:
    project = make_project()
    link = invite(project)
    long_ago = timezone.now() - timedelta(days=7, minutes=1)
    Invitation.objects.update(created_at=long_ago, expires_at=long_ago + timedelta(days=7))

    assert Client().get(link).status_code == 410


def test_a_withdrawn_invitation_opens_nothing() -> None:
    project = make_project()
    link = invite(project)
    client = signed_in(manager_of(project))

    client.post(reverse("invitation-withdraw", args=[project.slug, Invitation.objects.get().pk]))

    assert Client().get(link).status_code == 410


def test_nobody_signs_up_without_an_invitation() -> None:
    client = Client()

    page = client.get(reverse("account_signup"))
    client.post(reverse("account_signup"), NEW_ACCOUNT)

    assert "Accounts are by invitation" in page.text
    assert not User.objects.filter(username="zoe").exists()


def test_nobody_signs_up_with_an_invitation_that_was_used_meanwhile() -> None:
    link = invite(make_project())
    client = Client()
    client.get(link)
    signed_in(make_user("ben")).post(link)

    client.post(reverse("account_signup"), NEW_ACCOUNT)

    assert not User.objects.filter(username="zoe").exists()


def test_a_members_role_is_changed() -> None:
    project = make_project()
    ben = join(project, make_user("ben"), Role.ANNOTATOR)
    member = project.memberships.get(user=ben)

    page = signed_in(manager_of(project)).post(
        reverse("member", args=[project.slug, member.pk]), {"role": "reviewer"}, follow=True
    )

    assert "ben is now reviewer here." in page.text
    assert role_of(project, "ben") == Role.REVIEWER


@pytest.mark.parametrize("role", ["", "editor", "x" * 5000])
def test_a_role_that_is_none_changes_nothing(role: str) -> None:
    project = make_project()
    ben = join(project, make_user("ben"), Role.ANNOTATOR)
    member = project.memberships.get(user=ben)

    page = signed_in(manager_of(project)).post(
        reverse("member", args=[project.slug, member.pk]), {"role": role}, follow=True
    )

    assert "A role is one of" in page.text
    assert role_of(project, "ben") == Role.ANNOTATOR


def test_a_member_is_taken_off_and_brought_back() -> None:
    project = make_project()
    ben = join(project, make_user("ben"), Role.ANNOTATOR)
    member = project.memberships.get(user=ben)
    client = signed_in(manager_of(project))

    client.post(reverse("member-deactivate", args=[project.slug, member.pk]))
    gone = signed_in(ben).get(reverse("guidelines", args=[project.slug])).status_code
    client.post(reverse("member", args=[project.slug, member.pk]), {"role": "annotator"})
    back = signed_in(ben).get(reverse("guidelines", args=[project.slug])).status_code

    assert (gone, back) == (404, 200)


def test_the_last_manager_cannot_leave() -> None:
    project = make_project()
    manager = manager_of(project)
    member = project.memberships.get()

    page = signed_in(manager).post(
        reverse("member-deactivate", args=[project.slug, member.pk]), follow=True
    )

    assert "A project needs a manager" in page.text
    assert manager_of(project) == manager


def test_members_and_invitations_of_other_projects_are_not_found() -> None:
    project, other = make_project(), make_project("Science desk")
    invite(other)
    client = signed_in(manager_of(project))
    member, invitation = other.memberships.get().pk, Invitation.objects.get().pk

    statuses = [
        client.post(reverse("member", args=[project.slug, member])).status_code,
        client.post(reverse("member-deactivate", args=[project.slug, member])).status_code,
        client.post(reverse("invitation-withdraw", args=[project.slug, invitation])).status_code,
    ]

    assert statuses == [404, 404, 404]


def test_an_invitation_nobody_made_is_gone() -> None:
    assert Client().get(reverse("invitation", args=["x" * 300])).status_code == 410


def test_a_manager_clears_somebody_for_what_is_sensitive_until_they_leave() -> None:
    project = make_project()
    ben = join(project, make_user("ben"), Role.ANNOTATOR)
    member = project.memberships.get(user=ben)
    client = signed_in(manager_of(project))
    address = reverse("member", args=[project.slug, member.pk])

    def is_cleared() -> bool:
        member.refresh_from_db()
        return member.cleared

    done = client.post(address, {"role": "annotator", "cleared": "on"}, follow=True)
    assert "ben is now annotator here, cleared for sensitive articles." in done.text
    assert is_cleared()
    client.post(reverse("member-deactivate", args=[project.slug, member.pk]))
    assert not is_cleared()
    client.post(address, {"role": "annotator", "cleared": "on"})
    client.post(address, {"role": "annotator"})
    assert not is_cleared()


def test_what_is_in_hand_counts_only_what_the_reader_may_know_of() -> None:
    project = make_project()
    ben = join(project, make_user("ben"), Role.ANNOTATOR)
    article = make_layer(make_article(project), ben).article
    client = signed_in(manager_of(project))

    def in_hand() -> str:
        page = client.get(reverse("member-list", args=[project.slug])).text
        return page.split("ben@example.org")[1].split("In hand")[1].split("<")[0].split(">")[1]

    assert in_hand() == "1"
    Article.objects.filter(pk=article.pk).update(is_sensitive=True)
    assert in_hand() == "–"
