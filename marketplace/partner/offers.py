"""Decides what an offer may cost and how its stock is stated; every change is written down."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core import audit, money, wording
from marketplace.partner.models import StockRecord

LOWEST = Decimal("0.01")
HIGHEST = Decimal("99999.99")
#: a reduction names the lowest price of so many days before it (section 11 PAngV)
LOOK_BACK = timedelta(days=30)
LONGEST_REDUCTION = timedelta(days=60)


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

    With `price_per_kg` the price of a piece follows from its expected weight. Another price ends a reduction. Raises `BadOffer`.
    """
    offer = _locked(stockrecord)
    old = _prices(offer)
    _put(offer, price_per_kg if offer.product.catch_weight else price)
    if _prices(offer) != old:
        offer.reduced_until = offer.price_after = offer.lowest_before = None
        _store(offer, action="offer.priced", old=old, at=at, by=by)
    return offer


@transaction.atomic
def reduce(
    *, stockrecord: StockRecord, price: Decimal | None, until: date, today: date, at: datetime, by: AbstractBaseUser | None
) -> StockRecord:
    """Lower the price until the end of a day; then the present one comes back by itself.

    `price` is that of a unit, or of a kilogram where the goods are weighed. It has to lie below the lowest price of the last 30
    days, which is told beside it (section 11 PAngV). Raises `BadOffer`.
    """
    offer = _locked(stockrecord)
    old, usual = _prices(offer), offer.price_after or advertised(offer=offer)
    if not today <= until <= today + LONGEST_REDUCTION:
        raise BadOffer(_("Please choose an end between today and in 60 days."))
    lowest = offer.lowest_before or _lowest(offer, at=at)
    _put(offer, price)
    if advertised(offer=offer) >= lowest:
        raise BadOffer(
            _("A reduced price has to be below %(lowest)s, the lowest of the last 30 days.") % {"lowest": wording.euro(lowest)}
        )
    offer.reduced_until, offer.price_after, offer.lowest_before = until, usual, lowest
    _store(offer, action="offer.reduced", old=old, at=at, by=by)
    return offer


def end_reductions(*, today: date, at: datetime) -> int:
    """Bring back the prices of all reductions that are over, and say how many. Runs twice = once."""
    over = list(StockRecord.objects.filter(reduced_until__lt=today).order_by("pk").values_list("pk", flat=True))
    return sum(_end(pk, today=today, at=at) for pk in over)


def advertised(*, offer: StockRecord) -> Decimal:
    """The price that stands on the shelf: of a kilogram where the goods are weighed, else of a unit."""
    told = offer.price_per_kg if offer.price_per_kg is not None else offer.price
    if told is None:
        raise ValueError(f"Offer {offer.pk} has no price.")
    return Decimal(told)


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


@transaction.atomic
def _end(pk: int, *, today: date, at: datetime) -> bool:
    found = StockRecord.objects.select_for_update(of=("self",)).select_related("product").filter(pk=pk, reduced_until__lt=today)
    offer = found.first()
    if offer is None:
        return False
    set_price(stockrecord=offer, price=offer.price_after, price_per_kg=offer.price_after, at=at, by=None)
    return True


def _locked(stockrecord: StockRecord) -> StockRecord:
    row: StockRecord = StockRecord.objects.select_for_update(of=("self",)).select_related("product").get(pk=stockrecord.pk)
    return row


def _put(offer: StockRecord, price: Decimal | None) -> None:
    """Write the price that was told into the offer, not stored yet."""
    if offer.product.catch_weight:
        offer.price_per_kg = _sound(price, _("Please state the price per kilogram."))
        grams = offer.product.expected_weight_g or 0
        offer.price = _sound(money.to_cents(offer.price_per_kg * grams / 1000), _("Please state the expected weight."))
    else:
        offer.price_per_kg = None
        offer.price = _sound(price, _("Please state the price."))


def _store(offer: StockRecord, *, action: str, old: dict[str, str], at: datetime, by: AbstractBaseUser | None) -> None:
    offer.save(update_fields=["price", "price_per_kg", "reduced_until", "price_after", "lowest_before", "date_updated"])
    if not offer.price_history.exists():
        offer.price_history.create(price=Decimal(old["price_per_kg"] or old["price"]), since=min(offer.date_created, at))
    offer.price_history.create(price=advertised(offer=offer), since=at)
    audit.record(action=action, target=offer, at=at, by=by, old=old, new=_prices(offer))


def _lowest(offer: StockRecord, *, at: datetime) -> Decimal:
    """The lowest price that held at any moment of the 30 days up to `at`; what is not written down held all the time."""
    begin = at - LOOK_BACK
    known = list(offer.price_history.filter(since__lte=at).order_by("-since", "-pk").values_list("since", "price"))
    within = [price for since, price in known if since > begin]
    at_begin = next((price for since, price in known if since <= begin), None)
    lowest: Decimal = min([*within, *([at_begin] if at_begin is not None else []), advertised(offer=offer)])
    return lowest


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
