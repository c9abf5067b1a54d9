"""Decides what of an earlier order can be had again: in the round that comes, at today's prices, and if not, why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from logistics import orderable, rounds, stock
from logistics.models import DeliveryRound
from marketplace.assortments import sights
from marketplace.basket import baskets
from marketplace.basket.baskets import NotAdded
from marketplace.basket.models import Basket
from marketplace.catalogue import claims
from marketplace.catalogue.models import Product
from marketplace.order.models import Line, Order
from marketplace.partner.models import StockRecord
from marketplace.standing import notes


@dataclass(frozen=True, kw_only=True)
class Again:
    """One article of the earlier order. `reason` is why it is not there now; `url` its page, "" when it is gone for good.

    `price` is today's and `was` that of then, gross euro a piece; `left` is how many are there (None: no limit).
    """

    line: Line
    product_id: int
    title: str
    quantity: int
    unit: str
    was: Decimal
    price: Decimal | None
    left: int | None
    reason: str
    url: str

    @property
    def is_there(self) -> bool:
        """Whether it can be ordered now."""
        return not self.reason

    @property
    def offered(self) -> int:
        """How many are proposed: as many as then, or as there are."""
        return self.quantity if self.left is None else min(self.quantity, self.left)

    @property
    def price_changed(self) -> bool:
        """Whether it costs something else than then."""
        return self.price is not None and self.price != self.was


@dataclass(frozen=True)
class Result:
    """How many articles went into the basket, and what did not, in sentences."""

    added: int
    refused: tuple[str, ...]


def of_order(*, order: Order, at: datetime, today: date) -> tuple[list[Again], DeliveryRound | None]:
    """All articles of the order as they are now, by its lines, and the round for which that is said; four queries."""
    row = rounds.next_open(region=order.region, at=at)
    lines = list(Line.objects.filter(order=order).select_related("product__partner__municipality").order_by("pk"))
    offers = _offers(order=order, lines=lines)
    products = [line.product for line in lines if line.product is not None]
    gone = sights.unseen(articles=products, region_id=order.region_id, user_id=order.user_id)
    offers = {pk: offer for pk, offer in offers.items() if pk not in gone}
    left = stock.available_in(delivery_round=row, stockrecords=list(offers.values())) if row and offers else {}
    found: dict[int, Again] = {}
    for line in lines:
        before = found.get(line.product_id or -line.pk)
        one = _again(line, offers.get(line.product_id or 0), left, row, at, today, before)
        found[line.product_id or -line.pk] = one
    return list(found.values()), row


def put(*, basket: Basket, wanted: Mapping[int, int], rows: list[Again]) -> Result:
    """Put so many of these articles (by product) into the basket; what cannot be put there is told and keeps nothing back."""
    known = {row.product_id: row for row in rows if row.is_there}
    chosen = {pk: quantity for pk, quantity in wanted.items() if pk in known and quantity > 0}
    products = Product.objects.select_related("partner").in_bulk(list(chosen))
    added, refused = 0, []
    for pk, quantity in chosen.items():
        try:
            with transaction.atomic():
                basket = baskets.add(basket=basket, product=products[pk], quantity=quantity).basket
            added += 1
        except NotAdded as refusal:
            refused.append(str(refusal))
    return Result(added=added, refused=tuple(refused))


def _again(
    line: Line,
    offer: StockRecord | None,
    left: Mapping[int, int | None],
    row: DeliveryRound | None,
    at: datetime,
    today: date,
    before: Again | None,
) -> Again:
    product = line.product
    count = left.get(offer.pk) if offer else 0
    if offer is None or product is None:
        reason = notes.gone()
    else:
        reason = orderable.hindrance(product=product, partner=product.partner, delivery_round=row, at=at)
        short = count is not None and count < product.minimum_quantity
        reason = reason or (notes.sold_out() if short else "")
    shown = product is not None and product.is_public and offer is not None
    return Again(
        line=line,
        product_id=line.product_id or 0,
        title=claims.title(product=product, today=today) if product and offer else line.title,
        quantity=line.quantity + (before.quantity if before else 0),
        unit=line.unit_text,
        was=line.unit_price_incl_tax,
        price=offer.price if offer else None,
        left=count,
        reason=reason,
        url=product.get_absolute_url() if shown and product else "",
    )


def _offers(*, order: Order, lines: list[Line]) -> dict[int, StockRecord]:
    """Today's offers of the articles by their own producers, by product."""
    rows = StockRecord.objects.filter(
        product__in=[line.product_id for line in lines if line.product_id],
        product__partner=F("partner"),
        partner__region_id=order.region_id,
    )
    return {row.product_id: row for row in rows.order_by("-pk")}
