"""Whether an article can be ordered for a round, and the sentence that says why not."""

from datetime import date, timedelta
from typing import Any

import pytest

from logistics import orderable
from logistics.models import DeliveryRound
from marketplace.catalogue.models import Product
from marketplace.partner.models import Partner
from tests.factories.market import NOW, local

DAY = date(2026, 11, 28)


def a_round(**given: object) -> DeliveryRound:
    terms = {"delivery_day": DAY, "opens_at": NOW - timedelta(days=9), "cutoff_at": NOW + timedelta(days=2)} | given
    return DeliveryRound(**terms)


def told(*, product: dict[str, Any] | None = None, partner: dict[str, Any] | None = None, **given: Any) -> str:
    return orderable.hindrance(
        product=Product(**({"is_public": True} | (product or {}))),
        partner=Partner(**({"status": Partner.Status.APPROVED} | (partner or {}))),
        delivery_round=a_round(**given),
        at=NOW,
    )


def test_nothing_hinders_by_itself() -> None:
    assert told() == ""


def test_hidden_articles_and_producers_who_do_not_sell() -> None:
    assert told(product={"is_public": False}) == "Dieser Artikel wird zurzeit nicht verkauft."
    for status in (Partner.Status.APPLIED, Partner.Status.SUSPENDED):
        assert told(partner={"status": status}) == "Dieser Betrieb verkauft hier zurzeit nicht."


def test_without_a_round() -> None:
    product, partner = Product(is_public=True), Partner(status=Partner.Status.APPROVED)
    hindrance = orderable.hindrance(product=product, partner=partner, delivery_round=None, at=NOW)
    assert hindrance == "Zurzeit ist kein Liefertag für Bestellungen offen."


@pytest.mark.parametrize("given", [{"status": "closed"}, {"cutoff_at": NOW}, {"status": "cancelled"}])
def test_a_closed_round(given: dict[str, Any]) -> None:
    assert told(**given) == "Bestellungen für diesen Liefertag sind geschlossen."


def test_a_round_that_opens_later_says_when() -> None:
    assert told(opens_at=local(date(2026, 11, 25), NOW.time())) == (
        "Bestellungen für diesen Liefertag sind ab Mittwoch, 25. November möglich."
    )


@pytest.mark.parametrize(
    ("closed_from", "closed_until", "shut"),
    [
        (DAY, DAY, True),
        (DAY - timedelta(days=3), None, True),
        (DAY + timedelta(days=1), None, False),
        (DAY - timedelta(days=3), DAY - timedelta(days=1), False),
    ],
)
def test_a_producer_on_holiday(closed_from: date, closed_until: date | None, shut: bool) -> None:
    sentence = told(partner={"closed_from": closed_from, "closed_until": closed_until})
    assert sentence == ("Der Betrieb hat am Samstag, 28. November geschlossen." if shut else "")


@pytest.mark.parametrize(
    ("months", "season"),
    [([4, 5, 6], "April bis Juni"), ([5], "Mai"), ([1, 3], "Januar und März")],
)
def test_out_of_season_tells_the_season(months: list[int], season: str) -> None:
    assert told(product={"season_months": months}) == f"An dem Tag keine Saison (Saison: {season})."


def test_in_season() -> None:
    assert told(product={"season_months": [10, 11]}) == ""
    assert told(product={"season_months": list(range(1, 13))}) == ""


def test_lead_time_counts_whole_days() -> None:
    assert told(product={"lead_time_days": 4}) == ""
    assert told(product={"lead_time_days": 5}) == "Muss 5 Tage vor dem Liefertag bestellt werden."
