"""What to change next time."""

from typing import Any

import pytest

from logistics import lessons
from logistics.lessons import Filling
from logistics.models import DeliveryWindow
from tests.factories.market import WindowFactory

pytestmark = pytest.mark.django_db
NOTHING: dict[str, Any] = {
    "windows": (),
    "fillings": (),
    "late": {},
    "timed": {},
    "failed": {},
    "lacking": {},
    "lost": {},
    "warm": (),
}


def told(**given: Any) -> list[str]:
    return list(lessons.of(**(NOTHING | given)))


@pytest.fixture
def window() -> DeliveryWindow:
    window: DeliveryWindow = WindowFactory.create(capacity=10, taken=5)
    return window


def test_nothing_to_say_of_a_round_that_went_well(window: DeliveryWindow) -> None:
    assert told(windows=[window], fillings=[Filling("Transporter", 60)], timed={window.pk: 5}) == []


def test_window_that_was_full_too_tight_or_not_wanted(window: DeliveryWindow) -> None:
    (tight, late) = told(windows=[window], late={window.pk: 2}, timed={window.pk: 8})
    assert "ist zu knapp: 2 von 8" in tight
    assert "zu spät" in late
    window.taken = 9
    assert "mehr Plätze" in told(windows=[window])[0]
    window.taken = 0
    assert "hat niemand gewählt" in told(windows=[window])[0]


def test_window_in_which_nobody_was_at_home(window: DeliveryWindow) -> None:
    assert told(windows=[window], failed={window.pk: 1}) == []
    assert "war niemand da" in told(windows=[window], failed={window.pk: 2})[0]


@pytest.mark.parametrize(("full", "words"), [(34, "kleineres Fahrzeug"), (96, "kaum noch Platz")])
def test_vehicle_too_empty_or_too_full(full: int, words: str) -> None:
    (lesson,) = told(fillings=[Filling("Transporter", full)])
    assert words in lesson


def test_producer_that_lacks_articles_often_or_whose_boxes_got_lost() -> None:
    assert told(lacking={"Hof": 1}) == []
    assert "fehlten 2 Artikel" in told(lacking={"Hof": 2})[0]
    assert "1 Kiste von Hof ging unterwegs verloren" in told(lost={"Hof": 1})[0]
