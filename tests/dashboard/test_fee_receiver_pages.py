"""The office takes in who receives fees, and sees what is owed to them."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from billing import fee_statements, periods, settlements
from billing.models import ManualEntry, ProducerFee, SupplyContract
from marketplace.partner.models import Partner
from marketplace.regions.models import Role
from tests.billing.deliveries import deliver, item
from tests.billing.test_supplier_invoices import written
from tests.dashboard.people import logged_in
from tests.factories.market import PartnerFactory, SupplyContractFactory, UserFactory

pytestmark = pytest.mark.django_db
TOLD = {
    "name": "Fuhrgenossenschaft Beispiel", "contact_first_name": "Fiete", "contact_last_name": "Beispiel", "street": "Hof 1",
    "postal_code": "24361", "city": "Haby", "email": "fuhren@haus.example", "phone": "+49 4356 000009", "vat_id": "",
    "tax_number": "21/815/08152", "iban": "DE02 1203 0000 0000 2020 51", "bank_name": "", "vat_status": "regular",
}  # fmt: skip


@pytest.fixture
def farm(db: None) -> Partner:
    """A producer on commission."""
    made: Partner = PartnerFactory.create()
    SupplyContractFactory.create(partner=made, valid_from=timezone.localdate() - timedelta(days=400))
    return made


@pytest.fixture
def office(farm: Partner) -> Client:
    """Its office."""
    user = UserFactory.create()
    farm.region.memberships.create(user=user, role=Role.OFFICE)
    return logged_in(user)


def engaged(farm: Partner, office: Client, **more: Any) -> Partner:
    early = timezone.localdate() - timedelta(days=100)
    told = TOLD | {"municipality": farm.municipality_id, "valid_from": early.isoformat(), **more}
    assert office.post(reverse("office:receiver_engage"), told).status_code == 302
    found: Partner = Partner.objects.get(status=Partner.Status.PAYEE)
    return found


def last_month(farm: Partner, payee: Partner) -> tuple[Any, Any]:
    """Something sold in the month before, with five percent for who drives."""
    ProducerFee.objects.create(
        region=farm.region, name="Fuhrgeld", basis="percent", amount=5, recipient=payee.name, payee=payee,
        valid_from=timezone.localdate() - timedelta(days=100),
    )  # fmt: skip
    last = periods.month_of(timezone.localdate())[0] - timedelta(days=1)
    deliver(item(farm, "10.70", 10), region=farm.region, day=last)
    first = last.replace(day=1)
    settlements.settle(partner=farm, first=first, last=last, today=timezone.localdate(), at=timezone.now())
    return first, last


def test_a_receiver_is_taken_in_is_not_on_the_market_and_is_put_right(farm: Partner, office: Client) -> None:
    wrong = TOLD | {"municipality": farm.municipality_id, "valid_from": "2026-01-01", "iban": "DE00", "tax_number": ""}
    answer = office.post(reverse("office:receiver_engage"), wrong)
    assert answer.status_code == 422
    assert "Diese IBAN ist nicht gültig" in answer.content.decode()
    payee = engaged(farm, office)
    assert payee not in Partner.objects.selling()
    assert payee.iban == "DE02120300000000202051"
    details = {name: value for name, value in TOLD.items() if name != "vat_status"} | {"street": "Hof 2"}
    office.post(reverse("office:receiver_amend", args=[payee.pk]), details)
    payee.refresh_from_db()
    assert payee.street == "Hof 2"
    tomorrow = timezone.localdate() + timedelta(days=1)
    terms = {"vat_status": "small", "self_billing_agreed_on": "", "valid_from": tomorrow.isoformat()}
    office.post(reverse("office:receiver_renew", args=[payee.pk]), terms)
    assert SupplyContract.objects.get(partner=payee, valid_until__isnull=True).vat_status == "small"


def test_what_is_owed_is_told_and_why_it_waits(farm: Partner, office: Client) -> None:
    payee = engaged(farm, office)
    first, last = last_month(farm, payee)
    page = office.get(reverse("office:receiver", args=[payee.pk])).content.decode().replace("\xa0", " ")
    assert "5,95 €" in page
    assert "wartet" in page or "eigene Rechnung" in page
    listed = office.get(reverse("office:receivers")).content.decode().replace("\xa0", " ")
    assert "5,00 €" in listed
    SupplyContract.objects.filter(partner=payee).update(self_billing_agreed_on=first)
    made = fee_statements.settle(partner=payee, first=first, last=last, today=timezone.localdate(), at=timezone.now()).invoice
    assert made is not None
    assert made.gross == Decimal("5.95")
    address = reverse("office:receiver", args=[payee.pk])
    assert made.number in office.get(address).content.decode()
    objection = {"settlement": made.pk, "text": "Anschrift ist falsch"}
    office.post(reverse("office:receiver_object", args=[payee.pk]), objection)
    made.refresh_from_db()
    assert made.objected_at is not None


def test_lists_need_few_queries(farm: Partner, office: Client, django_assert_max_num_queries: Any) -> None:
    payee = engaged(farm, office)
    last_month(farm, payee)
    for number in range(3):
        other = PartnerFactory.create(municipality=farm.municipality, name=f"Stelle {number}", status=Partner.Status.PAYEE)
        SupplyContractFactory.create(partner=other, mode="fees")
    with django_assert_max_num_queries(12):
        office.get(reverse("office:receivers"))


def test_an_own_invoice_is_proposed_on_its_page_and_approved_by_somebody_else(farm: Partner, office: Client) -> None:
    payee = engaged(farm, office, self_billing_agreed_on="")
    first, last = last_month(farm, payee)
    draft = fee_statements.of_month(payee=payee, first=first, last=last, today=timezone.localdate()).draft
    assert draft is not None
    told = {
        number: written(document, payee, farm.region, number=number)
        for number, document in (
            ("R-1", draft.document),
            ("R-2", replace(draft.document, lines=tuple(replace(line, net=Decimal(6)) for line in draft.document.lines))),
        )
    }
    page = office.get(reverse("office:incoming_page", args=[told["R-2"].pk])).content.decode().replace("\xa0", " ")
    assert "1,19 € zu viel" in page
    key = f"fees_due:{first}"
    wrong = office.post(reverse("office:incoming_book", args=[told["R-2"].pk]), {"settles": key, "reason": "egal"}, follow=True)
    assert "zu viel" in wrong.content.decode()
    office.post(reverse("office:incoming_book", args=[told["R-1"].pk]), {"settles": key, "reason": "geprüft"})
    (entry,) = ManualEntry.objects.all()
    other = UserFactory.create()
    farm.region.memberships.create(user=other, role=Role.OFFICE)
    logged_in(other).post(reverse("office:manual_approve", args=[entry.pk]))
    answer = office.get(reverse("office:incoming_page", args=[told["R-1"].pk])).content.decode()
    assert "rechnet ab, was für" in answer
    assert fee_statements.waiting_sums(region=farm.region) == {}
    office.post(reverse("office:incoming_book", args=[told["R-2"].pk]), {"cost": "transport", "reason": "Sonderfahrt"})
    assert ManualEntry.objects.latest("pk").cost == "transport"
