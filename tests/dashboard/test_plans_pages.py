"""The office's pages of round plans: calendar, form with windows, exceptions, and the choice for booked rounds."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from logistics import rounds
from logistics.models import DeliveryRound, RoundException, RoundRule
from tests.factories import town as towns
from tests.factories.town import Town
from tests.journeys import way

pytestmark = pytest.mark.django_db
PLANS = "/buero/runden/plaene/"


@pytest.fixture
def town() -> Town:
    """A market whose round can be ordered for now."""
    made = towns.build(today=timezone.localdate())
    for rule in RoundRule.objects.order_by("pk"):
        rounds.announce(rule=rule, today=timezone.localdate())
    return made


@pytest.fixture
def office(town: Town, client: Client) -> Client:
    client.force_login(town.people["office"], backend="django.contrib.auth.backends.ModelBackend")
    return client


def entered(**given: object) -> dict[str, object]:
    """A plan as the form sends it, with one window."""
    first = timezone.localdate() + timedelta(days=10)
    usual: dict[str, object] = {
        "name": "Freitagsrunde",
        "frequency": "weekly",
        "week_of_month": "",
        "first_day": first.isoformat(),
        "last_day": "",
        "on_holiday": "before",
        "announce_days": "28",
        "minimum_order": "12,50",
        "hub_open_from": "06:00",
        "hub_sorted_by": "09:00",
        "is_active": "on",
        "cutoff_days": "2",
        "cutoff_clock": "18:00",
        "windows-TOTAL_FORMS": "2",
        "windows-INITIAL_FORMS": "0",
        "windows-0-starts": "10:00",
        "windows-0-ends": "12:00",
        "windows-0-capacity": "20",
        "windows-0-fee": "3,90",
        "areas-TOTAL_FORMS": "1",
        "areas-INITIAL_FORMS": "0",
    }
    return {**usual, **given}


def test_a_plan_is_entered_and_its_rounds_stand_in_the_calendar(office: Client, town: Town) -> None:
    answer = office.post(f"{PLANS}neu/", entered())
    rule = RoundRule.objects.get(name="Freitagsrunde")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{PLANS}{rule.pk}/")
    assert (rule.cutoff_hours, rule.region, rule.windows.get().fee) == (30, town.region, rule.windows.get().fee)
    first = rule.rounds.order_by("delivery_day")[0]
    page = office.get(PLANS).content.decode()
    assert f"/buero/runden/{first.pk}/" in page
    assert "Freitagsrunde" in page


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"frequency": "monthly"}, "welcher im Monat"),
        ({"cutoff_clock": "18:30"}, "volle Stunde"),
        ({"cutoff_days": "0"}, "vor dem Liefertag"),
        ({"windows-0-starts": "13:00"}, "bevor es beginnt"),
        ({"windows-0-capacity": "0"}, "größer oder gleich"),
        ({f"windows-0-{name}": "" for name in ("starts", "ends", "capacity", "fee")}, "mindestens ein Zeitfenster"),
        ({"last_day": "2020-01-01"}, "vor dem ersten"),
    ],
)
def test_a_plan_that_makes_no_sense_says_so(given: dict[str, object], words: str, office: Client) -> None:
    before = RoundRule.objects.count()
    answer = office.post(f"{PLANS}neu/", entered(**given))
    assert (answer.status_code, RoundRule.objects.count()) == (422, before)
    assert words in answer.content.decode()


def test_the_form_of_a_plan_shows_what_is_so_and_saves_it_unchanged(office: Client, town: Town) -> None:
    rule = town.round.rule
    page = office.get(f"{PLANS}{rule.pk}/")
    form, rows = page.context["form"], page.context["rows"]
    told = {name: form[name].value() for name in form.fields} | {
        f"windows-{number}-{name}": row[name].value() or ""
        for number, row in enumerate(rows)
        for name in row.fields
        if name != "DELETE"
    }
    told |= {"windows-TOTAL_FORMS": len(rows), "windows-INITIAL_FORMS": rows.initial_form_count()}
    told |= {"areas-TOTAL_FORMS": 0, "areas-INITIAL_FORMS": 0}
    before = list(rule.windows.order_by("pk").values("pickup_point", "starts", "ends", "capacity", "fee"))
    hours = rule.cutoff_hours
    answer = office.post(f"{PLANS}{rule.pk}/", {name: "" if value is None else value for name, value in told.items()})
    assert answer.status_code == 302, answer.context["form"].errors
    rule.refresh_from_db()
    assert rule.cutoff_hours == hours
    assert sorted(
        map(str, rule.windows.filter(partner=None).values("pickup_point", "starts", "ends", "capacity", "fee"))
    ) == sorted(map(str, before))


def test_areas_are_entered_and_customers_read_them(office: Client, town: Town) -> None:
    village = town.region.municipalities.order_by("pk")[0]
    entry = {"name": "Rund um den See", "municipalities": [village.pk], "postal_codes": "24340, 24358"}
    told = {f"areas-0-{name}": value for name, value in {**entry, "fee": "1,50", "minimum": "20", "free_from": "60"}.items()}
    office.post(f"{PLANS}neu/", entered(**told))
    rule = RoundRule.objects.get(name="Freitagsrunde")
    (area,) = rule.areas.all()
    assert (area.postal_codes, list(area.municipalities.all())) == (["24340", "24358"], [village])
    page = office.get(f"{PLANS}{rule.pk}/").content.decode()
    assert "Rund um den See" in page
    page = office.get("/lieferung/").content.decode()
    assert "Rund um den See" in page
    assert "Ab 60,00\xa0€ kostenlos" in page
    wrong = office.post(f"{PLANS}neu/", entered(**{**told, "areas-0-postal_codes": "2434"}))
    assert "fünf Ziffern" in wrong.content.decode()


def test_an_exception_with_orders_asks_and_the_choice_is_carried_out(office: Client, town: Town) -> None:
    coming = rounds.next_open(region=town.region, at=timezone.now())
    assert coming is not None
    way.order(town, {"honey": 1}, window=coming.windows.filter(pickup_point=None)[0], at=timezone.now())
    told = {"day": coming.rule_day.isoformat(), "moved_to": "", "reason": "Sturm"}
    office.post(f"{PLANS}{coming.rule_id}/ausnahme/", told)
    page = office.get(f"{PLANS}{coming.rule_id}/").content.decode()
    assert "Bitte entscheiden" in page
    assert f"/buero/runden/{coming.pk}/verlegen/" in page
    answer = office.post(
        f"/buero/runden/{coming.pk}/verlegen/", {"what": "cancel", "cancel-reason": "Sturm", "cancel-certain": "on"}, follow=True
    )
    assert "Eine Kundin oder ein Kunde bekommt eine E-Mail" in answer.content.decode()
    coming.refresh_from_db()
    assert coming.status == DeliveryRound.Status.CANCELLED
    assert "Bitte entscheiden" not in office.get(f"{PLANS}{coming.rule_id}/").content.decode()


def test_bad_choices_say_why_and_change_nothing(office: Client, town: Town) -> None:
    coming = rounds.next_open(region=town.region, at=timezone.now())
    assert coming is not None
    address = f"/buero/runden/{coming.pk}/verlegen/"
    today = timezone.localdate().isoformat()
    answer = office.post(address, {"what": "move", "move-to": today, "move-reason": "x"})
    assert answer.status_code == 422
    assert "Der Bestellschluss für diesen Tag ist schon vorbei" in answer.content.decode()
    for what, fields in (("move", {"to", "reason"}), ("cancel", {"reason", "certain"})):
        answer = office.post(address, {"what": what, "move-to": "", "move-reason": "", "cancel-reason": ""})
        assert answer.status_code == 422
        assert answer.context[what].errors.keys() == fields
    assert not RoundException.objects.exists()


def test_the_end_of_orders_is_moved_for_one_round(office: Client, town: Town) -> None:
    coming = rounds.next_open(region=town.region, at=timezone.now())
    assert coming is not None
    address, day = f"/buero/runden/{coming.pk}/verlegen/", coming.delivery_day - timedelta(days=1)
    seen = coming.cutoff_at.isoformat()
    told = {"what": "cutoff", "cutoff-day": day.isoformat(), "cutoff-clock": "12:00", "seen": seen}
    assert "Der Bestellschluss ist verlegt" in office.post(address, told, follow=True).content.decode()
    coming.refresh_from_db()
    assert (timezone.localtime(coming.cutoff_at).hour, coming.cutoff_is_set) == (12, True)
    again = office.post(address, {**told, "cutoff-clock": "14:00"})
    assert again.status_code == 422
    assert "gerade schon auf" in again.content.decode()


def test_the_calendar_goes_through_the_months_and_refuses_nonsense(office: Client) -> None:
    assert "Januar 2027" in office.get(f"{PLANS}?ab=2026-11").content.decode()
    assert office.get(f"{PLANS}?ab=gestern").status_code == 404
    assert office.get(f"{PLANS}?ab=2026-13").status_code == 404


def test_the_calendar_takes_few_queries(office: Client, town: Town) -> None:
    office.get(PLANS)
    with CaptureQueriesContext(connection) as queries:
        office.get(PLANS)
    assert len(queries) <= 12
