"""Decides what an offer may cost and how its stock is stated; every change is written down."""

from datetime import datetime
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core import audit, money
from marketplace.partner.models import StockRecord

LOWEST = Decimal("0.01")
HIGHEST = Decimal("99999.99")


class BadOffer(Exception):
    """The offer cannot stand as it was told; the message is for the producer."""


@transaction.atomic
def set_price(
    *,
    stockrecord: StockRecord,
    price: Decimal | None = None,
    price_per_kg: Decimal | None = None,
    at: datetime,
    by: AbstractBaseUser | None,
) -> StockRecord:
    """Set what one sales unit costs: `price` in euro including VAT, or `price_per_kg` where the goods are weighed when packed.

    With `price_per_kg` the price of a piece follows from its expected weight. Raises `BadOffer`.
    """
    offer: StockRecord = StockRecord.objects.select_for_update(of=("self",)).select_related("product").get(pk=stockrecord.pk)
    old = _prices(offer)
    if offer.product.catch_weight:
        offer.price_per_kg = _sound(price_per_kg, _("Please state the price per kilogram."))
        grams = offer.product.expected_weight_g or 0
        offer.price = _sound(money.to_cents(offer.price_per_kg * grams / 1000), _("Please state the expected weight."))
    else:
        offer.price_per_kg = None
        offer.price = _sound(price, _("Please state the price."))
    if _prices(offer) != old:
        offer.save(update_fields=["price", "price_per_kg", "date_updated"])
        audit.record(action="offer.priced", target=offer, at=at, by=by, old=old, new=_prices(offer))
    return offer


@transaction.atomic
def set_stock(
    *,
    stockrecord: StockRecord,
    stock_kind: str,
    quantity: int | None = None,
    at: datetime,
    by: AbstractBaseUser | None,
) -> StockRecord:
    """Set how much can be sold: `quantity` units lie there (limited), come anew for each round, or nothing is counted.

    What is promised to orders already stays promised. Raises `BadOffer` when less is told than is promised.
    """
    kinds = StockRecord.StockKind
    offer: StockRecord = StockRecord.objects.select_for_update(of=("self",)).get(pk=stockrecord.pk)
    old = _stock(offer)
    if stock_kind not in kinds.values:
        raise BadOffer(_("Please choose how much can be sold."))
    if stock_kind != kinds.MADE_TO_ORDER and (quantity is None or not 0 <= quantity <= 100_000):
        raise BadOffer(_("Please state how many there are, from 0 to 100,000."))
    promised = offer.num_allocated or 0
    if stock_kind == kinds.LIMITED and (quantity or 0) < promised:
        raise BadOffer(
            _("%(promised)s are already promised to customers, so there must be at least as many.") % {"promised": promised}
        )
    offer.stock_kind = stock_kind
    offer.num_allocated = promised
    offer.num_in_stock = quantity if stock_kind == kinds.LIMITED else None
    offer.per_round = quantity if stock_kind == kinds.PER_ROUND else None
    if _stock(offer) != old:
        offer.save(update_fields=["stock_kind", "num_in_stock", "num_allocated", "per_round", "date_updated"])
        audit.record(action="offer.stocked", target=offer, at=at, by=by, old=old, new=_stock(offer))
    return offer


def _sound(price: Decimal | None, missing: str) -> Decimal:
    if price is None or not price.is_finite():
        raise BadOffer(missing)
    cents = money.to_cents(price)
    if not LOWEST <= cents <= HIGHEST:
        raise BadOffer(_("The price must be at least one cent."))
    return cents


def _prices(offer: StockRecord) -> dict[str, str]:
    return {"price": str(offer.price), "price_per_kg": str(offer.price_per_kg or "")}


def _stock(offer: StockRecord) -> dict[str, str | int | None]:
    return {"kind": offer.stock_kind, "in_stock": offer.num_in_stock, "per_round": offer.per_round}
