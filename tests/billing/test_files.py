"""From delivered goods to a file that passes the official rules, and the mail that carries it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.core import mail

from billing import (
    cancellations,
    einvoice,
    files,
    holds,
    invoicing,
    payments,
    reissues,
    rules,
    sending,
    settlements,
    tasks,
    zugferd,
)
from billing.models import Account, DocumentFile, Invoice
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, DAY, NOVEMBER, deliver, item, juice
from tests.factories.market import AccountFactory, PartnerFactory, SupplyContractFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def public(farm: Partner) -> Account:
    """A day-care kitchen, which gets an XRechnung."""
    made: Account = AccountFactory.create(region=farm.region, name="Kita-Küche Beispiel", leitweg_id="04011000-1234512345-06")
    return made


@pytest.fixture
def every_kind(farm: Partner, press: Partner, account: Account, public: Account) -> list[Invoice]:
    """Invoices of households (open, paid, paid too much), consolidated ones, credit notes of all taxations, and cancellations."""
    small: Partner = PartnerFactory.create(municipality=farm.municipality)
    SupplyContractFactory.create(partner=small, vat_status="small")
    flat: Partner = PartnerFactory.create(municipality=farm.municipality)
    SupplyContractFactory.create(partner=flat, vat_status="flat_rate")
    cheese = item(
        farm,
        "6.00",
        2,
        sales_unit="piece",
        catch_weight=True,
        expected_weight_g=300,
        price_per_kg=Decimal("19.90"),
        delivered_weight_g=613,
        organic_code="DE-ÖKO-006",
    )
    services = item(press, "9.50", title="Messer schärfen", unit_text="", sales_unit="service", vat_category="standard")
    goods = (cheese, juice(press, 7), item(small, "0.33", 13, sales_unit="hundred_grams"), item(flat, "3.33", 3), services)
    deliver(*goods, region=farm.region, fee="3.90", method="handover")
    at_the_door = deliver(*goods, region=farm.region, fee="3.90", method="handover")
    payments.settle_handover(delivery=at_the_door, method="card", at=AT)
    too_much = deliver(item(farm, "10.00", 2, delivered=1), region=farm.region)
    payments.receive(order=too_much.order, amount=Decimal("20.00"), method="transfer", received_on=DAY, at=AT)
    for customer in (account, public):
        deliver(*goods, region=farm.region, fee="3.90", account=customer)
        deliver(*goods, region=farm.region, day=DAY.replace(day=24), account=customer)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    settlements.settle_due(today=NOVEMBER, at=AT)
    taken_back = (
        Invoice.objects.get(account=account),
        Invoice.objects.get(partner=flat),
        Invoice.objects.get(order=at_the_door.order),
        Invoice.objects.get(order=too_much.order),
    )
    for invoice in taken_back:
        cancellations.cancel(invoice=invoice, reason="Falscher Preis", today=NOVEMBER, at=AT, by=None)
    return list(Invoice.objects.order_by("pk"))


def test_every_kind_of_document_passes_the_official_rules(every_kind: list[Invoice]) -> None:
    assert files.make_due(at=AT) == len(every_kind) == 13
    for file in DocumentFile.objects.select_related("invoice"):
        assert zugferd.problems(bytes(file.pdf)) == []
        assert zugferd.attachment(bytes(file.pdf))[1] == bytes(file.xml)
    kinds = DocumentFile.objects.filter(checked_with__startswith="xrechnung").values_list("invoice__account__name", flat=True)
    assert list(kinds) == ["Kita-Küche Beispiel"]


def test_account_gets_the_syntax_it_asked_for(farm: Partner, account: Account) -> None:
    account.document_format, account.copies_to = "xrechnung_ubl", ["steuer@gasthaus.example"]
    account.save()
    deliver(item(farm), region=farm.region, account=account)
    (invoice,) = invoicing.draw_due(today=NOVEMBER, at=AT)
    file = files.make(invoice=invoice, at=AT)
    assert (zugferd.attachment(bytes(file.pdf))[0], zugferd.problems(bytes(file.pdf))) == ("xrechnung.xml", [])
    assert files.in_ubl(invoice=invoice) == bytes(file.ubl or b"")
    sending.send_due(at=AT)
    (sent,) = mail.outbox
    assert sent.cc == ["steuer@gasthaus.example"]
    written = sent.attachments[1][1]
    assert (written.encode() if isinstance(written, str) else written) == bytes(file.ubl or b"")


def test_make_a_second_time_gives_the_same_file(farm: Partner) -> None:
    deliver(item(farm), region=farm.region)
    (invoice,) = invoicing.draw_due(today=NOVEMBER, at=AT)
    assert files.make(invoice=invoice, at=AT) == files.make(invoice=invoice, at=AT)


def test_what_breaks_a_rule_gets_no_file_and_is_not_sent(farm: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(item(farm), region=farm.region)
    (invoice,) = invoicing.draw_due(today=NOVEMBER, at=AT)
    broken = einvoice.terms

    def wrong(document: Any) -> Any:
        return broken(document) | {"BT-110": "99.99"}

    monkeypatch.setattr(einvoice, "terms", wrong)
    with pytest.raises(files.RulesBroken):
        files.make(invoice=invoice, at=AT)
    assert files.make_due(at=AT) == sending.send_due(at=AT) == 0
    assert (list(files.due()), mail.outbox) == ([invoice], [])


def test_what_is_held_is_put_right_and_goes_out(farm: Partner, public: Account) -> None:
    """An authority without an e-mail address; neither its invoice nor the cancellation of it ever reaches anybody."""
    Account.objects.filter(pk=public.pk).update(email="")
    deliver(item(farm), region=farm.region, account=public)
    (invoice,) = invoicing.draw_due(today=NOVEMBER, at=AT)
    assert files.make_due(at=AT) == files.make_due(at=AT) == 0
    (found,) = holds.held(region=farm.region)
    hold = found.holds.get()
    assert (hold.attempts, [finding[0] for finding in hold.findings]) == (1, ["PEPPOL-EN16931-R010"])
    assert files.make_due(at=AT + timedelta(hours=2)) == 0
    assert found.holds.get().attempts == 2
    told = replace(reissues.particulars(invoice=invoice), email="kita@amt.example")
    Account.objects.filter(pk=public.pk).update(email="kita@amt.example")
    renewed = reissues.reissue(invoice=Invoice.objects.get(pk=invoice.pk), told=told, reason="", today=NOVEMBER, at=AT, by=None)
    assert files.make_due(at=AT) == 2
    assert sending.send_due(at=AT) == 1
    assert renewed.number in mail.outbox[0].subject
    assert (list(files.due()), list(holds.held(region=farm.region)), list(sending.due())) == ([], [], [])


def test_each_document_is_sent_once_in_german_with_its_file(farm: Partner, account: Account) -> None:
    deliver(item(farm, "4.90", 2), region=farm.region, account=account)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    settlements.settle_due(today=NOVEMBER, at=AT)
    farm.region.name = "Höfe, Hüttener Berge"
    farm.region.save()
    tasks.finish_documents()
    tasks.finish_documents()
    to_customer, to_farm = mail.outbox
    assert to_customer.to == [account.email]
    sender = message_from_bytes(to_customer.message().as_bytes(), policy=policy.default)["From"]
    assert [(address.display_name, address.addr_spec) for address in sender.addresses] == [(farm.region.name, farm.region.email)]
    assert to_customer.subject == f"Sammelrechnung SR-2026-000001 von {farm.region.name}"
    assert "9,80\xa0€" in to_customer.body
    assert [name for name, _content, _type in to_customer.attachments] == ["SR-2026-000001.pdf"]
    assert (to_farm.to, to_farm.subject) == ([farm.email], f"Gutschrift GS-2026-000001 von {farm.region.name}")
    assert not Invoice.objects.filter(sent_at__isnull=True).exists()


def test_a_mail_that_fails_is_sent_again(farm: Partner, settings: Any) -> None:
    deliver(item(farm), region=farm.region)
    (invoice,) = invoicing.draw_due(today=NOVEMBER, at=AT)
    files.make(invoice=invoice, at=AT)
    settings.EMAIL_BACKEND = "tests.billing.deliveries.NoMail"
    assert sending.send_due(at=AT) == 0
    assert list(holds.stuck(region=farm.region, at=AT)) == [invoice]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert sending.send_due(at=AT) == 0
    assert sending.send_due(at=AT + timedelta(hours=1)) == len(mail.outbox) == 1
    assert not invoice.holds.exists()


def test_rules_that_cannot_be_asked_let_nothing_through(farm: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(item(farm), region=farm.region)
    (invoice,) = invoicing.draw_due(today=NOVEMBER, at=AT)

    def silent(_xml: bytes, _flavour: str) -> Any:
        raise rules.RulesUnavailable

    monkeypatch.setattr(rules, "check", silent)
    with pytest.raises(rules.RulesUnavailable):
        files.make(invoice=invoice, at=AT)
    assert not DocumentFile.objects.exists()
