"""Producers that sell in their own name are paid through the provider: once, never also by the bank; what they owe comes back."""

import time as clock
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from billing import agency, books, corrections, credits, invoicing, journal, payments, payouts, settlements
from billing.models import (
    AgencyStatement,
    ConnectedAccount,
    Credit,
    Payment,
    PayoutItem,
    Posting,
    ProviderTransfer,
    TransferReversal,
)
from billing.online import jobs, movements, onboarding, transferring
from billing.online.onboarding import NotOffered
from billing.online.provider import Provider, Unreachable
from billing.online.remitting import Remitter
from billing.online.transferring import TransferStands
from billing.payouts import PayoutRefused
from marketplace.dashboard import money_duties
from marketplace.order.models import Line
from marketplace.partner.models import Partner
from marketplace.regions.models import Role
from tests.billing import killed
from tests.billing.deliveries import AT, NOVEMBER, deliver, item
from tests.billing.online.bank import PracticeBank, signed
from tests.billing.online.story import hand_over, ledgers, pay
from tests.dashboard.people import logged_in
from tests.factories import orders
from tests.factories.market import UserFactory

pytestmark = pytest.mark.django_db
DECEMBER = date(2026, 12, 1)
WAYS = {"back": "http://localhost/zurueck/", "again": "http://localhost/neu/", "website": "http://localhost/betrieb/"}


def tell(bank: PracticeBank, url: str, told: str = "all") -> None:
    """The producer answers the provider's questions."""
    bank.send(url, {"told": told})


def connected(dairy: Partner, bank: PracticeBank, remitter: Remitter) -> ConnectedAccount:
    """Its account with the provider, chosen by the office."""
    tell(bank, onboarding.page_for(partner=dairy, remitter=remitter, at=AT, **WAYS))
    account = onboarding.follow(account=ConnectedAccount.objects.get(), remitter=remitter, at=AT)
    return onboarding.choose(account=account, wanted=True, at=AT, by=None)


def stocked(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    """Customers' money is with the provider: 33.30 euros less fees, of an order of others."""
    order = till.place()
    pay(order, bank, provider)
    run(hand_over(order))


def statement(dairy: Partner, price: str = "20.00") -> AgencyStatement:
    """What it is owed for October."""
    deliver(item(dairy, price), region=dairy.region)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    return agency.settle_due(today=NOVEMBER, at=AT)[-1]


def in_order(dairy: Partner) -> None:
    invoicing.draw_due(today=DECEMBER, at=AT)
    settlements.settle_due(today=DECEMBER, at=AT)
    found = [text for text in books.problems(region=dairy.region, today=DECEMBER) if "has no file" not in text]
    assert found == []
    assert not movements.unfitting(region=dairy.region).exists()


def run(at: datetime = AT) -> None:
    jobs.follow(at=at)
    jobs.catch_up(at=at)


def test_an_account_is_opened_once_and_follows_the_providers_word(
    dairy: Partner, bank: PracticeBank, remitter: Remitter, client: Client
) -> None:
    bank.fault("/v1/accounts", "timeout")
    with pytest.raises(Unreachable):
        onboarding.page_for(partner=dairy, remitter=remitter, at=AT, **WAYS)
    first = onboarding.page_for(partner=dairy, remitter=remitter, at=AT, **WAYS)
    tell(bank, first, "some")
    account = onboarding.follow(account=ConnectedAccount.objects.get(), remitter=remitter, at=AT)
    assert (account.is_told, account.is_payable, account.hindrance) == (True, False, "requirements.past_due")
    with pytest.raises(NotOffered):
        onboarding.choose(account=account, wanted=True, at=AT, by=None)
    tell(bank, onboarding.page_for(partner=dairy, remitter=remitter, at=AT, **WAYS))
    event = {
        "id": "evt_acct", "type": "account.updated", "account": account.number,
        "data": {"object": {"id": account.number, "object": "account", "email": "nichts@davon.example"}},
    }  # fmt: skip
    payload, signature = signed(event, at=clock.time())
    url = reverse("billing:payment_report")
    assert client.post(url, payload, content_type="application/json", headers={"Stripe-Signature": signature}).status_code == 200
    jobs.follow(at=timezone.now())
    assert ConnectedAccount.objects.get().is_payable
    assert len(bank.things("account")) == 1
    other = Partner.objects.exclude(pk=dairy.pk)[0]
    with pytest.raises(NotOffered):
        onboarding.page_for(partner=other, remitter=remitter, at=AT, **WAYS)


def test_a_statement_is_transferred_once_and_is_in_no_file_for_the_bank(
    till: orders.Till, dairy: Partner, bank: PracticeBank, provider: Provider, remitter: Remitter
) -> None:
    stocked(till, bank, provider)
    account = connected(dairy, bank, remitter)
    owed = statement(dairy)
    before = ledgers()
    (due,) = payouts.due(region=dairy.region, today=NOVEMBER)
    assert (due.by_provider, due.amount) == (True, owed.amount)
    chosen = {"region": dairy.region, "settlement_ids": [due.settlement_id], "execution_on": DECEMBER}
    with pytest.raises(PayoutRefused):
        payouts.draw_up(**chosen, today=NOVEMBER, at=AT, by=None)
    run()
    run(AT + timedelta(days=1))
    (told,) = bank.things("transfer")
    assert (told["destination"], told["amount"]) == (account.number, int(owed.amount * 100))
    assert told["transfer_group"] == owed.commission.number
    row = ProviderTransfer.objects.get()
    assert (row.status, row.number, row.item.run) == ("done", told["id"], None)
    paid = Payment.objects.get(invoice=owed.commission)
    assert (paid.amount, paid.method, paid.bank_line) == (owed.amount, "online", None)
    assert journal.balance(partner=dairy) == 0
    assert ledgers()["provider"] == before["provider"] - owed.amount
    assert "bank" not in ledgers()
    assert payouts.due(region=dairy.region, today=NOVEMBER) == []
    in_order(dairy)


@pytest.mark.parametrize("kind", ["drop", "timeout", "500"])
def test_broken_off_anywhere_it_is_paid_once(
    till: orders.Till, dairy: Partner, bank: PracticeBank, provider: Provider, remitter: Remitter, kind: str
) -> None:
    stocked(till, bank, provider)
    connected(dairy, bank, remitter)
    owed = statement(dairy)
    (row,) = transferring.decide(region=dairy.region, today=NOVEMBER, at=AT)
    with pytest.raises(payments.PaymentRefused):
        payments.pay_out(settlement=owed.commission, paid_on=NOVEMBER, at=AT)
    for methods in (("GET",), ("POST",)):  # with "timeout" the provider has done it, and nobody here knows
        bank.fault("/v1/transfers", kind, methods=methods)
        with pytest.raises(Unreachable):
            transferring.send(transfer=row, remitter=remitter, at=AT)
        assert not Payment.objects.filter(invoice=owed.commission).exists()
    assert len(bank.things("transfer")) == (kind == "timeout")
    ProviderTransfer.objects.update(refused=7)  # the provider forgets keys after a day: this one it never heard
    run(AT + timedelta(days=3))
    assert len(bank.things("transfer")) == 1
    assert Payment.objects.get(invoice=owed.commission).amount == owed.amount
    run(AT + timedelta(days=4))
    in_order(dairy)


def test_killed_between_any_two_statements_the_books_are_those_of_one_that_lived(
    till: orders.Till, dairy: Partner, bank: PracticeBank, provider: Provider, remitter: Remitter
) -> None:
    def job() -> None:
        transferring.pay_due(region=dairy.region, remitter=remitter, today=DECEMBER, at=AT)

    stocked(till, bank, provider)
    connected(dairy, bank, remitter)
    owed = statement(dairy)
    assert killed.dying(job, stride=1) > 10
    assert [row["amount"] for row in bank.things("transfer")] == [int(owed.amount * 100)]
    assert Payment.objects.get(invoice=owed.commission).amount == owed.amount
    debt = -refunded(dairy).amount
    assert killed.dying(job, stride=1) > 10
    assert [row["amount"] for row in bank.things("transfer_reversal")] == [int(debt * 100)]
    assert journal.balance(partner=dairy) == 0
    assert (ProviderTransfer.objects.count(), TransferReversal.objects.count()) == (1, 1)
    run()
    in_order(dairy)


def test_too_little_money_waits_and_can_be_given_up_for_the_bank(
    till: orders.Till, dairy: Partner, bank: PracticeBank, provider: Provider, remitter: Remitter
) -> None:
    connected(dairy, bank, remitter)
    owed = statement(dairy)
    run()
    row = ProviderTransfer.objects.get()
    assert (row.status, row.failure, row.refused) == ("asked", "balance_insufficient", 1)
    run(AT + timedelta(minutes=5))
    assert ProviderTransfer.objects.get().refused == 1
    run(AT + timedelta(hours=2))
    assert ProviderTransfer.objects.get().refused == 2
    assert payouts.due(region=dairy.region, today=NOVEMBER) == []
    assert "transfers" in [duty.kind for duty in money_duties.waiting(region=dairy.region, at=AT)]
    transferring.give_up(transfer=row, remitter=remitter, at=AT, by=None)
    (due,) = payouts.due(region=dairy.region, today=NOVEMBER)
    assert (due.by_provider, due.hindrance) == (False, "")
    run(AT + timedelta(hours=4))
    payouts.draw_up(
        region=dairy.region, settlement_ids=[due.settlement_id], execution_on=DECEMBER, today=NOVEMBER, at=AT, by=None
    )
    assert (PayoutItem.objects.filter(stands=True).count(), bank.things("transfer")) == (1, [])
    payments.pay_out(settlement=owed.commission, paid_on=NOVEMBER, at=AT)
    with pytest.raises(TransferStands):
        transferring.give_up(transfer=_done(till, dairy, bank, provider), remitter=remitter, at=AT, by=None)
    in_order(dairy)


def _done(till: orders.Till, dairy: Partner, bank: PracticeBank, provider: Provider) -> ProviderTransfer:
    """A second statement, with money enough."""
    stocked(till, bank, provider)
    statement(dairy, "5.00")
    run(AT + timedelta(hours=6))
    return ProviderTransfer.objects.get(status="done")


def test_a_closed_account_leaves_the_statement_to_the_bank(
    till: orders.Till, dairy: Partner, bank: PracticeBank, provider: Provider, remitter: Remitter
) -> None:
    stocked(till, bank, provider)
    account = connected(dairy, bank, remitter)
    statement(dairy)
    bank.do("close_account", number=account.number)
    run()
    row = ProviderTransfer.objects.get()
    assert (row.status, row.failure, row.item.stands) == ("failed", "insufficient_capabilities_for_transfer", False)
    (due,) = payouts.due(region=dairy.region, today=NOVEMBER)
    assert (due.by_provider, due.hindrance) == (False, "")
    in_order(dairy)


def refunded(dairy: Partner) -> AgencyStatement:
    """A customer got half of it back: the next statement is below zero."""
    line = Line.objects.get(partner=dairy)
    told: dict[str, Any] = {"bearer": dairy, "cause": Credit.Cause.COMPLAINT, "at": AT, "key": "probe"}
    credits.on_line(order_line=line, pieces=1, goods=Decimal("10.00"), deposit=Decimal(0), **told)
    corrections.draw_due(today=NOVEMBER, at=AT)
    return agency.settle_due(today=DECEMBER, at=AT)[-1]


@pytest.mark.parametrize("kind", ["", "timeout"])
def test_what_a_later_statement_takes_off_comes_back_once(
    till: orders.Till, dairy: Partner, bank: PracticeBank, provider: Provider, remitter: Remitter, kind: str
) -> None:
    stocked(till, bank, provider)
    connected(dairy, bank, remitter)
    first = statement(dairy)
    run()
    later = refunded(dairy)
    assert later.amount < 0
    assert journal.balance(partner=dairy) == later.amount
    (row,) = transferring.decide_back(region=dairy.region, at=AT)
    assert transferring.decide_back(region=dairy.region, at=AT) == []
    if kind:
        bank.fault("/v1/transfers", kind, methods=("POST",))
        with pytest.raises(Unreachable):
            transferring.send_back(reversal=row, remitter=remitter, at=AT)
    for day in range(3):
        run(AT + timedelta(days=day))
    (told,) = bank.things("transfer_reversal")
    assert told["amount"] == -int(later.amount * 100)
    assert journal.balance(partner=dairy) == 0
    assert bank.things("transfer")[0]["amount_reversed"] == told["amount"]
    assert Posting.objects.filter(ledger="payable", entry__kind="payout_back").get().amount == later.amount
    assert AgencyStatement.objects.get(pk=first.pk).amount > 0
    in_order(dairy)


def test_what_cannot_come_back_is_set_off_against_the_next_payout(
    till: orders.Till, dairy: Partner, bank: PracticeBank, provider: Provider, remitter: Remitter
) -> None:
    stocked(till, bank, provider)
    account = connected(dairy, bank, remitter)
    statement(dairy)
    run()
    bank.do("pay_on", number=account.number)
    debt = -refunded(dairy).amount
    run()
    run(AT + timedelta(days=1))
    assert [(row.status, row.failure) for row in TransferReversal.objects.all()] == [("failed", "balance_insufficient")]
    assert journal.balance(partner=dairy) == -debt
    next_one = statement(dairy, "15.00")
    run(AT + timedelta(days=2))
    assert ProviderTransfer.objects.latest("pk").amount == next_one.amount - debt
    assert journal.balance(partner=dairy) == 0
    in_order(dairy)


def test_what_was_refused_is_asked_for_again_later_each_time_until_it_comes_back(
    till: orders.Till, dairy: Partner, bank: PracticeBank, provider: Provider, remitter: Remitter
) -> None:
    def asked(day: int) -> list[str]:
        for _twice in range(2):
            run(AT + timedelta(days=day))
        return [row.status for row in TransferReversal.objects.order_by("pk")]

    def duties() -> list[str]:
        return [duty.kind for duty in money_duties.waiting(region=dairy.region, at=AT)]

    stocked(till, bank, provider)
    account = connected(dairy, bank, remitter)
    statement(dairy)
    run()
    bank.do("pay_on", number=account.number)
    refunded(dairy)
    assert "reversals" not in duties()
    assert (asked(0), asked(2), asked(3), asked(9)) == (["failed"], ["failed"], ["failed"] * 2, ["failed"] * 2)
    assert "reversals" in duties()
    office = UserFactory.create()
    dairy.region.memberships.create(user=office, role=Role.OFFICE)
    page = logged_in(office).get(reverse("office:transfers")).content.decode()
    assert page.count("Es wird wieder versucht") == 1
    bank.do("come_back", number=account.number)
    assert asked(10) == ["failed", "failed", "done"]
    assert asked(40) == ["failed", "failed", "done"]
    assert journal.balance(partner=dairy) == 0
    assert len(bank.things("transfer_reversal")) == 1
    assert "reversals" not in duties()
    in_order(dairy)


def test_the_producer_opens_it_the_office_chooses_and_both_see_it(
    till: orders.Till, dairy: Partner, bank: PracticeBank, provider: Provider, remitter: Remitter
) -> None:
    owner, clerk = UserFactory.create(), UserFactory.create()
    dairy.users.add(owner)
    dairy.region.memberships.create(user=clerk, role=Role.OFFICE)
    farm, office = logged_in(owner), logged_in(clerk)
    stocked(till, bank, provider)
    assert "auszahlungskonto" in farm.get(reverse("dashboard:settlements")).content.decode()
    assert "Auszahlungskonto eröffnen" in farm.get(reverse("dashboard:payout_account")).content.decode()
    bank.send(farm.get(reverse("dashboard:payout_account_page")).headers["Location"], {"told": "all"})
    page = farm.get(reverse("dashboard:payout_account_back"), follow=True).content.decode()
    assert "Bis das Marktbüro diesen Weg" in page
    account = ConnectedAccount.objects.get()
    assert "Über den Anbieter auszahlen" in office.get(reverse("office:transfers")).content.decode()
    office.post(reverse("office:transfer_choose", args=[account.pk]), {"wanted": "yes"})
    statement(dairy)
    run()
    row = ProviderTransfer.objects.get()
    for client, name in ((farm, "dashboard:payout_account"), (office, "office:transfers")):
        shown = client.get(reverse(name)).content.decode()
        assert row.group in shown
        assert "ausgezahlt" in shown
    late = office.post(reverse("office:transfer_give_up", args=[row.pk]), follow=True).content.decode()
    assert "Aufgeben lässt es sich nicht mehr" in late


def test_the_offices_list_asks_the_same_for_one_and_many(
    till: orders.Till,
    dairy: Partner,
    bank: PracticeBank,
    provider: Provider,
    remitter: Remitter,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    clerk = UserFactory.create()
    dairy.region.memberships.create(user=clerk, role=Role.OFFICE)
    office = logged_in(clerk)
    stocked(till, bank, provider)
    connected(dairy, bank, remitter)
    for price in ("5.00", "4.00", "3.00"):
        statement(dairy, price)
        run()
    office.get(reverse("office:transfers"))
    with django_assert_max_num_queries(8):
        page = office.get(reverse("office:transfers")).content.decode()
    assert page.count("PR-2026-") >= 3


def test_in_the_demo_who_sells_in_its_own_name_is_paid_there(dairy: Partner, bank: PracticeBank) -> None:
    from marketplace.demo import online

    online.play(region=dairy.region, at=AT)
    online.play(region=dairy.region, at=AT)
    account = ConnectedAccount.objects.get()
    assert account.is_payable
    assert account.chosen_at == AT
