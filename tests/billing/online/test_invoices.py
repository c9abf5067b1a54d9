"""Open invoices are paid online: at once, by a debit that takes its time, of a month for a restaurant."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from billing import debit_runs, dunning, invoicing, payments
from billing.models import DebitTerms, OnlinePayment, Payment
from billing.online import following, links
from billing.online.opening import NothingToPay
from billing.online.provider import Provider
from tests.billing.deliveries import AT, NOVEMBER, OCTOBER, deliver, item
from tests.billing.online.bank import PracticeBank
from tests.billing.online.story import bill, hand_over, in_order, page
from tests.billing.test_debits import CREDITOR, sign
from tests.factories import orders
from tests.factories.market import NOW, AccountFactory

pytestmark = pytest.mark.django_db
D = Decimal


def follow(provider: Provider) -> OnlinePayment:
    return following.follow(payment=OnlinePayment.objects.order_by("-pk")[0], provider=provider, at=NOW)


def test_a_debit_takes_its_time(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    order = till.having(payment="transfer").place()
    invoice = bill(order, hand_over(order))
    bank.pay(page(invoice, provider), "lastschrift")
    payment = follow(provider)
    assert (payment.status, Payment.objects.count()) == ("processing", 0)
    with pytest.raises(NothingToPay):
        page(invoice, provider)
    (resting,) = dunning.due(region=invoice.region, today=AT.date() + timedelta(days=90), disputed={})
    assert (resting.stopped, resting.is_business) == (f"{invoice.number}: Eine Zahlung ist unterwegs.", False)
    bank.do("settle", intent=payment.intent)
    assert follow(provider).status == "captured"
    assert payments.paid(invoice=invoice) == invoice.gross
    assert in_order(order, AT)


def test_a_debit_that_comes_back_leaves_the_invoice_open(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    order = till.having(payment="transfer").place()
    invoice = bill(order, hand_over(order))
    bank.pay(page(invoice, provider), "lastschrift_zurueck")
    bank.do("settle", intent=follow(provider).intent)
    assert follow(provider).status == "failed"
    bank.pay(page(invoice, provider))
    assert (follow(provider).status, payments.paid(invoice=invoice)) == ("captured", invoice.gross)


def test_a_restaurant_pays_its_month(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    account = AccountFactory.create(region=till.region)
    farm = till.products[0].partner
    deliver(item(farm, "12.40", 3), region=till.region, account=account)
    invoice = invoicing.draw_consolidated(account=account, first=OCTOBER[0], last=OCTOBER[1], today=NOVEMBER, at=AT)
    assert invoice is not None
    bank.pay(page(invoice, provider))
    assert (follow(provider).taken, payments.paid(invoice=invoice)) == (D("37.20"), D("37.20"))


def test_what_is_being_paid_online_is_not_collected_too(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    account = AccountFactory.create(region=till.region)
    DebitTerms.objects.create(region=till.region, creditor_id=CREDITOR)
    sign(account)
    deliver(item(till.products[0].partner, "12.40", 3), region=till.region, account=account)
    invoice = invoicing.draw_consolidated(account=account, first=OCTOBER[0], last=OCTOBER[1], today=NOVEMBER, at=AT)
    assert invoice is not None
    assert [one.hindrance for one in debit_runs.due(region=till.region, today=NOVEMBER)] == [""]
    bank.pay(page(invoice, provider), "lastschrift_zurueck")
    payment = follow(provider)
    (due,) = debit_runs.due(region=till.region, today=NOVEMBER)
    assert due.hindrance == "Der Kunde bezahlt sie gerade online."
    bank.do("settle", intent=payment.intent)
    follow(provider)
    assert [one.hindrance for one in debit_runs.due(region=till.region, today=NOVEMBER)] == [""]


def test_pages_around_paying(till: orders.Till, bank: PracticeBank) -> None:
    """Whoever comes back without having paid is believed nothing; a forged link leads nowhere."""
    bank.set_clock(timezone.now())
    order = till.place()
    market = Client(headers={"host": till.region.site.hostname})
    address = f"/konto/zahlen/{links.sign(target=order)}/"
    assert "33,30" in market.get(address).content.decode()
    sent = market.get(f"{address}seite/")
    assert (sent.status_code, sent.headers["location"].startswith(bank.address)) == (302, True)
    assert market.get(f"{address}zurueck/").headers["location"] == address
    bank.pay(sent.headers["location"])
    assert "/kasse/bezahlt/" in market.get(f"{address}zurueck/").headers["location"]
    assert "Sie haben bezahlt" in market.get(address).content.decode()
    assert market.get("/konto/zahlen/forged:link/").status_code == 404


def test_a_provider_out_of_reach_is_said(till: orders.Till, bank: PracticeBank) -> None:
    order = till.place()
    market = Client(headers={"host": till.region.site.hostname})
    address = f"/konto/zahlen/{links.sign(target=order)}/"
    bank.set_clock(timezone.now())
    bank.fault("/v1/", "500", times=5)
    answer = market.get(f"{address}seite/")
    bank.do("no_faults")
    assert (answer.status_code, "antwortet gerade nicht" in answer.content.decode()) == (503, True)
    assert market.get(f"{address}seite/").status_code == 302
