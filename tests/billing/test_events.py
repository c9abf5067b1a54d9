"""Whatever comes first, and whenever a job is killed: in the end the same is owed, and the books are in order."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing import books, corrections, credits, invoicing, journal, payments, settlements, worth
from billing.models import Account, Credit, Invoice, InvoiceLine, JournalEntry
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, DAY, NOVEMBER, deliver, item, juice
from tests.factories.market import AccountFactory, PartnerFactory, SupplyContractFactory

pytestmark = pytest.mark.django_db
EVENTS = ("door", "transfer", "credit", "draw", "correct", "settle")
cents = st.integers(100, 4000).map(lambda number: Decimal(number) / 100)
few = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Month:
    """A month of a new producer: paid at the door, paid by transfer with a complaint, and an account's."""

    def __init__(self, municipality: Any, prices: list[Decimal]) -> None:
        self.farm: Partner = PartnerFactory.create(municipality=municipality)
        SupplyContractFactory.create(partner=self.farm)
        region = self.farm.region
        goods = [item(self.farm, str(price), 2) for price in prices]
        self.account: Account = AccountFactory.create(region=region)
        self.door = deliver(*goods, juice(self.farm), region=region, fee="2.50", method="handover")
        self.transfer = deliver(*goods, region=region, fee="3.90")
        self.billed = deliver(*goods, juice(self.farm), region=region, account=self.account)

    def happen(self, event: str) -> None:
        """One thing happens, or a job runs."""
        events: dict[str, Callable[[], Any]] = {
            "door": lambda: payments.settle_handover(delivery=self.door, method="cash", at=AT),
            "transfer": lambda: payments.receive(
                order=self.transfer.order, amount=Decimal("1.50"), method="transfer", received_on=DAY, at=AT
            ),
            "credit": self._complain,
            "draw": lambda: invoicing.draw_due(today=NOVEMBER, at=AT),
            "correct": lambda: corrections.draw_due(today=NOVEMBER, at=AT),
            "settle": lambda: settlements.settle_due(today=NOVEMBER, at=AT),
        }
        events[event]()

    def _complain(self) -> None:
        line = self.transfer.order.lines.get(title="Rapshonig 0")
        value = worth.of(order=self.transfer.order).lines[line.pk]
        credits.on_line(
            order_line=line,
            pieces=1,
            goods=value.goods_of(pieces=1),
            deposit=Decimal(0),
            bearer=None,
            cause=Credit.Cause.COMPLAINT,
            key=f"complaint:{line.pk}",
            at=AT,
        )

    def finish(self) -> None:
        """Everything has happened, and the jobs have run."""
        for event in (*EVENTS, "draw", "correct"):
            self.happen(event)

    def owed(self) -> tuple[Decimal, ...]:
        """What the three customers owe and the producer is owed."""
        orders = (journal.balance(order=row.order) for row in (self.door, self.transfer))
        return (*orders, journal.balance(account=self.account), journal.balance(partner=self.farm))


@few
@given(prices=st.lists(cents, min_size=1, max_size=3), order=st.permutations(EVENTS))
def test_the_order_of_events_does_not_matter(farm: Partner, prices: list[Decimal], order: list[str]) -> None:
    straight = Month(farm.municipality, prices)
    straight.finish()
    mixed = Month(farm.municipality, prices)
    for event in order:
        mixed.happen(event)
    mixed.finish()
    assert mixed.owed() == straight.owed()
    assert mixed.owed()[0] == 0
    assert books.problems(region=farm.region, today=NOVEMBER) == []


class Killed(BaseException):
    """The process is gone: nothing that catches exceptions gets to see it."""


@contextmanager
def killed_at(number: int) -> Iterator[None]:
    """Let the database take so many statements that read or write, then end everything."""
    left = number

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        if sql.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            left -= 1
            if left < 0:
                raise Killed
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield


@few
@given(prices=st.lists(cents, min_size=1, max_size=2), number=st.integers(0, 160))
def test_a_job_killed_at_any_statement_and_run_again_makes_the_same_books(
    farm: Partner, prices: list[Decimal], number: int
) -> None:
    straight = Month(farm.municipality, prices)
    straight.happen("draw")
    straight.happen("settle")
    broken = Month(farm.municipality, prices)
    for event in ("draw", "settle"):
        try:
            with killed_at(number):
                broken.happen(event)
        except Killed:
            broken.happen(event)
    assert broken.owed() == straight.owed()
    written = (Invoice.objects.count(), InvoiceLine.objects.count(), JournalEntry.objects.count())
    broken.happen("draw")
    broken.happen("settle")
    assert (Invoice.objects.count(), InvoiceLine.objects.count(), JournalEntry.objects.count()) == written
    assert books.problems(region=farm.region, today=NOVEMBER) == []
