"""Two people of the office book by hand and close a month, on their pages."""

from datetime import datetime
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from billing import invoicing, journal, settlements, surcharges
from billing.models import BankLine, Closing, Invoice, ManualEntry, Payment, Surcharge
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
def offices(farm: Partner) -> list[Client]:
    """Two people of the office."""
    users = UserFactory.create_batch(2)
    for user in users:
        farm.region.memberships.create(user=user, role=Role.OFFICE)
    return [logged_in(user) for user in users]


@pytest.fixture
def invoice(farm: Partner) -> Invoice:
    made = invoicing.draw_for_order(delivery=deliver(item(farm, "10.70"), region=farm.region), today=DAY, at=AT)
    settlements.settle_due(today=NOVEMBER, at=AT)
    assert made is not None
    return made


@time_machine.travel(datetime.fromisoformat("2026-11-20T10:00+01:00"), tick=False)
def test_one_proposes_and_the_other_approves(offices: list[Client], invoice: Invoice) -> None:
    one, other = offices
    assert "Ausbuchung vorschlagen" in one.get(reverse("office:document", args=[invoice.pk])).content.decode()
    url = reverse("office:propose", args=["rechnung", invoice.pk])
    assert "Bitte geben Sie einen Grund an." in one.post(url, follow=True).content.decode()
    one.post(url, {"reason": "insolvent"})
    proposed = ManualEntry.objects.get()
    approve = reverse("office:manual_approve", args=[proposed.pk])
    assert approve not in one.get(reverse("office:manual")).content.decode()
    assert "Jemand anderes muss freigeben" in one.post(approve, follow=True).content.decode()
    assert approve in other.get(reverse("office:manual")).content.decode()
    assert "1 Buchung wartet auf Freigabe" in other.get(reverse("office:money")).content.decode()
    other.post(approve)
    assert journal.balance(order=invoice.order) == 0
    assert "insolvent" in other.get(reverse("office:manual")).content.decode()
    assert one.post(reverse("office:propose", args=["anderes", invoice.pk])).status_code == 404


@time_machine.travel(datetime.fromisoformat("2026-11-20T10:00+01:00"), tick=False)
def test_costs_of_reminding_are_let_off_by_two(offices: list[Client], invoice: Invoice) -> None:
    one, other = offices
    page = reverse("office:document", args=[invoice.pk])
    assert "Dem Kunden erlassen" not in one.get(page).content.decode()
    surcharges.charge(invoice=invoice, kind=Surcharge.Kind.FEE, amount=Decimal("2.50"), key="x", day=NOVEMBER, at=AT)
    assert "Berechnete Mahnkosten und Zinsen: 2,50" in one.get(page).content.decode()
    one.post(reverse("office:propose", args=["mahnkosten", invoice.pk]), {"reason": "war krank"})
    assert journal.balance(order=invoice.order) == Decimal("13.20")
    other.post(reverse("office:manual_approve", args=[ManualEntry.objects.get().pk]))
    assert journal.balance(order=invoice.order) == Decimal("10.70")
    assert "war krank" in other.get(reverse("office:manual")).content.decode()
    assert "Dem Kunden erlassen" not in one.get(page).content.decode()


@time_machine.travel(datetime.fromisoformat("2026-11-20T10:00+01:00"), tick=False)
def test_a_booking_of_the_bank_without_a_document_is_proposed_and_a_payment_taken_back(
    offices: list[Client], invoice: Invoice
) -> None:
    one, other = offices
    line = BankLine.objects.create(region=invoice.region, key="a", booked_on=DAY, amount=Decimal("-7.90"), imported_at=AT)
    one.post(reverse("office:propose", args=["bank", line.pk]), {"reason": "Kontoführung", "ledger": "bank_fees"})
    other.post(reverse("office:manual_approve", args=[ManualEntry.objects.get().pk]))
    line.refresh_from_db()
    assert line.status == BankLine.Status.BOOKED
    told = {"amount": "10,70", "received_on": "2026-11-19", "method": "cash", "reference": ""}
    one.post(reverse("office:receive", args=[invoice.pk]), told)
    payment = Payment.objects.get()
    one.post(reverse("office:propose", args=["zahlung", payment.pk]), {"reason": "doppelt"})
    other.post(reverse("office:manual_refuse", args=[ManualEntry.objects.get(payment=payment).pk]), {"reason": "doch richtig"})
    assert journal.balance(order=invoice.order) == 0


@time_machine.travel(datetime.fromisoformat("2026-11-20T10:00+01:00"), tick=False)
def test_a_month_is_closed_and_opened_by_two(offices: list[Client], invoice: Invoice) -> None:
    one, other = offices
    page = reverse("office:closing")
    assert "Oktober 2026 abschließen" in one.get(page).content.decode()
    line = BankLine.objects.create(region=invoice.region, key="a", booked_on=DAY, amount=Decimal("-7.90"), imported_at=AT)
    assert "Nicht zugeordnete Bankbuchungen: 1." in one.get(page).content.decode()
    line.delete()
    one.post(reverse("office:close_month"), {"first": "2026-10-01"})
    closed = Closing.objects.get()
    reopen = reverse("office:reopen_month", args=[closed.pk])
    one.post(reopen, {"reason": "Auszug fehlte"})
    assert "Jemand anderes muss zustimmen." in one.post(reopen, follow=True).content.decode()
    assert "Zustimmen und öffnen" in other.get(page).content.decode()
    other.post(reopen)
    closed.refresh_from_db()
    assert closed.reopened_at is not None
