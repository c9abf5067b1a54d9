"""The office enters the tax adviser's numbers once, makes the file of a month that is over, and reads the sums of VAT."""

from datetime import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from billing import invoicing, settlements
from billing.models import LedgerExport, PeriodExport
from marketplace.partner.models import Partner
from marketplace.regions.models import Role
from tests.billing.deliveries import AT, DAY, NOVEMBER, deliver, item
from tests.dashboard.people import logged_in
from tests.factories.market import PartnerFactory, SupplyContractFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def farm() -> Partner:
    made: Partner = PartnerFactory.create()
    SupplyContractFactory.create(partner=made)
    return made


@pytest.fixture
def office(farm: Partner) -> Client:
    user = UserFactory.create()
    farm.region.memberships.create(user=user, role=Role.OFFICE)
    return logged_in(user)


def bill(farm: Partner, number: int = 1) -> None:
    for _turn in range(number):
        delivery = deliver(item(farm, price="7.00", quantity=4), region=farm.region)
        assert invoicing.draw_for_order(delivery=delivery, today=DAY, at=AT)


@time_machine.travel(datetime.fromisoformat("2026-11-03T10:00+01:00"), tick=False)
def test_a_month_is_handed_over_once(farm: Partner, office: Client) -> None:
    bill(farm)
    page = office.get(reverse("office:bookkeeping")).content.decode()
    assert "Bitte tragen Sie zuerst die Nummern ein" in page
    assert "Oktober 2026" in page
    assert "1,83" in page
    refused = office.post(reverse("office:ledger_export"), follow=True).content.decode()
    assert "zuerst die Nummern" in refused
    assert office.post(reverse("office:bookkeeping_keep"), {"adviser": 3, "client": 1, "chart": "03"}).status_code == 422
    office.post(reverse("office:bookkeeping_keep"), {"adviser": 1001, "client": 42, "chart": "03"})
    assert "Datei für Oktober 2026 erstellen" in office.get(reverse("office:bookkeeping")).content.decode()
    done = office.post(reverse("office:ledger_export"), follow=True).content.decode()
    assert "Jeder abgeschlossene Monat ist übergeben." in done
    made = LedgerExport.objects.get()
    file = office.get(reverse("office:ledger_file", args=[made.pk]))
    assert file.content == bytes(made.content)
    assert "EXTF_Buchungsstapel_2026-10_1.csv" in file.headers["Content-Disposition"]
    office.post(reverse("office:ledger_export"))
    assert LedgerExport.objects.count() == 1


def test_what_is_open_is_a_table(farm: Partner, office: Client) -> None:
    bill(farm)
    table = office.get(reverse("office:open_items")).content.decode()
    assert "RE-2026-000001;" in table
    assert ";28,00" in table


@pytest.mark.parametrize("number", [1, 12])
def test_page_costs_the_same_for_any_number(
    farm: Partner, office: Client, number: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    bill(farm, number)
    with django_assert_max_num_queries(12):
        office.get(reverse("office:bookkeeping"))


@time_machine.travel(datetime.fromisoformat("2026-11-03T10:00+01:00"), tick=False)
def test_files_of_a_period_are_made_once_it_is_closed(farm: Partner, office: Client) -> None:
    bill(farm)
    page = office.get(reverse("office:vat_return")).content.decode()
    assert "26,17" in page
    assert "1,83" in page
    told = {"kind": "vat", "first": "2026-10-01", "last": "2026-10-01"}
    refused = office.post(reverse("office:handover_make"), told)
    assert refused.status_code == 409
    assert "Bitte schließen Sie zuerst den Monat ab" in refused.content.decode()
    settlements.settle_due(today=NOVEMBER, at=AT)
    office.post(reverse("office:close_month"), {"first": "2026-10-01"})
    assert "Umsatzsteuer_2026-10.csv" in office.post(reverse("office:handover_make"), told, follow=True).content.decode()
    made = PeriodExport.objects.get()
    file = office.get(reverse("office:handover_file", args=[made.pk]))
    assert file.content == bytes(made.content or b"")
    table = office.get(reverse("office:open_items"), {"tag": "2026-10-31"}).content.decode()
    assert "28,00" in table
