"""What the office decides about reminders: their steps, the base rate, and what rests for a while."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from billing import base_rates, dunning, dunning_letters, instalments, open_items
from billing.dunning import Proposal, Step
from billing.instalments import State
from billing.models import Account, BaseRate, DunningLetter, DunningLevel, DunningStop, Invoice
from marketplace.aftersales import disputed
from marketplace.core import audit, money, wording
from marketplace.regions.models import Region
from marketplace.users.models import User

MOST = 40


class StopRefused(Exception):
    """It rests already, or is not known; the message is for the office."""


@dataclass(frozen=True)
class Row:
    """A proposal with what its letter would charge, in euro."""

    proposal: Proposal
    charge: Decimal


def proposals(*, region: Region, today: date) -> list[Row]:
    """Who can be reminded today, and who would be if nothing stopped it."""
    rows = dunning.due(region=region, today=today, disputed=disputed.orders(region=region))
    ready = [row for row in rows if not row.stopped and not row.over]
    costs = dunning_letters.previews(proposals=ready, region=region, today=today)
    return [Row(row, costs.get(row.key, money.ZERO)) for row in rows]


def letters(*, region: Region) -> QuerySet[DunningLetter]:
    """The newest first."""
    rows = DunningLetter.objects.filter(region=region).defer("pdf").select_related("account", "order")
    return rows.order_by("-day", "-pk")[:MOST]


def stops(*, region: Region) -> QuerySet[DunningStop]:
    """What rests by somebody's word."""
    rows = DunningStop.objects.filter(region=region, lifted_at__isnull=True)
    return rows.select_related("invoice", "account", "made_by").order_by("-made_at", "-pk")


def plans(*, region: Region) -> list[State]:
    """The instalments that run."""
    return [instalments.state_of(plan=plan) for plan in instalments.running(region=region)]


def open_invoices(*, region: Region) -> list[tuple[int, str]]:
    """What could be paid in instalments, in words."""
    rows = open_items.unpaid(documents=Invoice.objects.filter(region=region)).select_related("account", "order")
    return [(row.pk, f"{row.number} · {open_items.whom(row)} · {wording.euro(row.left)}") for row in rows.order_by("number")]


def missing_rate(*, today: date) -> date | None:
    """The first day of the half-year of which no base rate is on file; None when it is."""
    return None if base_rates.load().on(today) is not None else base_rates.half_year(today)


@transaction.atomic
def keep_steps(*, region: Region, steps: Iterable[Step], at: datetime, by: User | None) -> None:
    """Remember the levels."""
    for step in steps:
        told = {"days": step.days, "days_to_pay": step.days_to_pay, "fee": step.fee}
        DunningLevel.objects.update_or_create(region=region, level=step.level, defaults=told)
        new = {key: str(value) for key, value in told.items()}
        audit.record(action="dunning_level.kept", target=region, at=at, by=by, new={"level": step.level, **new})


@transaction.atomic
def keep_rate(*, percent: Decimal, today: date, at: datetime, by: User | None) -> BaseRate:
    """Enter the base rate of this half-year."""
    rate, _created = BaseRate.objects.update_or_create(
        valid_from=base_rates.half_year(today), defaults={"percent": percent, "source": base_rates.SOURCE}
    )
    audit.record(action="base_rate.kept", target=rate, at=at, by=by, new={"percent": str(percent)})
    return rate


@transaction.atomic
def stop(*, region: Region, what: str, reason: str, at: datetime, by: User | None) -> DunningStop:
    """Let an invoice ("invoice:7") or all of an account ("account:3") rest, and say why. Raises `StopRefused`."""
    kind, _colon, number = what.partition(":")
    target: dict[str, Any] = {f"{kind}_id": int(number)}
    known: QuerySet[Any] = Invoice.objects.all() if kind == "invoice" else Account.objects.all()
    if not known.filter(pk=number, region=region).exists():
        raise StopRefused(_("That is not known."))
    try:
        with transaction.atomic():
            made = DunningStop.objects.create(region=region, reason=reason, made_at=at, made_by=by, **target)
    except IntegrityError as error:
        raise StopRefused(_("It rests already.")) from error
    audit.record(action="dunning.stopped", target=made, at=at, by=by, new={"what": what, "reason": reason})
    return made


@transaction.atomic
def lift(*, stop: DunningStop, at: datetime, by: User | None) -> None:
    """The reminders go on where they were. Again changes nothing."""
    row = DunningStop.objects.select_for_update(of=("self",)).get(pk=stop.pk)
    if row.lifted_at is None:
        row.lifted_at, row.lifted_by = at, by
        row.save(update_fields=["lifted_at", "lifted_by"])
        audit.record(action="dunning.resumed", target=row, at=at, by=by)
