"""Decides what the pages of the checkout say: steps and the lines of the review, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from billing import net_prices
from logistics.models import DeliveryWindow
from marketplace.basket.baskets import ContentLine
from marketplace.catalogue import prices, withdrawal
from marketplace.checkout.problems import Problem
from marketplace.checkout.proposal import Proposal
from marketplace.core import money, wording

STEPS = ("delivery", "details", "review")


@dataclass(frozen=True)
class ReviewLine:
    """One article on the last page. `price` says all that the law wants beside it; `note` tells of weight and deposit."""

    title: str
    quantity: int
    unit: str
    price: str
    note: str
    withdrawal: str
    total: Decimal
    problem: str


@dataclass(frozen=True)
class ReviewGroup:
    """The articles of one producer."""

    name: str
    village: str
    lines: tuple[ReviewLine, ...]
    total: Decimal


def steps(current: str) -> list[dict[str, str]]:
    """Where one is; steps behind can be gone back to."""
    labels = {"delivery": _("Delivery"), "details": _("Your details"), "review": _("Check and order")}
    here = STEPS.index(current)
    return [
        {
            "label": labels[name],
            "state": "done" if index < here else "current" if index == here else "open",
            "url": reverse(f"checkout:{name}") if index < here else "",
        }
        for index, name in enumerate(STEPS)
    ]


def when(window: DeliveryWindow) -> str:
    """`Samstag, 28. November, 10:00–12:00 Uhr`."""
    span = wording.clock_span(timezone.localtime(window.starts_at), timezone.localtime(window.ends_at))
    return f"{wording.weekday_date(window.round.delivery_day)}, {span}"


def cutoff(window: DeliveryWindow) -> str:
    """`Donnerstag, 26. November, 18:00 Uhr`."""
    moment = timezone.localtime(window.round.cutoff_at)
    return f"{wording.weekday_date(moment.date())}, {wording.clock(moment)}"


def review_groups(*, proposal: Proposal, problems: Sequence[Problem]) -> list[ReviewGroup]:
    """All lines by producer, each with what is wrong with it."""
    wrong = {problem.product_id: problem.text for problem in problems if problem.product_id is not None}
    return [
        ReviewGroup(
            name=group.partner.name,
            village=group.partner.municipality.name,
            lines=tuple(_review_line(line, proposal.titles[line.product.pk], wrong) for line in group.lines),
            total=group.goods_total,
        )
        for group in proposal.contents.groups
    ]


def highest_total(proposal: Proposal) -> Decimal | None:
    """The most that the order comes to when everything that is weighed is as heavy as agreed; None when nothing is weighed."""
    more = [limit - line.line_total for line in proposal.contents.lines if (limit := _highest(line)) is not None]
    return proposal.sums.total + sum(more, money.ZERO) if more else None


def sum_rows(*, proposal: Proposal, net: bool = False) -> list[dict[str, object]]:
    """Goods, deposits, fee, vouchers and the tax inside, for `components/summary_list.html`; with `net` what is without it."""
    of, fee_label, highest = proposal.sums, _fee_label(proposal.window), highest_total(proposal)
    applied = proposal.vouchers.applied
    rows: list[dict[str, object]] = [{"label": _("Goods"), "amount": of.goods}]
    if of.deposit:
        rows.append({"label": _("Deposit"), "amount": of.deposit})
    rows.append({"label": fee_label, "amount": of.fee} if of.fee else {"label": fee_label, "text": _("free of charge")})
    rows += [{"label": _("Voucher %(code)s") % {"code": one.terms.code}, "amount": -one.amount} for one in applied]
    if net:
        rows.append({"label": _("without VAT"), "amount": of.net})
    rows += [
        {
            "label": _("including %(rate)s VAT") % {"rate": wording.quantity(share.rate, unit="%")},
            "amount": share.tax,
            "quiet": True,
        }
        for share in of.vat
    ]
    if highest is not None:
        rows.append({"label": _("at most, depending on the weight"), "amount": highest, "quiet": True})
    return rows


def shows_net(*, user: Any, region: Any, at: datetime) -> bool:
    """Whether a person is told sums without VAT beside those with it."""
    return net_prices.shown_to(user=user, region=region, day=timezone.localdate(at)) is not None


def _fee_label(window: DeliveryWindow | None) -> str:
    """What the fee is for."""
    if window is None or (window.pickup_point_id is None and window.partner_id is None):
        return _("Delivery")
    return _("Pickup point") if window.pickup_point_id else _("Fetched at the farm")


def price_text(line: ContentLine) -> str:
    """What one costs, and a kilogram or litre of it: `4,90 € / Glas 500 g · 9,80 €/kg`."""
    base = prices.base_price(product=line.product, price=line.unit_price, price_per_kg=line.stockrecord.price_per_kg)
    each = f"{wording.euro(line.unit_price)} / {prices.unit_text(product=line.product)}"
    return f"{each} · {base}" if base else each


def note_text(line: ContentLine) -> str:
    """What is weighed later, with the most that it costs, and the deposit beside the price."""
    return " · ".join(filter(None, [_weighed(line), _deposit(line)]))


def _review_line(line: ContentLine, title: str, wrong: Mapping[int, str]) -> ReviewLine:
    return ReviewLine(
        title=title,
        quantity=line.quantity,
        unit=prices.unit_text(product=line.product),
        price=price_text(line),
        note=note_text(line),
        withdrawal=withdrawal.sentence(ground=line.product.withdrawal_ground),
        total=line.line_total,
        problem=wrong.get(line.product.pk, ""),
    )


def _weighed(line: ContentLine) -> str:
    """What goods that are weighed later will weigh, and the most they cost."""
    highest = _highest(line)
    if highest is None:
        return ""
    grams = wording.weight((line.product.expected_weight_g or 0) * line.quantity)
    return _("weighed when packed: approx. %(weight)s, %(highest)s at most") % {
        "weight": grams,
        "highest": wording.euro(highest),
    }


def _highest(line: ContentLine) -> Decimal | None:
    product, per_kg = line.product, line.stockrecord.price_per_kg
    if not product.catch_weight or per_kg is None or product.expected_weight_g is None:
        return None
    return prices.highest(
        price_per_kg=per_kg,
        expected_weight_g=product.expected_weight_g,
        tolerance_percent=product.tolerance_percent,
        quantity=line.quantity,
    )


def _deposit(line: ContentLine) -> str:
    if line.deposit_total <= money.ZERO:
        return ""
    return _("plus %(amount)s deposit") % {"amount": wording.euro(line.deposit_total)}
