"""What the provider reports, and what it did not report: signed, kept first, once, in any order, or never."""

import time
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from billing import bank_lines, chart, ledger_lines
from billing.models import (
    BankLine,
    Dispute,
    JournalEntry,
    OnlinePayment,
    Payment,
    ProviderEvent,
    ProviderMovement,
    ProviderPayout,
)
from billing.online import collecting, disputing, jobs, movements, reports
from billing.online.provider import Provider
from tests.billing.online.bank import PracticeBank, signed
from tests.billing.online.story import bill, hand_over, in_order, ledgers, page, pay
from tests.factories import orders
from tests.factories.market import NOW

pytestmark = pytest.mark.django_db
D = Decimal
ADDRESS = "/konto/zahlungen/meldung/"


@pytest.fixture
def market(till: orders.Till) -> Client:
    """The market at the address of its region."""
    return Client(headers={"host": till.region.site.hostname})


def send(market: Client, event: dict[str, Any], *, at: float | None = None, **forged: str) -> int:
    payload, signature = signed(event, at=time.time() if at is None else at, **forged)
    answer = market.post(ADDRESS, payload, content_type="application/json", headers={"stripe-signature": signature})
    return answer.status_code


def test_report_is_kept_once_and_says_nothing_of_the_customer(
    market: Client, till: orders.Till, bank: PracticeBank, provider: Provider
) -> None:
    bank.do("reports", held=True)
    pay(till.place(), bank, provider)
    events = bank.do("reports", held=False)["events"]
    assert {send(market, event) for event in events for _twice in range(2)} == {200}
    assert ProviderEvent.objects.count() == len(events)
    assert "grete" not in str(list(ProviderEvent.objects.values()))


@pytest.mark.parametrize("forged", [{"secret": "whsec_other"}, {"at": 1.0}], ids=["forged", "replayed late"])
def test_report_that_is_forged_or_old_is_refused(market: Client, forged: dict[str, Any]) -> None:
    event = {"id": "evt_1", "type": "payment_intent.succeeded", "data": {"object": {"id": "pi_1"}}}
    assert send(market, event, **forged) == 400
    assert market.post(ADDRESS, b"{}", content_type="application/json").status_code == 400
    assert not ProviderEvent.objects.exists()


@pytest.mark.parametrize("reverse", [False, True], ids=["in order", "backwards"])
def test_order_of_reports_is_irrelevant(
    market: Client, till: orders.Till, bank: PracticeBank, provider: Provider, reverse: bool
) -> None:
    order = till.place()
    bank.do("reports", held=True)
    bank.pay(page(order, provider))
    events = bank.do("reports", held=False, reverse=reverse, times=2)["events"]
    for event in events:
        send(market, event)
        reports.work_off(region=till.region, provider=provider, at=NOW)
    assert OnlinePayment.objects.get().status == "authorised"
    assert ledgers() == {"held": D("33.30"), "held_against": D("-33.30")}
    assert not ProviderEvent.objects.filter(done_at__isnull=True).exists()


def test_provider_away_for_a_day_is_made_up_for(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    """Nothing was reported, nothing answered; afterwards everything is as if it had been."""
    order = till.place()
    bank.pay(page(order, provider))
    bank.fault("/v1/", "500", times=500)
    at = hand_over(order)
    jobs.follow(at=at)
    jobs.catch_up(at=at)
    invoice = bill(order, at)
    assert OnlinePayment.objects.get().status == "opened"
    bank.do("no_faults")
    for _twice in range(2):
        jobs.catch_up(at=at + timedelta(days=1))
        jobs.follow(at=at + timedelta(days=1))
    assert (OnlinePayment.objects.get().status, Payment.objects.get().amount) == ("captured", invoice.gross)
    assert in_order(order, at)


def test_fees_and_payouts_come_into_the_books_once(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    order = till.place()
    pay(order, bank, provider)
    at = hand_over(order)
    collecting.collect_due(region=till.region, provider=provider, at=at)
    bill(order, at)
    bank.do("pay_out")
    for _twice in range(2):
        movements.take_in(region=till.region, provider=provider, at=at)
    assert not movements.unfitting(region=till.region).exists()
    assert (ledgers()["prov_fees"], ledgers()["provider"]) == (D("0.75"), D("32.55"))
    assert ProviderPayout.objects.get().amount == D("32.55")
    told = movements.balance(region=till.region)
    assert (told.booked, told.told, told.on_its_way, told.difference) == (D("32.55"), D("0.00"), D("32.55"), D("0.00"))
    payout = ProviderPayout.objects.get()
    line = BankLine.objects.create(
        region=till.region,
        key="1",
        booked_on=at.date(),
        amount=payout.amount,
        name="STRIPE PAYMENTS EUROPE",
        purpose="STRIPE AUSZAHLUNG",
        imported_at=at,
    )
    bank_lines.assign(line=line, item_key=f"provider_payout:{payout.pk}", at=at, by=None)
    assert BankLine.objects.get().status == "booked"
    assert ledgers()["bank"] == D("32.55")
    assert "provider" not in ledgers()
    for accounts in chart.CHARTS.values():
        entries = JournalEntry.objects.exclude(kind="hold").prefetch_related("postings__account")
        assert [entry.key for entry in entries if not ledger_lines.bookings(entry=entry, number="1", accounts=accounts)] == []


def test_what_nobody_knows_is_shown(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    pay(till.place(), bank, provider)
    intent = OnlinePayment.objects.get().intent
    provider.take(number=intent, amount=D("10.00"), key="somebody-else")
    movements.take_in(region=till.region, provider=provider, at=NOW)
    found = movements.unfitting(region=till.region)
    assert [row.amount for row in found] == [D("10.00")]
    movements.settle(movement=ProviderMovement.objects.get(), at=NOW, by=None)
    assert not movements.unfitting(region=till.region).exists()


@pytest.mark.parametrize("won", [True, False])
def test_dispute(till: orders.Till, bank: PracticeBank, provider: Provider, won: bool) -> None:
    order = till.place()
    payment = pay(order, bank, provider)
    at = hand_over(order)
    collecting.collect_due(region=till.region, provider=provider, at=at)
    invoice = bill(order, at)
    number = bank.do("dispute", intent=payment.intent)["id"]
    for _twice in range(2):
        disputing.take_in(region=till.region, provider=provider, since=NOW, at=at)
    assert ledgers()["disputed"] == D("33.30")
    bank.do("decide", dispute=number, won=won)
    for _twice in range(2):
        disputing.take_in(region=till.region, provider=provider, since=NOW, at=at)
    movements.take_in(region=till.region, provider=provider, at=at)
    assert not movements.unfitting(region=till.region).exists()
    assert "disputed" not in ledgers()
    assert Dispute.objects.get().status == ("won" if won else "lost")
    assert ledgers().get("receivable", D(0)) == (D(0) if won else invoice.gross)
    assert in_order(order, at)
