"""Takes declarations that a standing order is to end (section 312k BGB): without a login, kept as made, receipted at once.

What the declaration names is ended when it can be found by e-mail address and number, and nobody learns from the answer whether
it was found. The receipt says what ended, to the address of the account.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.db import transaction

from logistics import daytime
from marketplace.core import audit
from marketplace.regions.models import Region
from marketplace.standing import signals
from marketplace.standing.models import Ending, StandingOrder
from marketplace.users.models import User

#: how a number reads in what people write
NUMBER = re.compile(r"\b(?:D[-\s]?)?([A-Z0-9]{4})-([A-Z0-9]{4})\b")


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """Who ends what, from when on (None: as soon as possible), and on which ground."""

    name: str
    email: str
    contract: str
    kind: str = Ending.Kind.ORDINARY
    reason: str = ""
    ends_on: date | None = None


@transaction.atomic
def declare(*, region: Region, declaration: Declaration, at: datetime) -> Ending:
    """Keep the declaration with its moment and end what it names. A day in the future ends it when that day has come."""
    entry = Ending.objects.create(region=region, declared_at=at, **vars(declaration))
    if entry.ends_on is None or entry.ends_on <= daytime.day_of(at):
        _carry_out(entry=entry, at=at)
    transaction.on_commit(partial(signals.ended.send, sender=Ending, ending_id=entry.pk), robust=True)
    return entry


@transaction.atomic
def end(*, standing: StandingOrder, at: datetime, by: User) -> Ending:
    """The customer ends one from the account; receipted like a declaration without a login. Twice is once."""
    known = Ending.objects.filter(ended=standing).order_by("pk").first()
    if known is not None:
        return known
    name = f"{standing.first_name} {standing.last_name}".strip()
    entry = Ending.objects.create(
        region_id=standing.region_id, name=name, email=by.email, contract=standing.number, declared_at=at
    )
    _end(entry=entry, standing=standing, at=at, by=by)
    transaction.on_commit(partial(signals.ended.send, sender=Ending, ending_id=entry.pk), robust=True)
    return entry


def carry_out_due(*, at: datetime) -> int:
    """End what was to end on a day that has come; says how many declarations."""
    waiting = Ending.objects.filter(ends_on__lte=daytime.day_of(at), ends_on__isnull=False, ended__isnull=True)
    due = [entry for entry in waiting.order_by("pk") if _meant(entry)]
    for entry in due:
        with transaction.atomic():
            _carry_out(entry=entry, at=at)
    return len(due)


def without_receipt() -> list[int]:
    """Declarations whose receipt is due, the oldest first."""
    return list(Ending.objects.filter(receipted_at__isnull=True).order_by("pk").values_list("pk", flat=True))


def _carry_out(*, entry: Ending, at: datetime) -> None:
    for standing in _meant(entry):
        _end(entry=entry, standing=standing, at=at, by=None)


def _meant(entry: Ending) -> list[StandingOrder]:
    """The running standing orders of the owner of the address that the text names; all of them when it names no number."""
    mine = StandingOrder.objects.running().filter(region_id=entry.region_id, user__email__iexact=entry.email)
    named = [f"D-{first}-{second}" for first, second in NUMBER.findall(entry.contract.upper())]
    return list((mine.filter(number__in=named) if named else mine).order_by("pk"))


def _end(*, entry: Ending, standing: StandingOrder, at: datetime, by: User | None) -> None:
    locked = StandingOrder.objects.select_for_update(of=("self",), no_key=True).get(pk=standing.pk)
    entry.ended.add(locked)
    if locked.ended_at is None:
        locked.ended_at = at
        locked.save(update_fields=["ended_at"])
        audit.record(action="standing.ended", target=locked, at=at, by=by)
