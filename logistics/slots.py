"""Decides how windows are offered to choose from, as cards by day: at the door, at pickup points, at farms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from logistics import daytime
from logistics import goods as suitable
from logistics.goods import Goods
from logistics.models import Delivery
from logistics.windows import WindowChoice
from marketplace.core import wording

Kind = Delivery.Kind
#: so many delivery days are shown at once
DAYS_AT_ONCE = 2


@dataclass(frozen=True)
class Slot:
    """A window as `components/slot_picker.html` shows it; `fee` is gross euro. With a `reason` it cannot be chosen.

    `kept` says that a place is kept for the visitor, `waits` that he is on the waiting list.
    """

    value: int
    kind: str
    title: str
    line: str
    fee: Decimal
    free: int
    full: bool
    reason: str
    checked: bool
    kept: bool
    waits: bool


@dataclass(frozen=True)
class SlotDay:
    """The windows of one round. `later` ones are folded away at first."""

    round_id: int
    day: date
    cutoff_at: datetime
    slots: tuple[Slot, ...]
    later: bool

    @property
    def home(self) -> tuple[Slot, ...]:
        """Those at the door."""
        return self._of(Kind.HOME)

    @property
    def pickup(self) -> tuple[Slot, ...]:
        """Those at pickup points."""
        return self._of(Kind.PICKUP)

    @property
    def farm(self) -> tuple[Slot, ...]:
        """Those at farms."""
        return self._of(Kind.FARM)

    @property
    def chosen(self) -> bool:
        """Whether the chosen window is among them."""
        return any(slot.checked for slot in self.slots)

    @property
    def id(self) -> str:
        """Of the heading on the page."""
        return f"runde-{self.day:%Y-%m-%d}-{self.round_id}"

    def _of(self, kind: str) -> tuple[Slot, ...]:
        return tuple(slot for slot in self.slots if slot.kind == kind)


def days(*, choices: Sequence[WindowChoice], chosen: int | None, goods: Goods = suitable.NOTHING) -> list[SlotDay]:
    """The windows by round, the next round first; within it in the order of `choices`. The `goods` rule some of them out."""
    rounds: dict[int, list[WindowChoice]] = {}
    for choice in choices:
        rounds.setdefault(choice.round_id, []).append(choice)
    return [_day(found, chosen, goods, number >= DAYS_AT_ONCE) for number, found in enumerate(rounds.values())]


def when(*, choice: WindowChoice) -> str:
    """`Samstag, 28. November, 10:00–12:00 Uhr`."""
    return f"{wording.weekday_date(choice.delivery_day)}, {_span(choice)}"


def _day(choices: Sequence[WindowChoice], chosen: int | None, goods: Goods, later: bool) -> SlotDay:
    first = choices[0]
    return SlotDay(
        round_id=first.round_id,
        day=first.delivery_day,
        cutoff_at=first.cutoff_at,
        slots=tuple(_slot(choice, chosen, goods) for choice in choices),
        later=later,
    )


def _slot(choice: WindowChoice, chosen: int | None, goods: Goods) -> Slot:
    at_home = choice.kind == Kind.HOME
    return Slot(
        value=choice.window_id,
        kind=choice.kind,
        title=_span(choice) if at_home else choice.name,
        line=" ".join(_brought(choice)) if at_home else " · ".join(_about(choice)),
        fee=choice.fee,
        free=choice.free,
        full=choice.free <= 0,
        reason=suitable.note(goods=goods, choice=choice),
        checked=choice.window_id == chosen,
        kept=choice.kept,
        waits=choice.waits,
    )


def _brought(choice: WindowChoice) -> list[str]:
    """What to know about goods that come to the door."""
    told = [_("We bring it to your door.")]
    if choice.depends:
        told.append(_("The fee depends on your village."))
    elif choice.free_from is not None:
        told.append(_("Free of charge from %(amount)s.") % {"amount": wording.euro(choice.free_from)})
    return told


def _about(choice: WindowChoice) -> list[str]:
    """When and where one fetches it, and what to know about the place."""
    cold = ""
    if choice.kind == Kind.PICKUP:
        cold = _("cold storage") if choice.cold_storage else _("no cold storage")
    told = (_span(choice), choice.address, choice.access_note.rstrip("."), cold)
    return [text for text in told if text]


def _span(choice: WindowChoice) -> str:
    start, end = (moment.astimezone(daytime.ZONE) for moment in (choice.starts_at, choice.ends_at))
    return wording.clock_span(start, end)
