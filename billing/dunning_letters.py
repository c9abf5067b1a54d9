"""Draws the letters: each overdue invoice reaches each level once, and what that costs is charged and booked with it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from billing import arrears, base_rates, dunning, dunning_paper, numbers, surcharges
from billing.base_rates import BaseRates
from billing.dunning import Proposal, Step
from billing.models import DunnedInvoice, DunningLetter
from marketplace.core import audit
from marketplace.regions.models import Region
from marketplace.users.models import User


class LetterRefused(Exception):
    """The letters cannot be drawn; the message is for the office."""


@transaction.atomic
def draw(
    *, region: Region, keys: Collection[str], today: date, at: datetime, by: User | None, disputed: Mapping[int, str]
) -> list[DunningLetter]:
    """Draw the letters to the customers of these keys (`dunning.due`). What was paid meanwhile is left out.

    Drawing them again finds nothing due. Raises `LetterRefused` when none is left.
    """
    numbers.lock_books(region=region)
    due = dunning.due(region=region, today=today, disputed=disputed)
    chosen = [one for one in due if one.key in keys and not one.stopped and not one.over]
    if not chosen:
        raise LetterRefused(_("Nobody is left to be reminded. Please look at the list again."))
    known, rates = dunning.steps(region=region), base_rates.load()
    return [_draw(region, one, known[one.level], rates, today, at, by) for one in chosen]


def previews(*, proposals: Sequence[Proposal], known: Mapping[int, Step], rates: BaseRates, today: date) -> dict[str, Decimal]:
    """What letters would charge at these levels and rates, in euro, by the key of the customer. One query for any number."""
    if not any(one.level > 1 for one in proposals):  # the first letter is free
        return {}
    facts = arrears.load(invoices=[item.invoice for one in proposals for item in one.items])
    return {
        one.key: arrears.total(facts.charges(proposal=one, step=known[one.level], rates=rates, today=today)) for one in proposals
    }


def _draw(
    region: Region, proposal: Proposal, step: Step, rates: BaseRates, today: date, at: datetime, by: User | None
) -> DunningLetter:
    facts = arrears.load(invoices=[item.invoice for item in proposal.items])
    charges = facts.charges(proposal=proposal, step=step, rates=rates, today=today)
    first = proposal.items[0].invoice
    letter = DunningLetter(
        region=region,
        account_id=first.account_id,
        order_id=None if first.account_id else first.order_id,
        number=_number(region, today.year),
        level=step.level,
        day=today,
        pay_by=today + timedelta(days=step.days_to_pay),
        total=proposal.left + arrears.total(charges),
        made_at=at,
        made_by=by,
    )
    added = [(one.invoice.pk, str(one.kind), one.amount) for one in charges]
    letter.content = dunning_paper.content(letter=letter, proposal=proposal, charges=added)
    letter.save(force_insert=True)
    DunnedInvoice.objects.bulk_create(
        DunnedInvoice(letter=letter, invoice=item.invoice, level=item.level, left=item.left)
        for item in proposal.items
        if item.is_due
    )
    for one in charges:
        surcharges.charge(
            invoice=one.invoice,
            kind=one.kind,
            amount=one.amount,
            key=f"letter:{letter.pk}:{one.invoice.pk}:{one.kind}",
            day=today,
            at=at,
            letter=letter,
            until=one.until,
        )
    told = {"level": step.level, "total": str(letter.total)}
    audit.record(action="dunning_letter.drawn", target=letter, at=at, by=by, new=told)
    return letter


def _number(region: Region, year: int) -> str:
    return f"MA-{year}-{DunningLetter.objects.filter(region=region, day__year=year).count() + 1:06d}"
