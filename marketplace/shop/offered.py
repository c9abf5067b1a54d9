"""Decides which round the shop shows goods for: that of the chosen window, otherwise the next one that is open."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from logistics import daytime, rounds
from logistics.models import DeliveryRound
from marketplace.core import wording
from marketplace.regions.models import Region


@dataclass(frozen=True)
class Offered:
    """The round goods are shown for, and all rounds that are open, the next first."""

    current: DeliveryRound | None
    open: tuple[DeliveryRound, ...]
    opens_next: datetime | None = None

    @property
    def later(self) -> tuple[DeliveryRound, ...]:
        """The open rounds after the one that goods are shown for."""
        if self.current is None:
            return ()
        return tuple(row for row in self.open if row.delivery_day > self.current.delivery_day)

    @property
    def changes_at(self) -> datetime | None:
        """When the first of them closes, or the next one opens where all are shut."""
        return min((row.cutoff_at for row in self.open), default=self.opens_next)


def offered(*, region: Region, at: datetime, chosen_round: int | None = None) -> Offered:
    """What one can order for at that moment: one query, two while every round is shut."""
    open_now = tuple(rounds.open_rounds(region=region, at=at))
    current = next((row for row in open_now if row.pk == chosen_round), open_now[0] if open_now else None)
    if current is not None:
        return Offered(current=current, open=open_now)
    coming = DeliveryRound.objects.filter(region=region, status=DeliveryRound.Status.OPEN, opens_at__gt=at)
    opens = coming.order_by("opens_at").values_list("opens_at", flat=True).first()
    return Offered(current=None, open=(), opens_next=opens)


def deadline_text(*, delivery_round: DeliveryRound) -> str:
    """Until when one can order: `Bestellen bis Donnerstag, 26. November, 18:00 Uhr`."""
    moment = delivery_round.cutoff_at.astimezone(daytime.ZONE)
    return _("Order until %(day)s, %(clock)s") % {"day": wording.weekday_date(moment.date()), "clock": wording.clock(moment)}


def left_text(*, delivery_round: DeliveryRound, at: datetime) -> str:
    """How long that is: `2 Tage, 4 Stunden`."""
    return wording.duration(int((delivery_round.cutoff_at - at).total_seconds()))


def reopens_text(*, opens_next: datetime | None) -> str:
    """From when one can order again: `bestellbar ab Donnerstag, 3. Dezember`; empty when nobody knows yet."""
    if opens_next is None:
        return _("not orderable at the moment")
    return _("orderable from %(day)s") % {"day": wording.weekday_date(daytime.day_of(opens_next))}
