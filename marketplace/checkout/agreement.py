"""Decides what of a proposal is written into an order: its lines with their terms, its sums, its fee and where the goods go.

Placing an order and changing it write the same things in the same way.
"""

from collections.abc import Sequence

from logistics import windows
from logistics.deliveries import BookingRefused, Destination
from logistics.models import DeliveryWindow
from marketplace.basket.baskets import ContentLine
from marketplace.catalogue import claims, prices
from marketplace.checkout.contact import Contact
from marketplace.checkout.gifts import Gift
from marketplace.checkout.proposal import Proposal
from marketplace.core import vat
from marketplace.order.models import Fee, Line, Order
from marketplace.vouchers import granting, usage

NO_GIFT = Gift(recipient="")


def set_person(*, order: Order, contact: Contact) -> None:
    """Who ordered; the row is not saved."""
    order.first_name, order.last_name = contact.first_name, contact.last_name
    order.company, order.phone, order.note = contact.company, contact.phone, contact.note
    gift = contact.gift or NO_GIFT
    order.is_gift, order.gift_message = contact.gift is not None, gift.greeting
    home = (gift.street, gift.postal_code, gift.city) if contact.gift else contact.letters_to
    order.billing_street, order.billing_postal_code, order.billing_city = home


def set_sums(*, order: Order, proposal: Proposal) -> None:
    """What the order comes to; the row is not saved."""
    order.goods_total, order.deposit_total = proposal.sums.goods, proposal.sums.deposit
    order.total_incl_tax, order.total_excl_tax = proposal.sums.total, proposal.sums.net
    order.shipping_incl_tax, order.shipping_excl_tax = proposal.sums.fee_paid, proposal.sums.fee_net
    order.discount_total = proposal.sums.discount


def new_line(*, order: Order, line: ContentLine, proposal: Proposal) -> Line:
    """The terms of one article, copied: what the producer changes later changes no order. The row is not saved.

    Organic are only goods that a certificate of today stands for.
    """
    product, offer = line.product, line.stockrecord
    new = Line(
        order=order,
        partner=product.partner,
        partner_name=product.partner.name,
        partner_sku=offer.partner_sku,
        stockrecord=offer,
        product=product,
        title=proposal.titles[product.pk],
        upc=product.upc,
        tax_code=product.vat_category,
        kind=product.kind,
        sales_unit=product.sales_unit,
        unit_text=prices.unit_text(product=product),
        vat_category=product.vat_category,
        deposit_each=product.deposit,
        catch_weight=product.catch_weight,
        expected_weight_g=product.expected_weight_g,
        tolerance_percent=product.tolerance_percent,
        price_per_kg=offer.price_per_kg if product.catch_weight else None,
        storage=product.storage,
        age_limit=product.age_limit,
        organic_code=product.partner.organic_code if claims.shows_organic(product=product, today=proposal.today) else "",
        volume_ml=product.volume_ml,
        net_content=product.net_content,
        net_unit=product.net_unit,
        withdrawal_ground=product.withdrawal_ground,
        substitution=line.line.substitution,
        note=line.line.note,
    )
    set_amounts(row=new, line=line, proposal=proposal)
    return new


def set_amounts(*, row: Line, line: ContentLine, proposal: Proposal) -> None:
    """How many of an article, at which price, with how much tax in it; the row is not saved."""
    rate = proposal.rates[line.product.vat_category]
    total, each = vat.from_gross(line.line_total, rate), vat.from_gross(line.unit_price, rate)
    row.vat_rate = rate
    row.quantity = row.num_allocated = line.quantity
    row.line_price_incl_tax, row.line_price_excl_tax = total.gross, total.net
    row.line_price_before_discounts_incl_tax, row.line_price_before_discounts_excl_tax = total.gross, total.net
    row.unit_price_incl_tax, row.unit_price_excl_tax = each.gross, each.net


def write_fee(*, order: Order, window: DeliveryWindow, proposal: Proposal) -> None:
    """What getting the goods costs, if it costs anything."""
    if proposal.fee:
        kind = Fee.Kind.PICKUP if window.pickup_point_id else Fee.Kind.DELIVERY
        Fee.objects.create(order=order, kind=kind, gross=proposal.fee)


def write_vouchers(*, order: Order, lines: Sequence[Line], proposal: Proposal) -> None:
    """What vouchers take off, by line, and that they are used; `lines` in the order of the proposal's contents.

    Comes last, because everybody with the same code waits for its row. Raises `VoucherRefused`.
    """
    granting.write(order=order, lines=lines, outcome=proposal.vouchers)
    usage.take(order=order, applied=proposal.vouchers.applied)


def destination(*, window: DeliveryWindow, contact: Contact, age_limit: int | None) -> Destination:
    """Where the goods go. Who fetches them gets the address and position of the pickup point or farm.

    Raises `BookingRefused` when the goods should be brought and nobody said where to.
    """
    place, village = window.place, contact.municipality
    where = place or village
    if where is None:
        raise BookingRefused
    return Destination(
        kind=str(windows.kind_of(window=window)),
        recipient=contact.recipient,
        street=place.street if place else contact.street,
        postal_code=place.postal_code if place else contact.postal_code,
        city=place.city if place else contact.city,
        municipality=place.municipality if place else village,
        latitude=where.latitude if place or contact.latitude is None else contact.latitude,
        longitude=where.longitude if place or contact.longitude is None else contact.longitude,
        phone=contact.recipient_phone,
        note=contact.note[:300],
        needs_age_check=age_limit,
    )
