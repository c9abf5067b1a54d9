"""The office takes wrong documents back, sees what is held, and enters what came in."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from billing import einvoice, files, invoicing, settlements
from billing.models import IncomingInvoice, Invoice, SupplyContract
from billing.snapshots import thawed
from marketplace.partner.models import Partner
from marketplace.regions.models import Role
from tests.billing.deliveries import AT, NOVEMBER, deliver, item
from tests.dashboard.people import logged_in
from tests.factories import documents
from tests.factories.market import AccountFactory, PartnerFactory, SupplyContractFactory, UserFactory

pytestmark = pytest.mark.django_db
PARTICULARS = {"name": "Petra Beispiel", "street": "Hof 3", "postal_code": "24361", "city": "Haby", "reason": "Falscher Name"}


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


@pytest.fixture
def invoice(farm: Partner) -> Invoice:
    deliver(item(farm, "7.00", 4), region=farm.region)
    (drawn,) = invoicing.draw_due(today=NOVEMBER, at=AT)
    return drawn


def test_invoice_is_drawn_anew_with_other_particulars(office: Client, invoice: Invoice) -> None:
    address = reverse("office:reissue", args=[invoice.pk])
    assert thawed(invoice.content).buyer.street in office.get(address).content.decode()
    wrong = office.post(address, PARTICULARS | {"leitweg_id": "04011000-1234512345-07", "vat_id": "DE1"})
    assert wrong.status_code == 422
    assert "Prüfziffern" in wrong.content.decode()
    page = office.post(address, PARTICULARS, follow=True).content.decode()
    renewed = Invoice.objects.get(origin=invoice)
    assert thawed(renewed.content).buyer.name == "Petra Beispiel"
    assert f"{renewed.number} ersetzt sie" in page
    assert renewed.number in office.get(reverse("office:document", args=[invoice.pk])).content.decode()
    assert "wurde schon neu ausgestellt" in office.get(address).content.decode()


def test_invoice_is_only_cancelled(office: Client, invoice: Invoice) -> None:
    address = reverse("office:cancel_document", args=[invoice.pk])
    assert office.post(address, {}).status_code == 422
    office.post(address, {"only-reason": "Doppelt geliefert"})
    assert Invoice.objects.get(replaces=invoice).kind == "384"
    assert not Invoice.objects.filter(origin=invoice).exists()


def test_credit_note_is_settled_anew_after_an_objection(office: Client, invoice: Invoice, farm: Partner) -> None:
    (settled,) = settlements.settle_due(today=NOVEMBER, at=AT)
    wrong = settled.invoice
    assert wrong is not None
    settlements.objection(settlement=wrong, at=AT, by=None, text="Wir sind Kleinunternehmer.")
    SupplyContract.objects.filter(partner=farm).update(vat_status="small")
    address = reverse("office:reissue", args=[wrong.pk])
    assert "Wir sind Kleinunternehmer." in office.get(address).content.decode()
    office.post(address, {"reason": "Steuerstatus"})
    assert Invoice.objects.get(partner=farm, kind="389", replaced_by__isnull=True).tax == 0


def test_held_documents_are_told_in_plain_words(
    office: Client, farm: Partner, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(3):
        account = AccountFactory.create(region=farm.region, name=f"Kita {number}", leitweg_id="04011000-1234512345-06", email="")
        deliver(item(farm), region=farm.region, account=account)
    first, *_others = invoicing.draw_due(today=NOVEMBER, at=AT)
    files.make_due(at=AT)
    with django_assert_max_num_queries(12):
        page = office.get(reverse("office:held")).content.decode()
    assert page.count("Die E-Mail-Adresse des Käufers fehlt.") == 3
    assert "einmal versucht" in page
    again = office.post(reverse("office:retry_document", args=[first.pk]), follow=True).content.decode()
    assert "geht noch immer nicht hinaus" in again
    assert "2-mal versucht" in again


def test_document_that_was_not_sent_is_sent_by_hand(office: Client, invoice: Invoice) -> None:
    files.make(invoice=invoice, at=AT)
    assert invoice.number in office.get(reverse("office:held")).content.decode()
    office.post(reverse("office:retry_document", args=[invoice.pk]))
    assert "Nichts liegt hier" in office.get(reverse("office:held")).content.decode()


def test_producer_sends_an_invoice_and_the_office_decides(office: Client, farm: Partner) -> None:
    farm.tax_number, farm.vat_id = "20/150/54321", ""
    farm.save()
    person = UserFactory.create()
    farm.users.add(person)
    producer = logged_in(person)
    bill = replace(documents.per_order(), seller=documents.FARM, buyer=documents.OPERATOR, number="2026-77")
    data = einvoice.xml(einvoice.terms(bill))

    def send(who: Client, room: str) -> str:
        file = SimpleUploadedFile("rechnung.xml", data)
        return who.post(reverse(f"{room}:incoming"), {"file": file}, follow=True).content.decode()

    page = send(producer, "dashboard")
    assert "Rechnung 2026-77 ist aufgenommen." in page
    assert "Sie hält die amtlichen Regeln ein" in page
    assert "Holsteiner Cox" in page
    assert "1,284 kg" in page
    assert "liegt schon vor" in send(office, "office")
    found = IncomingInvoice.objects.get()
    assert producer.get(reverse("dashboard:incoming_file", args=[found.pk])).content == data
    told = {"partner": farm.pk, "status": "accepted", "note": "Reparatur der Waage"}
    assert (
        "Vermerkt: angenommen."
        in office.post(reverse("office:incoming_decide", args=[found.pk]), told, follow=True).content.decode()
    )
    assert "Reparatur der Waage" in producer.get(reverse("dashboard:incoming_page", args=[found.pk])).content.decode()
