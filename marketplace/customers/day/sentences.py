"""Decides what is said to a customer about goods on their way."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from logistics import daytime
from logistics.arrival import Outlook, Phase
from logistics.models import Delivery
from marketplace.core import wording


@dataclass(frozen=True, kw_only=True)
class News:
    """How far the goods are: a headline, the time in large, where the vehicle's round stands, and what comes next.

    `tone` as of `components/notice.html`; `done` stops of `stops` up to the customer's own, 0 of 0 while nobody drives.
    """

    title: str
    when: str = ""
    roughly: bool = False
    stop: str = ""
    text: str = ""
    tone: str = "info"
    done: int = 0
    stops: int = 0


def news(*, delivery: Delivery, outlook: Outlook) -> News:
    """What to say now; `delivery` with its window, place and round."""
    match outlook.phase:
        case Phase.CANCELLED:
            return News(title=_("This order is cancelled"), text=_("Nothing is delivered."), tone="warning")
        case Phase.FAILED:
            return _failed(delivery)
        case Phase.HANDED_OVER:
            return _handed_over(delivery)
        case Phase.AT_POINT:
            return News(title=_("Your goods are ready for you"), text=_fetch(delivery), tone="success")
        case Phase.BOOKED:
            return _booked(delivery)
    return _on_tour(delivery, outlook)


def about(*, outlook: Outlook) -> str:
    """`10:40–11:00 Uhr`."""
    return wording.clock_span(outlook.earliest.astimezone(daytime.ZONE), outlook.latest.astimezone(daytime.ZONE))


def _booked(delivery: Delivery) -> News:
    window = delivery.window
    span = wording.clock_span(timezone.localtime(window.starts_at), timezone.localtime(window.ends_at))
    if delivery.kind == Delivery.Kind.FARM:
        return News(title=_("To be fetched"), when=span, text=_("Your goods are waiting for you at the farm then."))
    if delivery.kind == Delivery.Kind.PICKUP:
        text = _("As soon as the tour is planned, you read here when your goods are there.")
        return News(title=_("To be fetched"), when=span, text=text)
    text = _("As soon as the tour is planned, you read here at which stop you are and when it will be.")
    return News(title=_("Your time window"), when=span, text=text)


def _on_tour(delivery: Delivery, outlook: Outlook) -> News:
    fetched = delivery.kind == Delivery.Kind.PICKUP
    titles = {
        Phase.PLANNED: _("The tour is planned"),
        Phase.UNDER_WAY: _("Your goods are on the way"),
        Phase.NEXT: _("The pickup point is next") if fetched else _("You are next"),
    }
    return News(
        title=titles[outlook.phase],
        when=about(outlook=outlook),
        roughly=True,
        stop=_("Stop %(number)s of %(stops)s") % {"number": outlook.number, "stops": outlook.stops},
        text=" ".join(filter(None, [_ahead(outlook), _late(outlook), _fetch(delivery) if fetched else ""])),
        tone="warning" if outlook.late else "info",
        done=0 if outlook.phase == Phase.PLANNED else outlook.number - 1 - outlook.ahead,
        stops=0 if outlook.phase == Phase.PLANNED else outlook.number,
    )


def _ahead(outlook: Outlook) -> str:
    if outlook.phase == Phase.PLANNED:
        return _("The vehicle has not left yet; until then the time can still move a little.")
    if not outlook.ahead:
        return ""
    text = ngettext("%(number)s stop before you.", "%(number)s stops before you.", outlook.ahead)
    return text % {"number": outlook.ahead}


def _late(outlook: Outlook) -> str:
    return _("We are later than agreed. We are sorry.") if outlook.late else ""


def _fetch(delivery: Delivery) -> str:
    start, end = timezone.localtime(delivery.window.starts_at), timezone.localtime(delivery.window.ends_at)
    return _("You can fetch them from %(span)s.") % {"span": wording.clock_span(start, end)}


def _handed_over(delivery: Delivery) -> News:
    if delivery.kind == Delivery.Kind.PICKUP:
        return News(title=_("Your goods are ready for you"), text=_fetch(delivery), tone="success")
    when = wording.clock(timezone.localtime(delivery.completed_at)) if delivery.completed_at else ""
    other = delivery.handed_to and delivery.handed_to not in {delivery.recipient, delivery.order.first_name}
    return News(
        title=_("Handed over"),
        when=when,
        text=delivery.handed_to if other else _("Enjoy your goods!"),
        tone="success",
    )


def _failed(delivery: Delivery) -> News:
    when = timezone.localtime(delivery.failed_at) if delivery.failed_at else None
    if delivery.kind == Delivery.Kind.HOME:
        text = _("Nobody could take the goods. Please call us: we try again, or you fetch them.")
    else:
        text = _("The goods were not handed over. Please call us, so that we find a way together.")
    return News(title=_("We could not hand over your goods"), when=wording.clock(when) if when else "", text=text, tone="error")
