"""The clock on the wall of the region decides: months and weeks end at its midnight, when the clocks change too."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from billing import agency, closing, invoicing, journal, open_items, open_items_at, payments, periods
from billing.models import Account, AgencyStatement, Invoice, OrderTerms, SupplyContract
from billing.tasks import draw_due_documents
from marketplace.partner.models import Partner
from tests.billing.deliveries import deliver, item
from tests.factories.market import PartnerFactory, SupplyContractFactory, UserFactory, local

DAY = timedelta(days=1)
#: into winter time, into summer time, into the new year
MONTH_ENDS = pytest.mark.parametrize("last", [date(2026, 10, 31), date(2026, 3, 31), date(2026, 12, 31)], ids=str)
LATE, EARLY = time(23, 59, 59), time(0, 0, 1)


@given(st.integers(0, 366 * 24 * 60).map(lambda minutes: datetime(2025, 12, 31, tzinfo=UTC) + timedelta(minutes=minutes)))
def test_every_moment_lies_in_one_day_one_week_and_one_month(moment: datetime) -> None:
    day = timezone.localdate(moment)
    assert periods.starts(day) <= moment < periods.starts(day + DAY)
    for weekly in (False, True):
        first, last = periods.span_of(day, weekly=weekly)
        assert periods.starts(first) <= moment < periods.starts(last + DAY)
        assert periods.span_of(first, weekly=weekly) == periods.span_of(last, weekly=weekly) == (first, last)


@pytest.mark.django_db
@MONTH_ENDS
def test_the_jobs_bill_and_settle_a_month_from_midnight_on(farm: Partner, account: Account, last: date) -> None:
    dairy = PartnerFactory.create(municipality=farm.municipality)
    SupplyContractFactory.create(partner=dairy, mode=SupplyContract.Mode.AGENCY)
    for day, clock, price in ((last, LATE, "1.07"), (last + DAY, time(0), "2.14")):
        goods = (item(farm, price), item(dairy, price))
        deliver(*goods, region=farm.region, day=day, at=local(day, clock), account=account)
    with time_machine.travel(local(last, LATE), tick=False):
        draw_due_documents()
    assert not Invoice.objects.exists()
    with time_machine.travel(local(last + DAY, EARLY), tick=False):
        draw_due_documents()
    drawn = Invoice.objects.order_by("pk")
    month = (last.replace(day=1), last)
    assert {(row.period_from, row.period_until, row.issued_on) for row in drawn} == {(*month, last + DAY)}
    invoices = drawn.filter(account=account)
    assert [(row.gross, row.due_on) for row in invoices] == [(Decimal("1.07"), last + timedelta(days=15))] * 2
    assert (drawn.filter(kind="389").count(), AgencyStatement.objects.get().entrusted) == (1, Decimal("1.07"))
    assert agency.due_months(today=last + DAY) == []


@pytest.mark.django_db
@pytest.mark.parametrize("sunday", [date(2026, 10, 25), date(2026, 3, 29)], ids=["25 hours", "23 hours"])
def test_a_week_ends_at_midnight_after_the_clocks_changed(farm: Partner, account: Account, sunday: date) -> None:
    Account.objects.update(terms=Account.Terms.WEEKLY)
    night = [local(sunday, time(1, 30)), local(sunday, time(1, 30)) + timedelta(hours=1.5), local(sunday, LATE)]
    for moment in (*night, local(sunday + DAY, time(0))):
        deliver(item(farm, "1.00"), region=farm.region, day=timezone.localdate(moment), at=moment, account=account)
    assert invoicing.draw_due(today=sunday, at=local(sunday, LATE)) == []
    (week,) = invoicing.draw_due(today=sunday + DAY, at=local(sunday + DAY, EARLY))
    assert (week.gross, week.period_from, week.period_until) == (Decimal(3), sunday - timedelta(days=6), sunday)


@pytest.mark.django_db
@MONTH_ENDS
def test_money_and_orders_of_the_night_count_for_the_day_on_the_wall(farm: Partner, last: date) -> None:
    after = local(last + DAY, time(0, 30))  # by UTC it is still the day before
    placed = deliver(item(farm, "5.00"), region=farm.region, day=last + DAY, at=after, method="handover", date_placed=after)
    paid = payments.settle_handover(delivery=placed, method="cash", at=after)
    assert paid is not None
    assert (paid.received_on, paid.entry.day) == (last + DAY, last + DAY)
    waiting = deliver(item(farm, "7.00"), region=farm.region, day=last + DAY, at=after, date_placed=after)
    assert OrderTerms.objects.get(order=waiting.order).method == "transfer"
    assert [one.day for one in open_items.to_come_in(region=farm.region)] == [last + DAY]
    payments.receive(order=waiting.order, amount=Decimal(9), method="transfer", received_on=last + DAY, at=after)
    days = {one.number: one.day for one in open_items_at.on(region=farm.region, day=last + DAY)}
    assert days[waiting.order.number] == last + DAY


@pytest.mark.django_db
@MONTH_ENDS
def test_a_month_can_be_closed_from_midnight_on(farm: Partner, last: date) -> None:
    delivery = deliver(item(farm, "5.00"), region=farm.region, day=last, at=local(last, LATE))
    invoicing.draw_for_order(delivery=delivery, today=last, at=local(last, LATE))
    first, by = last.replace(day=1), UserFactory.create()
    before, after = (timezone.localdate(moment) for moment in (local(last, LATE), local(last + DAY, time(0))))
    with pytest.raises(closing.ClosingRefused):
        closing.close(region=farm.region, first=first, today=before, at=local(last, LATE), by=by)
    closed = closing.close(region=farm.region, first=first, today=after, at=local(last + DAY, time(0)), by=by)
    late = payments.receive(order=delivery.order, amount=Decimal(5), method="transfer", received_on=last, at=closed.closed_at)
    assert (closed.first, closed.last) == (first, last)
    assert (late.entry.day, late.entry.fact_on, journal.balance(order=delivery.order)) == (last + DAY, last, Decimal(0))
