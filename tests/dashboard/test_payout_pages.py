"""The office makes a file for the bank out of the credit notes that wait, and sees what became of it."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from billing import settlements
from billing.models import PayoutRun
from marketplace.partner.models import Partner
from marketplace.regions.models import Role
from tests.billing.deliveries import AT, NOVEMBER, deliver, item
from tests.billing.test_bank import OWN
from tests.dashboard.people import logged_in
from tests.dashboard.test_bank_pages import send
from tests.factories.market import PartnerFactory, SupplyContractFactory, UserFactory

pytestmark = pytest.mark.django_db


def settled(number: int) -> tuple[Partner, Client]:
    """So many producers of a region wait for the money of October; the office of it."""
    first: Partner = PartnerFactory.create(iban="DE89370400440532013000")
    others = PartnerFactory.create_batch(number - 1, municipality=first.municipality, iban="DE89370400440532013000")
    for partner in (first, *others):
        SupplyContractFactory.create(partner=partner)
        deliver(item(partner, price="7.00", quantity=4), region=first.region)
    first.region.iban = OWN
    first.region.save()
    settlements.settle_due(today=NOVEMBER, at=AT)
    user = UserFactory.create()
    first.region.memberships.create(user=user, role=Role.OFFICE)
    return first, logged_in(user)


def test_a_file_is_made_downloaded_and_carried_out() -> None:
    _farm, office = settled(2)
    page = office.get(reverse("office:payouts")).content.decode()
    assert "GS-2026-000001" in page
    chosen = {"chosen": [str(row) for row in _ids(office)], "execution_on": "2030-01-07"}
    answer = office.post(reverse("office:payout_draw_up"), chosen, follow=True).content.decode()
    run = PayoutRun.objects.get()
    assert "Niemand wartet auf Geld" in answer
    assert "noch nicht" in answer
    file = office.get(reverse("office:payout_file", args=[run.pk]))
    assert file.content.decode() == run.message
    assert run.number in file.headers["Content-Disposition"]
    send(office, (f"-{run.total}", "", run.number, "R1"))
    assert "Ausgeführt." in office.get(reverse("office:payouts")).content.decode()
    refused = office.post(reverse("office:payout_drop", args=[run.pk]), follow=True).content.decode()
    assert "nicht mehr verwerfen" in refused


def test_nothing_chosen_or_a_day_of_the_past_is_said_and_makes_no_file() -> None:
    _farm, office = settled(1)
    assert office.post(reverse("office:payout_draw_up"), {"execution_on": "2030-01-07"}).status_code == 422
    told = {"chosen": _ids(office), "execution_on": "2020-01-07"}
    assert office.post(reverse("office:payout_draw_up"), told).status_code == 409
    assert not PayoutRun.objects.exists()


@pytest.mark.parametrize("number", [1, 12])
def test_page_costs_the_same_for_any_number(number: int, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    _farm, office = settled(number)
    with django_assert_max_num_queries(12):
        office.get(reverse("office:payouts"))


def _ids(office: Client) -> list[int]:
    return [item.settlement_id for item in office.get(reverse("office:payouts")).context["due"]]
