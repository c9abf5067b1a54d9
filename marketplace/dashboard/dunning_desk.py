"""What the office decides about reminders: their steps, the base rate, and what rests for a while."""

from collections.abc import Iterable, Mapping, Sequence
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


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What the page of reminders shows: proposals, what rests by somebody's word, the levels;
    `missing` is the first day of the half-year of which no base rate is on file, None when it is."""

    rows: list[Row]
    stops: Sequence[DunningStop]
    steps: Mapping[int, Step]
    plans: Sequence[State]
    missing: date | None


def read(*, region: Region, today: date) -> Desk:
    """Who can be reminded today, who would be if nothing stopped it, and what that rests on. At most nine queries."""
    known, rates = dunning.steps(region=region), base_rates.load()
    stops = list(dunning.standing_stops(region=region))
    told = disputed.orders(region=region)
    found = dunning.due(region=region, today=today, disputed=told, known=known, stops=stops)
    ready = [row for row in found if not row.stopped and not row.over]
    costs = dunning_letters.previews(proposals=ready, known=known, rates=rates, today=today)
    return Desk(
        rows=[Row(row, costs.get(row.key, money.ZERO)) for row in found],
        stops=stops,
        steps=known,
        plans=instalments.running(region=region),
        missing=None if rates.on(today) is not None else base_rates.half_year(today),
    )


def letters(*, region: Region) -> QuerySet[DunningLetter]:
    """The newest first."""
    rows = DunningLetter.objects.filter(region=region).defer("pdf").select_related("account", "order")
    return rows.order_by("-day", "-pk")[:MOST]


def open_invoices(*, region: Region) -> list[tuple[int, str]]:
    """What could be paid in instalments, in words."""
    rows = open_items.unpaid(documents=Invoice.objects.filter(region=region)).select_related("account", "order")
    return [(row.pk, f"{row.number} · {open_items.whom(row)} · {wording.euro(row.left)}") for row in rows.order_by("number")]


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
