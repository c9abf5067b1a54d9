"""Decides how delivery windows and pickup points are offered, and which one the visitor has chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.http import HttpRequest
from django.utils.translation import gettext as _

from logistics import cooling, daytime
from logistics.models import Delivery
from logistics.windows import WindowChoice
from marketplace.core import wording

WINDOW, ROUND = "window", "round"


@dataclass(frozen=True)
class Slot:
    """A window as `components/slot_picker.html` shows it; `fee` is gross euro. With a `reason` it cannot be chosen."""

    value: int
    title: str
    line: str
    fee: Decimal
    free: int
    full: bool
    reason: str
    checked: bool


@dataclass(frozen=True)
class SlotDay:
    """The windows of one round, at the door and at pickup points."""

    round_id: int
    day: date
    cutoff_at: datetime
    home: tuple[Slot, ...]
    pickup: tuple[Slot, ...]

    @property
    def chosen(self) -> bool:
        """Whether the chosen window is among them."""
        return any(slot.checked for slot in (*self.home, *self.pickup))

    @property
    def id(self) -> str:
        """Of the heading on the page."""
        return f"runde-{self.day:%Y-%m-%d}"


def chosen_round(request: HttpRequest) -> int | None:
    """The round of the window that the visitor chose, if any."""
    key: int | None = request.session.get(ROUND)
    return key


def chosen_window(request: HttpRequest, *, choices: Sequence[WindowChoice]) -> WindowChoice | None:
    """The window that the visitor chose, as long as one can still order for it."""
    key = request.session.get(WINDOW)
    return next((choice for choice in choices if choice.window_id == key), None)


def choose(request: HttpRequest, *, choice: WindowChoice) -> None:
    """Remember the window for the basket and the checkout. Its place is taken only when the order is placed."""
    request.session[WINDOW] = choice.window_id
    request.session[ROUND] = choice.round_id


def days(*, choices: Sequence[WindowChoice], chosen: WindowChoice | None, cold: Sequence[str] = ()) -> list[SlotDay]:
    """The windows by round, the next round first; within it in the order of `choices`. `cold` goods rule some of them out."""
    rounds = dict.fromkeys(choice.round_id for choice in choices)
    return [_day([choice for choice in choices if choice.round_id == key], chosen, cold) for key in rounds]


def when(*, choice: WindowChoice) -> str:
    """`Samstag, 28. November, 10:00–12:00 Uhr`."""
    start, end = (moment.astimezone(daytime.ZONE) for moment in (choice.starts_at, choice.ends_at))
    return f"{wording.weekday_date(choice.delivery_day)}, {wording.clock_span(start, end)}"


def _day(choices: list[WindowChoice], chosen: WindowChoice | None, cold: Sequence[str]) -> SlotDay:
    first = choices[0]
    slots = [(choice.kind, _slot(choice, chosen, cold)) for choice in choices]
    return SlotDay(
        round_id=first.round_id,
        day=first.delivery_day,
        cutoff_at=first.cutoff_at,
        home=tuple(slot for kind, slot in slots if kind == Delivery.Kind.HOME),
        pickup=tuple(slot for kind, slot in slots if kind == Delivery.Kind.PICKUP),
    )


def _slot(choice: WindowChoice, chosen: WindowChoice | None, cold: Sequence[str]) -> Slot:
    start, end = (moment.astimezone(daytime.ZONE) for moment in (choice.starts_at, choice.ends_at))
    span = wording.clock_span(start, end)
    at_home = choice.kind == Delivery.Kind.HOME
    notes = [span] if not at_home else []
    notes += [choice.address, _("with cold storage") if choice.cold_storage else ""]
    return Slot(
        value=choice.window_id,
        title=span if at_home else choice.name,
        line=_("to your door") if at_home else " · ".join(note for note in notes if note),
        fee=choice.fee,
        free=choice.free,
        full=choice.free <= 0,
        reason=cooling.note(cold=cold, choice=choice),
        checked=chosen is not None and chosen.window_id == choice.window_id,
    )
