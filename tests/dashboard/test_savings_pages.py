"""The office's page of what sharing saves."""

from datetime import date

import pytest
from django.test import Client

from logistics import savings
from logistics.models import RoadCosts
from tests.factories import town as towns
from tests.factories.market import NOW
from tests.factories.town import Town
from tests.journeys import way

pytestmark = pytest.mark.django_db
PAGE = "/buero/runden/ersparnis/"


@pytest.fixture
def town() -> Town:
    return towns.build(today=date(2026, 11, 24))


@pytest.fixture
def office(town: Town, client: Client) -> Client:
    client.force_login(town.people["office"], backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_year_says_kilometres_euros_and_how_they_are_reckoned(office: Client, town: Town) -> None:
    way.order(town, {"goat_cheese": 1, "honey": 1})
    way.through(town.round, by=town.people["driver"])
    kept = savings.compute(delivery_round=town.round, at=NOW)
    answer = office.get(f"{PAGE}?jahr=2026")
    report = answer.context["report"]
    assert (report.alone_m, report.shared_m, report.orders) == (kept.alone_m, kept.shared_m, 1)
    page = answer.content.decode()
    for words in ("2026 gespart", "Luftlinie", "0,30", "13,90", "200 g", f"/buero/runden/{town.round.pk}/"):
        assert words in page.replace("\u202f", " ").replace("\xa0", " "), words


def test_an_empty_year_and_nonsense_show_a_page(office: Client) -> None:
    for told in ("", "?jahr=1900", "?jahr=abc", "?jahr=²²²²"):
        answer = office.get(f"{PAGE}{told}")
        assert answer.status_code == 200
        assert "Noch keine Runde" in answer.content.decode()


def test_own_figures_are_kept_and_bad_ones_refused(office: Client, town: Town) -> None:
    told = {"euro_per_km": "0,42", "euro_per_hour": "15,00", "grams_per_km": "180"}
    assert office.post(PAGE, told).status_code == 302
    kept = RoadCosts.objects.get(region=town.region)
    assert (str(kept.euro_per_km), kept.grams_per_km) == ("0.42", 180)
    for bad in ({"euro_per_km": "-1"}, {"grams_per_km": "viel"}, {"euro_per_hour": "1000"}):
        assert office.post(PAGE, {**told, **bad}).status_code == 422
    kept.refresh_from_db()
    assert str(kept.euro_per_km) == "0.42"
