"""Decides why an article cannot be had now, and says when it can: in a later round, in a month to come, or not again."""

from datetime import datetime

from django.utils.translation import gettext as _

from logistics import daytime, orderable
from logistics.models import DeliveryRound
from marketplace.catalogue import seasons
from marketplace.catalogue.models import Product
from marketplace.core import wording
from marketplace.partner.models import StockRecord
from marketplace.shop import offered


def against(*, product: Product, offer: StockRecord, left: int | None, rounds: offered.Offered, at: datetime) -> str:
    """Why the article cannot be had in the round that goods are shown for, and when it can; empty when it can.

    `left` is how many there are in that round, None: no limit.
    """
    current = rounds.current
    away = _away(product, at, rounds)
    if current is None:
        return away or offered.reopens_text(opens_next=rounds.opens_next)
    if away:
        return away
    later = next((row for row in rounds.later if not _hindered(product, row, at)), None)
    if left is not None and left < product.minimum_quantity:
        return _sold_out(offer, later)
    hindrance = _hindered(product, current, at)
    if not hindrance or later is None:
        return hindrance
    return _("orderable for %(day)s") % {"day": wording.weekday_date(later.delivery_day)}


def _away(product: Product, at: datetime, rounds: offered.Offered) -> str:
    """From which month on the goods come back, when no open round falls into their season."""
    if not product.season_months:
        return ""
    days = [row.delivery_day for row in rounds.open] or [daytime.day_of(rounds.opens_next or at)]
    if any(seasons.in_season(product=product, day=day) for day in days):
        return ""
    return seasons.returns(product=product, day=max(days))


def _sold_out(offer: StockRecord, later: DeliveryRound | None) -> str:
    """One pile for all rounds is empty for good; what comes anew in each round comes again."""
    if offer.stock_kind != StockRecord.StockKind.PER_ROUND:
        return _("sold out")
    if later is None:
        return _("sold out for this round")
    return _("sold out, new ones for %(day)s") % {"day": wording.weekday_date(later.delivery_day)}


def _hindered(product: Product, delivery_round: DeliveryRound, at: datetime) -> str:
    return orderable.hindrance(product=product, partner=product.partner, delivery_round=delivery_round, at=at)
