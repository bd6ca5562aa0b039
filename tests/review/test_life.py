"""Whatever people do with an article, all that must hold of it holds."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.desk.people import make_project
from tests.review.life import Life
from tests.review.life_desk import Desk

pytestmark = pytest.mark.django_db


def test_a_whole_life_keeps_every_promise() -> None:
    class LifeHere(Life):
        desk = Desk(make_project("Harbour inquiry"))

    run_state_machine_as_test(
        LifeHere,
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
