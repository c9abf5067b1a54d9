"""The office sends a statement, sees what each booking may have been for, and assigns it."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from billing import invoicing
from billing.models import BankLine, Payment
from marketplace.partner.models import Partner
from marketplace.regions.models import Role
from tests.billing.deliveries import AT, DAY, deliver, item
from tests.billing.test_bank import OWN, camt
from tests.dashboard.people import logged_in
from tests.factories.market import PartnerFactory, SupplyContractFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def farm() -> Partner:
    made: Partner = PartnerFactory.create()
    SupplyContractFactory.create(partner=made)
    made.region.iban = OWN
    made.region.save()
    return made


@pytest.fixture
def office(farm: Partner) -> Client:
    user = UserFactory.create()
    farm.region.memberships.create(user=user, role=Role.OFFICE)
    return logged_in(user)


def send(office: Client, *rows: tuple[str, str, str, str]) -> str:
    file = SimpleUploadedFile("auszug.xml", camt(rows))
    return office.post(reverse("office:bank_take_in"), {"file": file}, follow=True).content.decode()


def test_what_is_not_clear_is_assigned_by_a_click(farm: Partner, office: Client) -> None:
    invoice = invoicing.draw_for_order(
        delivery=deliver(item(farm, price="7.00", quantity=4), region=farm.region), today=DAY, at=AT
    )
    assert invoice is not None
    page = send(office, ("28.00", "Petersen, Jette", "Gemüsekiste", "R1"), ("-4.90", "Förde-Bank", "Kontoführung", "R2"))
    assert "2 Buchungen sind neu." in page
    assert "Name und Betrag passen" in page
    line = BankLine.objects.get(amount=Decimal("28.00"))
    answer = office.post(reverse("office:bank_assign", args=[line.pk]), {"item": f"invoice:{invoice.pk}"}, follow=True)
    assert f"Auf {invoice.number} gebucht." in answer.content.decode()
    assert Payment.objects.get().bank_line == line
    fee = BankLine.objects.get(amount__lt=0)
    office.post(reverse("office:bank_set_aside", args=[fee.pk]), {"note": "Gebühr"})
    assert "Hier wartet nichts" in office.get(reverse("office:bank")).content.decode()
    office.post(reverse("office:bank_take_back", args=[fee.pk]))
    fee.refresh_from_db()
    assert fee.status == BankLine.Status.OPEN


def test_a_file_that_is_no_statement_is_said_at_its_field(office: Client) -> None:
    answer = office.post(reverse("office:bank_take_in"), {"file": SimpleUploadedFile("a.csv", b"Datum;Betrag")})
    assert answer.status_code == 422
    assert "kein Kontoauszug" in answer.content.decode()
    assert office.post(reverse("office:bank_take_in"), {}).status_code == 422


@pytest.mark.parametrize("number", [1, 25])
def test_page_costs_the_same_for_any_number_of_bookings(
    farm: Partner, office: Client, number: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    send(office, *((f"{turn}.50", "Wer", "weiß", f"R{turn}") for turn in range(1, number + 1)))
    with django_assert_max_num_queries(12):
        office.get(reverse("office:bank"))
