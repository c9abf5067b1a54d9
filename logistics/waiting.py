"""Decides who gets a place that becomes free in a full window: the longest waiting first, by an offer that runs out.

Who waits without an account is in the line once the address is confirmed, at the place of the first wish. An offered place counts
as taken until it is used or has run out; whoever got one and gives it up is off the list. Locks: round, window, entries.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from logistics import address_links, signals, spaces, windows
from logistics.crates import LEAST
from logistics.models import DeliveryRound, DeliveryWindow, Reservation, WaitingEntry
from logistics.rounds import RoundClosed
from logistics.spaces import Taken
from logistics.windows import WindowFull
from marketplace.basket.models import Basket
from marketplace.core.transitions import lock_for

logger = logging.getLogger(__name__)
Status = WaitingEntry.Status
LONG, SHORT = timedelta(hours=24), timedelta(hours=2)
#: later than this before the cut-off nobody is offered anything any more
TOO_LATE = timedelta(minutes=30)
#: so long after the delivery day nobody's address is kept
KEPT = timedelta(days=7)
SALT = "logistics.waiting"


class BadLink(Exception):
    """The link was never given out by us."""


@dataclass(frozen=True, kw_only=True)
class Queue:
    """The waiting list of one window as the office sees it; `reason` says why nobody is moved up at present."""

    window: DeliveryWindow
    entries: Sequence[WaitingEntry]
    reason: str

    @property
    def offered(self) -> int:
        """Places that are kept for somebody on the list."""
        return sum(entry.status == Status.OFFERED for entry in self.entries)


def enter(*, window: DeliveryWindow, email: str, user: Any, at: datetime) -> WaitingEntry:
    """Put somebody on the list of a window, `user` may be anonymous; who is on it already keeps the place in the line.

    Raises `RoundClosed` when nobody can order for the window any more.
    """
    if window.round.status != DeliveryRound.Status.OPEN or at >= window.round.cutoff_at:
        raise RoundClosed(_("Orders for this delivery day are no longer possible. Please choose another one."))
    known = user is not None and user.is_authenticated
    entry = WaitingEntry(window=window, email=email.lower(), user=user if known else None, entered_at=at)
    entry.confirmed_at = at if known else None
    WaitingEntry.objects.bulk_create([entry], ignore_conflicts=True)
    if known:
        WaitingEntry.objects.filter(window=window, email=email.lower(), confirmed_at__isnull=True).update(confirmed_at=at)
    return WaitingEntry.objects.get(window=window, email=email.lower(), status__in=(Status.WAITING, Status.OFFERED))


def confirm(*, entry_id: int, at: datetime) -> WaitingEntry | None:
    """The owner of the address wants it; None when it has been forgotten or has ended meanwhile."""
    known = WaitingEntry.objects.filter(pk=entry_id, status__in=(Status.WAITING, Status.OFFERED))
    if known.filter(confirmed_at__isnull=True).update(confirmed_at=at):
        window_id = known.values_list("window_id", flat=True).get()
        transaction.on_commit(partial(signals.place_freed.send, sender=WaitingEntry, window_id=window_id), robust=True)
    return known.select_related("window__round", "window__pickup_point", "window__partner").first()


@transaction.atomic
def leave(*, entry: WaitingEntry, at: datetime) -> bool:
    """Take somebody off the list and give an offered place on; False when the entry had ended before.

    A place that is kept in a running checkout ends with it.
    """
    _lock_window(entry.window_id)
    now = WaitingEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if now.status not in (Status.WAITING, Status.OFFERED):
        return False
    if Reservation.objects.filter(offer=now).exists():
        WaitingEntry.objects.filter(pk=now.pk).update(expires_at=at)
        return True
    offered = now.status == Status.OFFERED
    _step(now, Status.WITHDRAWN, at)
    if offered:
        windows.release_place(window=now.window)
        spaces.exchange(before=_least(now.window_id), after=None)
    return True


def advance(*, at: datetime) -> int:
    """Take back offers that have run out, offer what is free, and end the lists of rounds that are closed; says how many moved.

    Each window in its own transaction; safe to run twice, and late.
    """
    moved = 0
    for pk in _windows_due(at):
        try:
            moved += move_up(window_id=pk, at=at)
        except Exception:
            logger.exception("The waiting list of window %s could not be moved up; it stays due.", pk)
    return moved


@transaction.atomic
def move_up(*, window_id: int, at: datetime) -> int:
    """The same for one window; says how many entries have changed."""
    window = _lock_window(window_id)
    if window is None:
        return 0
    entries = WaitingEntry.objects.select_for_update(of=("self",)).filter(window=window)
    over = entries.filter(status=Status.OFFERED, expires_at__lte=at, reservation__isnull=True).order_by("pk")
    expired = [_expire(entry, window, at) for entry in over]
    waiting = entries.filter(status=Status.WAITING).order_by("entered_at", "pk")
    if not _running(window.round, at):
        return len(expired) + len([_step(entry, Status.EXPIRED, at) for entry in waiting])
    line = waiting.filter(confirmed_at__isnull=False)
    until = _until(window.round, at)
    if until is None:
        return len(expired)
    free = window.capacity - window.taken + len(expired)
    room = spaces.left_for_least(window_id=window.pk) if free > 0 and line.exists() else None
    free = free if room is None else min(free, room)
    offered = [_offer(entry, window, at, until) for entry in line[: max(free, 0)]]
    return len(expired) + len(offered)


def forget(*, at: datetime) -> int:
    """Delete what was kept of people who waited for a window that is over, and addresses nobody confirmed; says how many."""
    over, _by_model = WaitingEntry.objects.filter(window__ends_at__lt=at - KEPT).delete()
    stale = WaitingEntry.objects.filter(confirmed_at__isnull=True, asked_back_at__lt=at - address_links.GOOD_FOR)
    return over + stale.delete()[0]


def offer_for(*, window_ids: Sequence[int], entry_id: int | None, user: Any, at: datetime) -> list[WaitingEntry]:
    """The offers of these windows that are meant for a visitor, whom the link in the mail (`entry_id`) or his login tells."""
    open_ones = WaitingEntry.objects.filter(window__in=window_ids, status=Status.OFFERED, expires_at__gt=at)
    known = user is not None and user.is_authenticated
    by_link = open_ones.filter(pk=entry_id or 0)
    mine = by_link | open_ones.filter(user=user) if known else by_link
    return list(mine.order_by("pk"))


def claimable(*, offer: WaitingEntry | None, window: DeliveryWindow, basket: Basket, at: datetime) -> WaitingEntry | None:
    """The offer, if its place can be had by this basket in this window. Raises `WindowFull` while another checkout has it."""
    if offer is None or offer.window_id != window.pk:
        return None
    now = WaitingEntry.objects.filter(pk=offer.pk, status=Status.OFFERED).first()
    used = Reservation.objects.filter(offer=offer).exclude(basket=basket).first()
    if used is not None:
        raise WindowFull(_("Your place is kept in another checkout at the moment, perhaps on another device of yours."))
    mine = Reservation.objects.filter(offer=offer, basket=basket).exists()
    return now if now is not None and (mine or (now.expires_at and now.expires_at > at)) else None


def claim(*, entry: WaitingEntry, basket: Basket, at: datetime) -> None:
    """Keep the offer for a checkout that is under way, once nobody can end it any more. Raises `WindowFull` if it just ended."""
    now = WaitingEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if claimable(offer=now, window=now.window, basket=basket, at=at) is None:
        raise WindowFull(_("The offer of this place has run out. Please choose another time."))


def take_up(*, entry_id: int, at: datetime) -> None:
    """The place of the offer is an order's now."""
    _step(lock_for(row=WaitingEntry.objects.get(pk=entry_id), to=Status.TAKEN), Status.TAKEN, at)


def take_directly(*, entry_id: int, window: DeliveryWindow, at: datetime) -> None:
    """An order that was placed before moves to the place of the offer. Raises `WindowFull` when the offer is over or in use."""
    entry = WaitingEntry.objects.select_for_update(of=("self",)).filter(pk=entry_id, window=window).first()
    good = entry is not None and entry.status == Status.OFFERED and entry.expires_at is not None and entry.expires_at > at
    if entry is None or not good or Reservation.objects.filter(offer=entry).exists():
        raise WindowFull(_("The offer of this place has run out. Please choose another time."))
    _step(entry, Status.TAKEN, at)


def queues(*, delivery_round: DeliveryRound, at: datetime) -> list[Queue]:
    """The lists of a round that somebody is on, with the reason why nobody moves up. One query."""
    rows = WaitingEntry.objects.filter(window__round=delivery_round, status__in=(Status.WAITING, Status.OFFERED))
    by_window: dict[DeliveryWindow, list[WaitingEntry]] = {}
    rows = rows.filter(confirmed_at__isnull=False)
    for entry in rows.select_related("window__pickup_point", "window__partner").order_by("window", "entered_at", "pk"):
        by_window.setdefault(entry.window, []).append(entry)
    return [
        Queue(window=window, entries=tuple(entries), reason=_reason(window, entries, delivery_round, at))
        for window, entries in by_window.items()
    ]


def sign(*, entry: WaitingEntry) -> str:
    """What the links in the mail to this entry hold."""
    return signing.Signer(salt=SALT).sign_object([entry.pk])


def read(*, token: str) -> WaitingEntry:
    """The entry that a link is for, with window and round; it may have ended. Raises `BadLink`."""
    try:
        (pk,) = signing.Signer(salt=SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadLink from error
    found = WaitingEntry.objects.select_related("window__round__region__site", "window__pickup_point", "window__partner")
    entry = found.filter(pk=pk).first()
    if entry is None:
        raise BadLink
    return entry


def _windows_due(at: datetime) -> list[int]:
    waiting = WaitingEntry.objects.filter(status=Status.WAITING)
    free = waiting.filter(window__taken__lt=F("window__capacity"), confirmed_at__isnull=False)
    ended = waiting.filter(window__round__cutoff_at__lte=at) | waiting.exclude(window__round__status=DeliveryRound.Status.OPEN)
    over: QuerySet[WaitingEntry] = WaitingEntry.objects.filter(status=Status.OFFERED, expires_at__lte=at)
    keys = {key for found in (free, ended, over) for key in found.values_list("window_id", flat=True)}
    return sorted(keys)


def _lock_window(pk: int) -> DeliveryWindow | None:
    rows = DeliveryWindow.objects.select_for_update(of=("self",), no_key=True).select_related("round")
    return rows.filter(pk=pk).first()


def _running(delivery_round: DeliveryRound, at: datetime) -> bool:
    return delivery_round.status == DeliveryRound.Status.OPEN and at < delivery_round.cutoff_at


def _until(delivery_round: DeliveryRound, at: datetime) -> datetime | None:
    """Until when an offer made now is good; None when it is too late for one."""
    left = delivery_round.cutoff_at - at
    if left < TOO_LATE:
        return None
    return at + LONG if left >= LONG + SHORT else min(at + SHORT, delivery_round.cutoff_at)


def _offer(entry: WaitingEntry, window: DeliveryWindow, at: datetime, until: datetime) -> WaitingEntry:
    windows.take_place(window=window)
    spaces.exchange(before=None, after=_least(window.pk))
    entry.status, entry.offered_at, entry.expires_at = Status.OFFERED, at, until
    entry.save(update_fields=["status", "offered_at", "expires_at"])
    return entry


def _expire(entry: WaitingEntry, window: DeliveryWindow, at: datetime) -> WaitingEntry:
    windows.release_place(window=window)
    spaces.exchange(before=_least(window.pk), after=None)
    return _step(entry, Status.EXPIRED, at)


def _least(window_id: int) -> Taken:
    """The room that an offered place keeps."""
    return Taken(window_id=window_id, load=LEAST)


def _step(locked: WaitingEntry, to: str, at: datetime) -> WaitingEntry:
    locked.status, locked.ended_at = to, at
    locked.save(update_fields=["status", "ended_at"])
    return locked


def _reason(window: DeliveryWindow, entries: Sequence[WaitingEntry], delivery_round: DeliveryRound, at: datetime) -> str:
    if not any(entry.status == Status.WAITING for entry in entries):
        return _("Everybody on the list has an offer.")
    if not _running(delivery_round, at):
        return _("Orders are closed; the list has ended.")
    if _until(delivery_round, at) is None:
        return _("It is too close to the cut-off to offer a place.")
    if window.free <= 0:
        return _("No place has become free.")
    return _("A place is free; the next on the list is written to within a minute.")
