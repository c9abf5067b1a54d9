"""A credit balance pays the next invoice by itself, once, and says so; weeks end where the month does."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billing import books, corrections, credits, invoicing, journal, offsets, open_items, payments, periods, refunds
from billing.models import Account, Credit, Invoice, Offset, Payment
from billing.snapshots import thawed
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, DAY, NOVEMBER, OCTOBER, deliver, item

pytestmark = pytest.mark.django_db
DECEMBER = date(2026, 12, 1)
IN_NOVEMBER = date(2026, 11, 14)


def draw(account: Account, first: date, last: date, today: date) -> Invoice:
    drawn = invoicing.draw_consolidated(account=account, first=first, last=last, today=today, at=AT)
    assert drawn is not None
    return drawn


@pytest.fixture
def overpaid(farm: Partner, account: Account) -> Invoice:
    """28,00 € of October, of which 35,00 € were transferred."""
    deliver(item(farm, price="7.00", quantity=4), region=farm.region, account=account)
    invoice = draw(account, *OCTOBER, NOVEMBER)
    payments.receive(invoice=invoice, amount=Decimal(35), method=Payment.Method.TRANSFER, received_on=NOVEMBER, at=AT)
    return invoice


def test_what_was_paid_too_much_is_paid_on_the_next_invoice(farm: Partner, account: Account, overpaid: Invoice) -> None:
    deliver(item(farm, price="7.00", quantity=3), region=farm.region, account=account, day=IN_NOVEMBER)
    following = draw(account, NOVEMBER, date(2026, 11, 30), DECEMBER)
    document = thawed(following.content)
    assert (document.prepaid, "Guthaben von 7,00" in document.notes[-1]) == (Decimal("7.00"), True)
    (left,) = open_items.to_come_in(region=farm.region)
    assert (left.number, left.left, journal.balance(account=account)) == (following.number, Decimal("14.00"), Decimal("14.00"))
    assert offsets.available(account=account) == 0
    assert not [text for text in books.problems(region=farm.region, today=DAY) if "file" not in text]


def test_an_invoice_smaller_than_the_balance_is_paid_in_full(farm: Partner, account: Account, overpaid: Invoice) -> None:
    deliver(item(farm, price="4.00"), region=farm.region, account=account, day=IN_NOVEMBER)
    following = draw(account, NOVEMBER, date(2026, 11, 30), DECEMBER)
    assert (payments.paid(invoice=following), offsets.available(account=account)) == (Decimal("4.00"), Decimal("3.00"))
    assert thawed(following.content).terms == "Betrag dankend erhalten."


def test_what_went_back_to_the_bank_is_not_used_again(farm: Partner, account: Account, overpaid: Invoice) -> None:
    refunds.pay_back_account(account=account, method=Payment.Method.TRANSFER, paid_on=NOVEMBER, at=AT)
    assert offsets.available(account=account) == 0


def test_a_credit_granted_later_pays_what_is_open_once(farm: Partner, account: Account) -> None:
    delivery = deliver(item(farm, price="7.00", quantity=4), region=farm.region, account=account)
    first = draw(account, *OCTOBER, NOVEMBER)
    payments.receive(invoice=first, amount=Decimal(28), method=Payment.Method.TRANSFER, received_on=NOVEMBER, at=AT)
    deliver(item(farm, price="7.00", quantity=3), region=farm.region, account=account, day=IN_NOVEMBER)
    second = draw(account, NOVEMBER, date(2026, 11, 30), DECEMBER)
    line = delivery.order.lines.get()
    credits.on_line(
        order_line=line, pieces=1, goods=Decimal(7), deposit=Decimal(0), bearer=farm, cause=Credit.Cause.COMPLAINT, key="x", at=AT
    )
    corrections.draw_due(today=DECEMBER, at=AT)
    assert offsets.use_due(today=DECEMBER, at=AT) == 1
    assert offsets.use_due(today=DECEMBER, at=AT) == 0
    assert (Offset.objects.get().target, payments.paid(invoice=second)) == (second, Decimal("7.00"))


def test_each_later_credit_on_one_invoice_pays_the_same_open_one(farm: Partner, account: Account) -> None:
    delivery = deliver(item(farm, price="7.00", quantity=4), region=farm.region, account=account)
    first = draw(account, *OCTOBER, NOVEMBER)
    payments.receive(invoice=first, amount=Decimal(28), method=Payment.Method.TRANSFER, received_on=NOVEMBER, at=AT)
    deliver(item(farm, price="7.00", quantity=3), region=farm.region, account=account, day=IN_NOVEMBER)
    second = draw(account, NOVEMBER, date(2026, 11, 30), DECEMBER)
    for key in ("x", "y"):
        told: dict[str, Any] = {"bearer": farm, "cause": Credit.Cause.COMPLAINT, "key": key, "at": AT}
        credits.on_line(order_line=delivery.order.lines.get(), pieces=1, goods=Decimal(7), deposit=Decimal(0), **told)
        corrections.draw_due(today=DECEMBER, at=AT)
        assert (offsets.use_due(today=DECEMBER, at=AT), offsets.use_due(today=DECEMBER, at=AT)) == (1, 0)
    assert (payments.paid(invoice=second), offsets.available(account=account)) == (Decimal(14), Decimal(0))


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2026-10-15", "2026-10-12", "2026-10-18"),
        ("2026-10-01", "2026-10-01", "2026-10-04"),
        ("2026-11-30", "2026-11-30", "2026-11-30"),
    ],
    ids=["inside", "month begins", "month ends"],
)
def test_a_week_never_crosses_a_month(day: str, first: str, last: str) -> None:
    assert periods.week_of(date.fromisoformat(day)) == (date.fromisoformat(first), date.fromisoformat(last))


def test_weekly_terms_bill_each_week_that_is_over(farm: Partner, account: Account) -> None:
    Account.objects.update(terms=Account.Terms.WEEKLY)
    for day in (date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 3), date(2026, 10, 6), date(2026, 10, 13)):
        deliver(item(farm), region=farm.region, account=account, day=day)
    drawn = invoicing.draw_due(today=date(2026, 10, 12), at=AT)
    assert [(row.period_from.day, row.period_until.day, row.lines.count()) for row in drawn] == [
        (28, 30, 1),
        (1, 4, 2),
        (5, 11, 1),
    ]
    assert invoicing.draw_due(today=date(2026, 10, 12), at=AT) == []
