"""The check of the books names what does not fit, even when somebody switched the triggers off."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from billing import bank_lines, books, closing, invoicing, payments, payouts, settlements
from billing.models import BankLine, Invoice
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, DAY, NOVEMBER, OCTOBER, deliver, item
from tests.factories.market import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def month(farm: Partner) -> Partner:
    """October with a cash payment, one by the bank, a payout that the bank carried out, and the month closed."""
    one = deliver(item(farm, "10.70"), region=farm.region, method="handover")
    two = deliver(item(farm, "7.00"), region=farm.region)
    drawn = [invoicing.draw_for_order(delivery=one, today=DAY, at=AT), invoicing.draw_for_order(delivery=two, today=DAY, at=AT)]
    payments.settle_handover(delivery=one, method="cash", at=AT)
    settlements.settle_due(today=NOVEMBER, at=AT)
    Partner.objects.filter(pk=farm.pk).update(iban="DE02120300000000202051")
    farm.region.iban = "DE89370400440532013000"
    farm.region.save()
    settled = Invoice.objects.get(partner=farm)
    told: dict[str, Any] = {"region": farm.region, "imported_at": AT}
    incoming = BankLine.objects.create(key="a", booked_on=DAY, amount=Decimal("7.00"), **told)
    outgoing = BankLine.objects.create(key="b", booked_on=NOVEMBER, amount=-settled.gross, **told)
    assert drawn[1] is not None
    bank_lines.assign(line=incoming, item_key=f"invoice:{drawn[1].pk}", at=AT, by=None)
    payouts.draw_up(
        region=farm.region, settlement_ids=[settled.pk], execution_on=NOVEMBER, today=NOVEMBER, at=AT, by=UserFactory.create()
    )
    bank_lines.assign(line=outgoing, item_key=f"credit_note:{settled.pk}", at=AT, by=None)
    closing.close(region=farm.region, first=OCTOBER[0], today=NOVEMBER, at=AT, by=UserFactory.create())
    return farm


@pytest.fixture
def tamper() -> Callable[[str], None]:
    """Write to the tables as somebody could who owns them."""

    def write(statement: str) -> None:
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(statement)
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")

    return write


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE billing_payment SET amount = amount + 1 WHERE method = 'cash'", "its entry"),
        ("UPDATE billing_bankline SET amount = amount + 1 WHERE key = 'a'", "Bank line"),
        ("UPDATE billing_payoutrun SET total = total + 1", "Payout AZ-2026-000001 says"),
        ("DELETE FROM billing_payment WHERE method = 'cash'", "has no payment"),
        ("UPDATE billing_journalentry SET booked_at = '2026-12-24' WHERE kind = 'invoice'", "after it was closed"),
        ("UPDATE billing_posting SET amount = -amount WHERE ledger = 'cash'", "less than nothing in the till"),
    ],
)
def test_what_was_changed_is_named(month: Partner, tamper: Callable[[str], None], statement: str, said: str) -> None:
    assert books.problems(region=month.region, today=NOVEMBER) == []
    tamper(statement)
    assert any(said in text for text in books.problems(region=month.region, today=NOVEMBER))
