"""What a person is called."""

import pytest

from articles.desk.models import User
from articles.desk.services import set_name
from newsdesk.errors import Invalid
from tests.desk.people import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("given", "kept", "shown"),
    [
        ("Ada Byron", "Ada Byron", "Ada Byron"),
        ("  Ada\tKing \n Byron ", "Ada King Byron", "Ada King Byron"),
        ("李 小龙 🖋", "李 小龙 🖋", "李 小龙 🖋"),
        ("x" * 120, "x" * 120, "x" * 120),
        ("   ", "", "ada"),
    ],
)
def test_a_name_is_one_line_and_stands_in_for_the_user_name(
    given: str, kept: str, shown: str
) -> None:
    set_name(actor=make_user("ada"), name=given)

    ada = User.objects.get(username="ada")
    assert (ada.name, str(ada)) == (kept, shown)


def test_a_name_that_is_too_long_changes_nothing() -> None:
    ada = make_user("ada")
    set_name(actor=ada, name="Ada")

    with pytest.raises(Invalid, match="A name may have 120 characters") as refused:
        set_name(actor=ada, name="x" * 121)

    ada.refresh_from_db()
    assert (refused.value.field, ada.name) == ("name", "Ada")
