"""Decides what may come in place of goods that a farm has too little of, and writes it into the order.

A substitute is of the same farm and never dearer than what is missing, deposit included. It is a line of its own with the terms
of today, so that weight, VAT, allergens and money are its own.
"""

from collections import Counter
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from logistics import boxes, daytime, stock
from logistics.models import PackedLine, Shortage
from marketplace.assortments import sights
from marketplace.catalogue import claims, prices
from marketplace.catalogue.models import Product
from marketplace.core import money, rates, vat, wording
from marketplace.order import amounts
from marketplace.order.models import Line, OrderLineDiscount
from marketplace.partner.models import StockRecord
from marketplace.partner.stock import SoldOut
from marketplace.users.models import User

Problem = PackedLine.Problem


def offers(*, partner_id: int) -> QuerySet[StockRecord]:
    """What a farm may offer instead: goods that need no scale, at their present price, by name."""
    goods = StockRecord.objects.filter(
        partner=partner_id, product__is_public=True, product__catch_weight=False, product__kind=Product.Kind.GOODS, price__gt=0
    )
    found: QuerySet[StockRecord] = goods.select_related("product").order_by("product__title", "pk")
    return found


def hindrance(*, line: PackedLine, missing: int, offer: StockRecord, quantity: int) -> str:
    """Why so many of an offer cannot come in place of `missing` of a line, for the producer; empty when they can."""
    old, product = line.order_line, offer.product
    if offer.partner_id != old.partner_id or product.catch_weight:
        return _("Please offer an article of your own that needs no scale.")
    if product.pk == old.product_id:
        return _("Please offer another article than the one that is missing.")
    if quantity < 1:
        return _("Please enter how many you offer.")
    if product.age_limit and product.age_limit > (old.age_limit or 0):
        return _("Goods with an age limit cannot replace others.")
    if product.assortments and not _is_for(old, product):
        return _("This article is only for certain customers. Please offer another one.")
    worth = amounts.goods_gross(line=old, quantity=missing, weight_g=None) + amounts.deposit_gross(line=old, quantity=missing)
    asked = _price(offer) * quantity
    if asked > worth:
        told = {"asked": wording.euro(asked), "worth": wording.euro(worth)}
        return _("%(asked)s is more than the %(worth)s that the customer would have paid. Please offer less.") % told
    left = stock.available_in(delivery_round=line.collection.round, stockrecords=[offer])[offer.pk]
    if left is not None and left < quantity:
        return _("Of that there are only %(left)s left for this round.") % {"left": left}
    return ""


def put_in(*, shortage: Shortage, at: datetime) -> PackedLine | None:
    """Write what is offered into the order as a line of its own, to be packed, and take it from the stock.

    None when the farm has taken the article away, or others have bought it. Part of a transaction that holds the collection.
    Again gives the line that is there.
    """
    line, offer = shortage.packed_line, shortage.offer
    if offer is None or not shortage.offer_quantity:
        return None
    present = PackedLine.objects.filter(order_line__instead_of=line.order_line_id).first()
    if present is not None:
        return present
    if not take(shortage=shortage):
        return None
    new = _order_line(line.order_line, offer, shortage.offer_quantity, at)
    new.save()
    # vouchers that covered what is missing cover what comes instead
    OrderLineDiscount.objects.bulk_create(
        OrderLineDiscount(order_discount_id=share.order_discount_id, line=new, amount=money.ZERO, is_incl_tax=share.is_incl_tax)
        for share in OrderLineDiscount.objects.filter(line=line.order_line_id)
    )
    packed = PackedLine.objects.create(
        collection_id=line.collection_id, delivery_id=line.delivery_id, order_line=new, ordered=new.quantity
    )
    PackedLine.objects.filter(pk=line.pk).update(problem=Problem.REPLACED)
    boxes.lay_out(delivery_round=line.collection.round)
    return packed


def take_out(*, shortage: Shortage, at: datetime, by: User | None) -> None:
    """The customer does not want what is offered: nothing comes instead, and others may buy it."""
    there = PackedLine.objects.filter(order_line__instead_of=shortage.packed_line.order_line_id)
    if shortage.offer is not None and there.exclude(packed=0).exists():
        offer, quantity, round_ = shortage.offer, shortage.offer_quantity, shortage.packed_line.collection.round
        if offer.stock_kind == StockRecord.StockKind.LIMITED:
            stock.bring_back(quantities=Counter({offer.pk: quantity}))
        else:
            stock.give_back(delivery_round=round_, stockrecord=offer, quantity=quantity)
    there.update(packed=0, packed_weight_g=None, packed_at=at, packed_by=by, problem=Problem.REFUSED)
    PackedLine.objects.filter(pk=shortage.packed_line_id).update(problem=Problem.CUT)


def take(*, shortage: Shortage) -> bool:
    """Take what is offered from the stock, as an order does; False when it is not there any more."""
    offer, quantity = shortage.offer, shortage.offer_quantity
    if offer is None:
        return False
    try:
        stock.take(delivery_round=shortage.packed_line.collection.round, stockrecord=offer, quantity=quantity)
    except SoldOut:
        return False
    stock.consume(sold=Counter({offer.pk: quantity}))
    return True


def _is_for(old: Line, product: Product) -> bool:
    """Whether the customer may order the article, too."""
    order = old.order
    return sights.of_order(region=order.region, order_id=order.pk, user_id=order.user_id).sees(product.assortments)


def _price(offer: StockRecord) -> Decimal:
    deposit: Decimal = offer.product.deposit
    return (offer.price or money.ZERO) + deposit


def _order_line(old: Line, offer: StockRecord, quantity: int, at: datetime) -> Line:
    """The terms of what comes instead, copied as those of any ordered article."""
    product, today = offer.product, daytime.day_of(at)
    rate = rates.rate_on(category=product.vat_category, day=today)
    each = vat.from_gross(offer.price or money.ZERO, rate)
    total = vat.from_gross(money.to_cents(each.gross * quantity), rate)
    return Line(
        order_id=old.order_id,
        instead_of=old,
        partner_id=old.partner_id,
        partner_name=old.partner_name,
        partner_sku=offer.partner_sku,
        stockrecord=offer,
        product=product,
        title=claims.title(product=product, today=today),
        upc=product.upc,
        tax_code=product.vat_category,
        kind=product.kind,
        sales_unit=product.sales_unit,
        unit_text=prices.unit_text(product=product),
        vat_category=product.vat_category,
        vat_rate=rate,
        deposit_each=product.deposit,
        storage=product.storage,
        age_limit=product.age_limit,
        organic_code=product.partner.organic_code if claims.shows_organic(product=product, today=today) else "",
        volume_ml=product.volume_ml,
        net_content=product.net_content,
        net_unit=product.net_unit,
        withdrawal_ground=product.withdrawal_ground,
        tolerance_percent=product.tolerance_percent,
        quantity=quantity,
        num_allocated=0,
        line_price_incl_tax=total.gross,
        line_price_excl_tax=total.net,
        line_price_before_discounts_incl_tax=total.gross,
        line_price_before_discounts_excl_tax=total.net,
        unit_price_incl_tax=each.gross,
        unit_price_excl_tax=each.net,
    )
