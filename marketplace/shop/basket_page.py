"""Decides what the basket's page says: each line with what stands against it, the sums, the fee and the minimum."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from billing import agencies
from billing.net_prices import Rates
from logistics import goods as suitable
from logistics import minimums, orderable, reservations, slots, stock
from logistics.goods import Goods
from logistics.models import Delivery
from logistics.reservations import Held
from logistics.windows import WindowChoice
from marketplace.assortments.precedence import EVERYTHING, Sight
from marketplace.basket.baskets import ContentGroup, ContentLine, Contents
from marketplace.catalogue import claims, prices
from marketplace.core import money, vat, wording
from marketplace.core.wishes import wish_fields
from marketplace.pictures import sizes
from marketplace.shop import net_sums, offered
from marketplace.shop.net_sums import NetBasket
from marketplace.vouchers.counting import Outcome


@dataclass(frozen=True)
class VoucherRow:
    """A voucher in the basket: what it does, or the `reason` why it takes nothing off now."""

    code: str
    title: str
    reason: str


@dataclass(frozen=True)
class BasketPage:
    """The basket as `templates/basket/summary.html` shows it. Euro with VAT; where `net`, all but the total without."""

    groups: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    total: Decimal
    missing: Decimal
    missing_text: str
    free_text: str
    problems: int
    window_text: str
    window_problem: str
    vouchers: list[VoucherRow]
    net: bool


def page(
    *,
    contents: Contents,
    rounds: offered.Offered,
    chosen: WindowChoice | None,
    had_chosen: bool,
    held: Held | None,
    vouchers: Outcome,
    at: datetime,
    today: date,
    net: Rates | None = None,
    sight: Sight = EVERYTHING,
    is_guest_here: bool = False,
) -> BasketPage:
    """Everything on the page; at most three queries (pictures, stock and minimums of the round) whatever is in the basket.

    A guest in somebody else's basket reads neither the notes in it nor the codes of its vouchers.

    What is `held` for the basket counts as there. With `net` (VAT rates in percent by category) it is told without VAT. What lies
    beyond the visitor's `sight` cannot be ordered.
    """
    sizes.look_up(pictures=[line.product.picture for line in contents.lines], sizes=(sizes.TILE,))
    hurdles = _hurdles(contents, rounds, held, at) | _not_for_him(contents, sight)
    goods = suitable.of_products(products=[line.product for line in contents.lines], today=today)
    fee = chosen.fee_for(goods=contents.goods_total) if chosen else None
    minimum = rounds.current.rule.minimum_order if rounds.current else money.ZERO
    minimum = max(minimum, chosen.minimum) if chosen else minimum
    missing = max(money.ZERO, minimum - contents.goods_total)
    short = minimums.missing_in(
        delivery_round=rounds.current,
        partners=contents.producers,
        more={group.partner.pk: group.goods_total for group in contents.groups},
    )
    rows = _rows(contents, chosen, fee)
    told = net_sums.of(contents=contents, fee=fee or money.ZERO, fee_row=rows[-1], vouchers=vouchers, rates=net) if net else None
    own = agencies.on(region_id=contents.groups[0].partner.region_id, day=today) if contents.groups else frozenset()
    groups = [
        {**_group(group, hurdles, short.get(group.partner.pk), today), "sells_itself": group.partner.pk in own}
        for group in contents.groups
    ]
    groups = [_without_notes(group) for group in groups] if is_guest_here else groups
    return BasketPage(
        groups=[_without_vat(group, told, net) for group in groups] if told and net else groups,
        rows=told.rows if told else [*rows, *_voucher_rows(vouchers, named=not is_guest_here)],
        total=contents.total + (fee or money.ZERO) - vouchers.amount,
        missing=missing,
        missing_text=_missing(missing, minimum),
        free_text=_until_free(chosen, contents.goods_total),
        problems=sum(bool(text) for text in hurdles.values()),
        window_text=f"{chosen.name}, {slots.when(choice=chosen)}" if chosen else "",
        window_problem=_window_problem(chosen, had_chosen, goods),
        vouchers=[] if is_guest_here else voucher_rows(vouchers),
        net=told is not None,
    )


def _without_vat(group: dict[str, Any], told: NetBasket, rates: Rates) -> dict[str, Any]:
    """The same group with the nets of its lines."""
    lines = [
        {
            **line,
            "sum": told.lines[line["id"]],
            "price_text": _price_text(line["line"], rate=rates[line["line"].product.vat_category]),
            "note": _note(line["line"], rate=rates[line["line"].product.vat_category]),
        }
        for line in group["lines"]
    ]
    return {**group, "lines": lines, "sum": sum((line["sum"] for line in lines), money.ZERO)}


def _without_notes(group: dict[str, Any]) -> dict[str, Any]:
    """The same group for a guest: what somebody has noted for a farm is not shown, and so cannot be changed either."""
    hidden = {"wish_note": "", "wish_url": "", "has_wish": False}
    return {**group, "lines": [{**line, **hidden} if line["wish_note"] else line for line in group["lines"]]}


def _hurdles(contents: Contents, rounds: offered.Offered, held: Held | None, at: datetime) -> dict[int, str]:
    """What stands against each line in the round, by line id; empty where nothing does."""
    current = rounds.current
    records = [line.stockrecord for line in contents.lines]
    left: dict[int, int | None] = {}
    if current and records:
        available = stock.available_in(delivery_round=current, stockrecords=records)
        left = reservations.with_own(available=available, held=held, delivery_round=current)
    return {line.line.pk: _hurdle(line, rounds, left.get(line.stockrecord.pk), at) for line in contents.lines}


def _not_for_him(contents: Contents, sight: Sight) -> dict[int, str]:
    """Lines of articles that only others see, by line id."""
    text = _("Only for certain customers. Please take it out, or log in as the customer it is for.")
    return {line.line.pk: text for line in contents.lines if not sight.sees(line.product.assortments)}


def _hurdle(line: ContentLine, rounds: offered.Offered, left: int | None, at: datetime) -> str:
    partner = line.product.partner
    hindrance = orderable.hindrance(product=line.product, partner=partner, delivery_round=rounds.current, at=at)
    if hindrance or left is None or line.quantity <= left:
        return hindrance
    if left == 0:
        return _("Sold out for this round. Please take it out or choose another round.")
    return _("Only %(left)s left for this round. Please change the quantity.") % {"left": left}


def _group(group: ContentGroup, hurdles: dict[int, str], short: Decimal | None, today: date) -> dict[str, Any]:
    """`short` is what all orders of the round lack until the producer packs."""
    return {
        "url": group.partner.get_absolute_url(),
        "producer_name": group.partner.name,
        "village": group.partner.municipality.name,
        "sum": group.goods_total,
        "minimum": group.minimum_text,
        "round_minimum": minimums.sentence(partner=group.partner, missing=short),
        "lines": [_line(line, hurdles[line.line.pk], today) for line in group.lines],
    }


def _line(line: ContentLine, hurdle: str, today: date) -> dict[str, Any]:
    product, offer = line.product, line.stockrecord
    return {
        "id": line.line.pk,
        "url": product.get_absolute_url(),
        "title": claims.title(product=product, today=today),
        "picture": sizes.shown(picture=product.picture, size=sizes.TILE),
        "tone": "linen",
        "icon": "wrench" if product.kind == product.Kind.SERVICE else "sprout",
        "quantity": line.quantity,
        "price_text": _price_text(line),
        "note": _note(line),
        "added_by": line.line.added_by,
        "age": product.age_limit,
        "sum": line.line_total,
        "problem": hurdle or _price_change(line),
        "change_url": reverse("basket:change", args=[line.line.pk]),
        "wish_url": reverse("basket:wish", args=[line.line.pk]),
        **wish_fields(substitution=line.line.substitution, note=line.line.note),
        "offer": offer,
        "line": line,
    }


def _price_text(line: ContentLine, *, rate: Decimal = money.ZERO) -> str:
    """`4,90 € / Glas 500 g · 9,80 €/kg`, without VAT where a rate in percent is told."""
    product, offer = line.product, line.stockrecord
    weighed = prices.weighed_text(product=product, price_per_kg=offer.price_per_kg, rate=rate)
    base = prices.base_price(product=product, price=offer.price, price_per_kg=offer.price_per_kg)
    unit = prices.unit_name(product=product) if weighed else prices.unit_text(product=product)
    each = f"{wording.euro(vat.without(offer.price, rate))} / {unit}"
    parts = [each, weighed or (str(base.without(rate=rate)) if base else "")]
    return " · ".join(part for part in parts if part)


def _note(line: ContentLine, *, rate: Decimal = money.ZERO) -> str:
    notes = []
    if line.product.catch_weight:
        notes.append(_("Weighed when packed; you pay the actual weight."))
    if line.deposit_total:
        notes.append(_("plus %(amount)s deposit") % {"amount": wording.euro(vat.without(line.deposit_total, rate))})
    return " ".join(notes)


def _price_change(line: ContentLine) -> str:
    if not line.price_changed:
        return ""
    seen, now = wording.euro(line.seen_price), wording.euro(line.unit_price)
    return _("Price changed: %(seen)s → %(now)s") % {"seen": seen, "now": now}


def _rows(contents: Contents, chosen: WindowChoice | None, fee: Decimal | None) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [{"label": _("Goods"), "amount": contents.goods_total}]
    if contents.deposit_total:
        rows.append({"label": _("Deposits"), "amount": contents.deposit_total})
    if chosen is None:
        return [*rows, {"label": _("Delivery"), "text": _("by your choice")}]
    labels = {Delivery.Kind.HOME: _("Delivery"), Delivery.Kind.PICKUP: _("Pickup point")}
    label = labels.get(Delivery.Kind(chosen.kind), _("Fetched at the farm"))
    free = {"label": label, "text": _("free of charge")}
    return [*rows, {"label": label, "amount": fee} if fee else free]


def _voucher_rows(vouchers: Outcome, *, named: bool) -> list[dict[str, Any]]:
    label = _("Voucher %(code)s") if named else _("Voucher")
    return [{"label": label % {"code": one.terms.code}, "amount": -one.amount} for one in vouchers.applied]


def voucher_rows(vouchers: Outcome) -> list[VoucherRow]:
    """Those that take something off first, then those that wait, with the reason."""
    applied = [VoucherRow(one.terms.code, one.terms.title, "") for one in vouchers.applied]
    return applied + [VoucherRow(one.terms.code, one.terms.title, one.reason) for one in vouchers.idle]


def _missing(missing: Decimal, minimum: Decimal) -> str:
    if not missing:
        return ""
    return _("%(missing)s to go until the minimum order of %(minimum)s.") % {
        "missing": wording.euro(missing),
        "minimum": wording.euro(minimum),
    }


def _until_free(chosen: WindowChoice | None, goods: Decimal) -> str:
    """How much is missing until bringing it costs nothing; empty when that is never, or now."""
    if chosen is None or chosen.free_from is None or goods >= chosen.free_from or not goods:
        return ""
    return _("%(missing)s to go until delivery is free of charge.") % {"missing": wording.euro(chosen.free_from - goods)}


def _window_problem(chosen: WindowChoice | None, had_chosen: bool, goods: Goods) -> str:
    if chosen is None:
        return _("Your time window is no longer on offer. Please choose another one.") if had_chosen else ""
    if unsuitable := suitable.sentence(goods=goods, choice=chosen):
        return unsuitable
    return "" if chosen.free > 0 else _("All places in this time window are taken. Please choose another one.")
