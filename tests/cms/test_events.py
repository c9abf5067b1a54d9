"""Events: what is to come, what was, and how calendars and machines read them."""

import json
import re
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from cms import event_choice, events
from cms.models import EventPage, HomePage
from marketplace.regions.models import Region
from tests.cms import market
from tests.factories.market import local

pytestmark = pytest.mark.django_db
DAY = market.DAY


@pytest.fixture
def region() -> Region:
    made, _products, _home = market.market(2)
    return made


def happening(title: str = "Hoffest", **more: Any) -> events.Happening:
    told = {"starts_at": datetime(2026, 12, 5, 10, tzinfo=UTC), "ends_at": datetime(2026, 12, 5, 15, tzinfo=UTC), **more}
    base = {"key": 7, "url": "/termine/hoffest/", "teaser": "Mit Suppe", "place": "Hof", "village": "Haby", "organiser": ""}
    return events.Happening(**{**base, "title": title, **told})


def past(page: EventPage) -> None:
    page.starts_at, page.ends_at = local(DAY - timedelta(days=9), time(11)), local(DAY - timedelta(days=9), time(16))
    page.save_revision().publish()


def test_when_says_the_hours_of_a_day_or_both_ends() -> None:
    assert happening().when == "Samstag, 5. Dezember, 11:00–16:00 Uhr"
    later = datetime(2026, 12, 6, 15, tzinfo=UTC)
    assert happening(ends_at=later).when == "Samstag, 5. Dezember, 11:00 Uhr bis Sonntag, 6. Dezember, 16:00 Uhr"


def test_where_says_the_village_once() -> None:
    assert happening().where == "Hof, Haby"
    assert happening(place="Hofplatz Haby").where == "Hofplatz Haby"


def test_list_shows_what_comes_and_then_what_was(client: Client, region: Region) -> None:
    past(EventPage.objects.get(slug="hoffest"))
    context = client.get("/termine/").context
    assert [one.title for one in context["coming"]] == ["Hoffest 1"]
    assert [one.title for one in context["over"]] == ["Hoffest"]


def test_event_tells_people_and_machines(client: Client, region: Region) -> None:
    text = client.get("/termine/hoffest/").content.decode()
    assert "Landfrauen Beispiel" in text
    assert "11:00–16:00" in text
    told = json.loads(re.findall(r'ld\+json">\s*(.*?)\s*</script>', text, re.S)[0])["@graph"][0]
    assert (told["@type"], told["name"], told["location"]["name"]) == ("Event", "Hoffest", "Hof Beispiel")
    assert told["startDate"].startswith(f"{DAY + timedelta(days=1)}T11:00:00")


def test_home_leads_to_the_next_events_only(client: Client, region: Region) -> None:
    past(EventPage.objects.get(slug="hoffest"))
    cache.clear()
    text = client.get("/").content.decode()
    assert "/termine/hoffest-1/" in text
    assert "/termine/hoffest/" not in text


def test_search_finds_events_that_are_not_over(client: Client, region: Region) -> None:
    assert [one.title for one in client.get("/suche/?q=landfrauen").context["events"]] == ["Hoffest", "Hoffest 1"]
    past(EventPage.objects.get(slug="hoffest"))
    cache.clear()
    assert [one.title for one in client.get("/suche/?q=landfrauen").context["events"]] == ["Hoffest 1"]


def test_calendar_holds_what_is_to_come(client: Client, region: Region) -> None:
    past(EventPage.objects.get(slug="hoffest"))
    answer = client.get("/termine/kalender.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert re.findall(r"SUMMARY:(.*)\r\n", answer.content.decode()) == ["Hoffest 1"]


def test_event_file_is_of_a_live_event_of_this_region(client: Client, region: Region) -> None:
    assert "SUMMARY:Hoffest\r\n" in client.get("/termine/hoffest.ics").content.decode()
    EventPage.objects.get(slug="hoffest").unpublish()
    assert client.get("/termine/hoffest.ics").status_code == 404


def test_calendar_escapes_and_folds_without_cutting_letters() -> None:
    one = happening(title="Käse, Brot; und \\ mehr", teaser="Zeile eins\nZeile zwei " + "ü" * 80)
    text = events.calendar(happenings=[one], host="markt.example", root="https://markt.example", at=one.starts_at).decode()
    assert "SUMMARY:Käse\\, Brot\\; und \\\\ mehr\r\n" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "ü" * 80 in text.replace("\r\n ", "")
    assert "DTSTART:20261205T100000Z\r\n" in text
    assert "UID:event-7@markt.example\r\n" in text


def test_an_event_ends_after_it_began(region: Region) -> None:
    page = EventPage.objects.get(slug="hoffest")
    page.ends_at = page.starts_at
    with pytest.raises(ValidationError):
        page.full_clean()
    with pytest.raises(IntegrityError, match="event_ends_after_it_began"), transaction.atomic():
        EventPage.objects.filter(pk=page.pk).update(ends_at=page.starts_at)


@pytest.mark.parametrize("path", ["/termine/", "/termine/hoffest/"])
def test_pages_need_eight_queries(path: str, client: Client, region: Region, django_assert_max_num_queries: Any) -> None:
    cache.clear()
    with django_assert_max_num_queries(8):
        assert client.get(path).status_code == 200


def test_list_stands_below_the_home_page_alone() -> None:
    assert HomePage.allowed_subpage_models()
    assert EventPage.allowed_parent_page_models()[0].__name__ == "EventIndexPage"


def test_months_and_villages_combine_and_count() -> None:
    advent = happening("Advent", village="Ascheffel")
    spring = happening(
        "Frühling", starts_at=datetime(2027, 3, 5, 10, tzinfo=UTC), ends_at=datetime(2027, 3, 5, 15, tzinfo=UTC), village="Haby"
    )
    coming = [happening(), advent, spring]
    chosen = event_choice.choose(coming=coming, asked={"monat": "2026-12"})
    assert chosen.happenings == [happening(), advent]
    assert [(chip.label, chip.count, chip.current) for chip in chosen.months] == [
        ("Alle Monate", None, False), ("Dezember 2026", 2, True), ("März 2027", 1, False)
    ]  # fmt: skip
    assert [(chip.label, chip.count, chip.url) for chip in chosen.villages][1:] == [
        ("Ascheffel", 1, "?monat=2026-12&ort=ascheffel"), ("Haby", 1, "?monat=2026-12&ort=haby")
    ]  # fmt: skip
    assert event_choice.choose(coming=coming, asked={"ort": "haby", "monat": "2027-03"}).happenings == [spring]


def test_nonsense_in_the_address_chooses_nothing(client: Client, region: Region) -> None:
    context = client.get("/termine/?monat=morgen&ort=%27").context
    assert [one.title for one in context["coming"]] == ["Hoffest", "Hoffest 1"]
    assert not context["chosen"].is_narrow
