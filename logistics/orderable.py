"""Decides whether an article can be ordered for a round, and says in one sentence why not."""

from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from logistics import daytime
from logistics.models import DeliveryRound
from marketplace.catalogue import seasons
from marketplace.catalogue.models import Product
from marketplace.core import wording
from marketplace.partner.models import Partner


def hindrance(*, product: Product, partner: Partner, delivery_round: DeliveryRound | None, at: datetime) -> str:
    """Why `product` of `partner` cannot be ordered for the round at that moment; "" when it can.

    Needs no query when the rows are at hand. Stock is not asked here: see `logistics.stock`.
    """
    return (
        _not_for_sale(product, partner)
        or _round_shut(delivery_round, at)
        or _not_on_that_day(product, partner, delivery_round, at)
    )


def _not_for_sale(product: Product, partner: Partner) -> str:
    if not product.is_public:
        return _("This article is not for sale at present.")
    if partner.status != Partner.Status.APPROVED:
        return _("This producer does not sell here at present.")
    return ""


def _round_shut(delivery_round: DeliveryRound | None, at: datetime) -> str:
    if delivery_round is None:
        return _("No delivery day is open for orders at present.")
    if delivery_round.status != DeliveryRound.Status.OPEN or at >= delivery_round.cutoff_at:
        return _("Orders for this delivery day are closed.")
    if at < delivery_round.opens_at:
        opens = wording.weekday_date(daytime.day_of(delivery_round.opens_at))
        return _("Orders for this delivery day open on %(day)s.") % {"day": opens}
    return ""


def _not_on_that_day(product: Product, partner: Partner, delivery_round: DeliveryRound | None, at: datetime) -> str:
    if delivery_round is None:
        return ""
    day = delivery_round.delivery_day
    if _on_holiday(partner, day):
        return _("The producer is closed on %(day)s.") % {"day": wording.weekday_date(day)}
    if not seasons.in_season(product=product, day=day):
        months = seasons.text(months=product.season_months)
        return _("Not in season on that day (season: %(months)s).") % {"months": months}
    if (day - daytime.day_of(at)).days < product.lead_time_days:
        days = product.lead_time_days
        return ngettext(
            "Must be ordered %(number)s day before the delivery day.",
            "Must be ordered %(number)s days before the delivery day.",
            days,
        ) % {"number": days}
    return ""


def _on_holiday(partner: Partner, day: date) -> bool:
    """Whether the day lies in the producer's closure; without an end it lasts until further notice."""
    if partner.closed_from is None or day < partner.closed_from:
        return False
    return partner.closed_until is None or day <= partner.closed_until
