"""Decides what the board of the coming delivery round says: when, until when one can order, and where places are left."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from logistics import slots, windows
from logistics.windows import WindowChoice
from marketplace.core import wording
from marketplace.regions.models import Municipality, Region
from marketplace.shop import offered
from marketplace.shop.offered import Offered


@dataclass(frozen=True, kw_only=True)
class RoundWish:
    """The coming rounds, at most `count` of them."""

    count: int = 1


@dataclass(frozen=True, kw_only=True)
class RoundSign:
    """One round: its day, until when one can order (`deadline`), and its windows with the places that are left."""

    title: str
    day: date
    deadline: datetime
    deadline_text: str
    left: str
    detail: str
    home: tuple[slots.Slot, ...]
    pickup: tuple[slots.Slot, ...]
    anchor: str


@dataclass(frozen=True, kw_only=True)
class Board:
    """The coming rounds, or since none is open, when one can order again."""

    signs: tuple[RoundSign, ...]
    reopens: str


@dataclass(frozen=True, kw_only=True)
class Now:
    """The rounds one can order for at this moment, and their windows."""

    offered: Offered
    choices: tuple[WindowChoice, ...]


def now(*, region: Region, village: Municipality | None, at: datetime, round_id: int | None) -> Now:
    """Two queries (a third one, while all is shut, finds when ordering begins again)."""
    rounds = offered.offered(region=region, at=at, chosen_round=round_id)
    choices = windows.choices(region=region, municipality=village, at=at) if rounds.open else []
    return Now(offered=rounds, choices=tuple(choices))


def board(*, now: Now, wish: RoundWish, at: datetime) -> Board:
    """The first `wish.count` rounds."""
    days = {day.round_id: day for day in slots.days(choices=now.choices, chosen=None)}
    signs = tuple(
        RoundSign(
            title=_("Delivery round %(day)s") % {"day": wording.weekday_date(row.delivery_day)},
            day=row.delivery_day,
            deadline=row.cutoff_at,
            deadline_text=offered.deadline_text(delivery_round=row),
            left=offered.left_text(delivery_round=row, at=at),
            detail=_detail(days.get(row.pk)),
            home=days[row.pk].home if row.pk in days else (),
            pickup=days[row.pk].pickup if row.pk in days else (),
            anchor=days[row.pk].id if row.pk in days else "",
        )
        for row in now.offered.open[: wish.count]
    )
    return Board(signs=signs, reopens="" if signs else offered.reopens_text(opens_next=now.offered.opens_next))


def _detail(day: slots.SlotDay | None) -> str:
    """How it comes, in one sentence."""
    if day is None:
        return ""
    points = len({slot.title for slot in day.pickup})
    if day.home and points:
        text = ngettext("To your door or to a pickup point.", "To your door or to one of %(number)s pickup points.", points)
        return text % {"number": points}
    if day.home:
        return _("To your door.")
    return ngettext("To a pickup point.", "To one of %(number)s pickup points.", points) % {"number": points}
