"""The office at two desks at once, and jobs beside it: one run, one letter, one booking of each."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum

from billing import (
    books,
    debit_runs,
    dunning_letters,
    instalments,
    invoicing,
    manual_entries,
    offsets,
    payouts,
    refunds,
    surcharges,
)
from billing.models import (
    DebitItem,
    DebitRun,
    DunnedInvoice,
    DunningLetter,
    InstalmentPlan,
    Invoice,
    JournalEntry,
    Offset,
    Payment,
    PayoutItem,
    PayoutRun,
    Refund,
    Surcharge,
)
from marketplace.core.transitions import ForbiddenTransition
from tests.billing.deliveries import AT, NOVEMBER
from tests.billing.test_killed import DECEMBER, OVERDUE, Month
from tests.billing.test_races import together
from tests.factories import ground
from tests.factories.market import UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


@pytest.fixture
def month(transactional_db: None) -> Iterator[Month]:
    """A billed and settled month; in the end its books are in order."""
    ground.lay()
    made = Month().billed().settled()
    yield made
    found = books.problems(region=made.region, today=NOVEMBER)
    assert [text for text in found if "file" not in text and "statement" not in text] == []


def one_of(*jobs: Callable[[], Any], refused: type[Exception]) -> None:
    """All at once; one gets through and the others are refused with a sentence."""
    raised = together(*jobs)
    assert [type(error) for error in raised] == [refused] * (len(jobs) - 1)
    assert all(str(error) for error in raised)


def test_two_debit_runs_at_once_are_one(month: Month) -> None:
    one_of(month.run, month.run, month.run, refused=debit_runs.DebitRefused)
    assert DebitRun.objects.get().items.count() == DebitItem.objects.count() == len(month.open_ids(month.account))
    assert Payment.objects.filter(method="debit").count() == DebitItem.objects.count()


def test_a_run_dropped_at_two_desks_is_open_again_once(month: Month) -> None:
    run = month.run()

    def drop() -> None:
        debit_runs.drop(run=run, today=NOVEMBER, at=AT, by=None)

    assert together(drop, drop, drop) == []
    assert JournalEntry.objects.filter(kind="return").count() == run.items.count()


def test_two_runs_of_reminders_at_once_send_one_letter_each(month: Month) -> None:
    month.remind(OVERDUE)
    letters = DunningLetter.objects.count()
    later = OVERDUE + timedelta(days=8)
    one_of(lambda: month.remind(later), lambda: month.remind(later), refused=dunning_letters.LetterRefused)
    assert DunningLetter.objects.count() == 2 * letters
    levels = DunnedInvoice.objects.values_list("invoice", "level")
    assert len(levels) == len(set(levels))
    charged = Surcharge.objects.values_list("invoice", "kind")
    assert len(charged) == len(set(charged)) > 0


def test_charges_let_off_at_two_desks_are_let_off_once(month: Month) -> None:
    month.remind(OVERDUE)
    month.remind(OVERDUE + timedelta(days=8))
    charged = Invoice.objects.filter(surcharges__isnull=False).earliest("pk")

    def let_off() -> None:
        surcharges.let_off(invoice=charged, today=DECEMBER, at=AT, by=None)

    one_of(let_off, let_off, refused=surcharges.LetOffRefused)
    assert charged.surcharges.aggregate(sum=Sum("amount"))["sum"] == 0


def test_two_payout_runs_at_once_are_one(month: Month) -> None:
    one_of(month.payout, month.payout, refused=payouts.PayoutRefused)
    assert PayoutRun.objects.get().items.count() == PayoutItem.objects.count() == 3


def test_the_bank_tells_of_a_run_twice_at_once(month: Month) -> None:
    run = month.payout()
    told = month.statement((f"-{run.total}", f"SEPA Sammler {run.number}"))
    assert together(told, told) == []
    assert Payment.objects.filter(invoice__partner__isnull=False).count() == 3


def test_credit_is_used_once_while_invoices_are_drawn_and_money_goes_back(month: Month) -> None:
    month.overpaid()
    credit = offsets.available(account=month.account)
    told: dict[str, Any] = {"method": "transfer", "paid_on": DECEMBER, "at": AT}
    jobs: tuple[Callable[[], Any], ...] = (
        lambda: offsets.use_due(today=DECEMBER, at=AT),
        lambda: offsets.use_due(today=DECEMBER, at=AT),
        lambda: invoicing.draw_due(today=DECEMBER, at=AT),
        lambda: refunds.pay_back_account(account=month.account, **told),
    )
    assert together(*jobs) == []
    used = Offset.objects.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    back = Refund.objects.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    assert used + back + offsets.available(account=month.account) == credit > 0


def test_two_plans_for_one_invoice_at_once_are_one(month: Month) -> None:
    told: dict[str, Any] = {"rates": 3, "first_due": DECEMBER, "today": NOVEMBER, "at": AT, "by": None}
    ids = month.open_ids(month.other)

    def agree() -> None:
        instalments.agree(region=month.region, invoice_ids=ids, **told)

    one_of(agree, agree, refused=instalments.PlanRefused)
    assert InstalmentPlan.objects.count() == 1


def test_one_proposal_approved_at_two_desks_is_booked_once(month: Month) -> None:
    one, other = UserFactory.create_batch(2)
    told: dict[str, Any] = {"reason": "verzogen", "day": NOVEMBER, "at": AT, "by": one}
    entry = manual_entries.propose_write_off(invoice=month.of_order(), **told)

    def approve() -> None:
        manual_entries.approve(entry=entry, at=AT, by=other)

    one_of(approve, approve, refused=ForbiddenTransition)
    assert JournalEntry.objects.filter(kind="write_off").count() == 1
