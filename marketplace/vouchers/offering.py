"""Decides what the office and producers may offer as a voucher, and writes it as Oscar's voucher with its offers."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from oscar.apps.offer.models import Benefit, Condition, ConditionalOffer, Range
from oscar.apps.voucher.models import Voucher

from marketplace.catalogue.models import Category
from marketplace.core import audit, money
from marketplace.order.models import OrderDiscount
from marketplace.partner.models import Partner
from marketplace.regions.models import Region
from marketplace.users.models import User
from marketplace.vouchers.models import VoucherTerms

_CODE = re.compile(r"[A-Z0-9ÄÖÜ-]{4,30}")
#: who has the first turn: see `Chosen.turn`
_BORNE, _PERCENT = 2, 1
_WORTH, _REDUCTION, _FREE = (f"marketplace.vouchers.models.{name}" for name in ("Worth", "Reduction", "FreeDelivery"))


class NotOffered(Exception):
    """The voucher cannot be offered like this; `field` is where, the message is for who writes it."""

    def __init__(self, field: str, text: str) -> None:
        self.field = field
        super().__init__(text)


@dataclass(frozen=True, kw_only=True)
class Promise:
    """All that a voucher says. `percent` or `amount` (euro), or neither for free delivery alone; both days are included.

    `uses_in_all` and `uses_per_person` None: as often as one likes. `bearer` None: the operator of the region.
    """

    code: str
    title: str
    valid_from: date
    valid_until: date
    percent: Decimal | None = None
    amount: Decimal | None = None
    free_delivery: bool = False
    bearer: Partner | None = None
    goods_of: Partner | None = None
    category: Category | None = None
    minimum: Decimal = money.ZERO
    is_combinable: bool = False
    first_order_only: bool = False
    uses_in_all: int | None = None
    uses_per_person: int | None = 1


@transaction.atomic
def offer(*, region: Region, promise: Promise, at: datetime, by: User | None) -> VoucherTerms:
    """Write a new voucher. Raises `NotOffered`."""
    _check(promise, region)
    if VoucherTerms.objects.filter(region=region, code=promise.code).exists():
        raise NotOffered("code", _("This code exists already. Please choose another one."))
    name = f"{region.slug}:{promise.code}"
    voucher = Voucher.objects.create(name=name, code=name, usage=Voucher.MULTI_USE, **_days(promise))
    terms = VoucherTerms(region=region, voucher=voucher, code=promise.code)
    _write(terms, promise)
    _write_offers(terms, promise)
    audit.record(action="voucher.offer", target=terms, at=at, by=by, new=_told(promise))
    return terms


@transaction.atomic
def change(*, terms: VoucherTerms, promise: Promise, at: datetime, by: User | None) -> VoucherTerms:
    """Change a voucher. Once somebody has used it, only its text, its last day and its numbers can change.

    Raises `NotOffered`, also for a limit below what was used already.
    """
    locked = VoucherTerms.objects.select_for_update(of=("self",)).select_related("voucher", "region").get(pk=terms.pk)
    _check(promise, locked.region)
    if promise.uses_in_all is not None and promise.uses_in_all < locked.used:
        raise NotOffered("uses_in_all", _("It has been used %(number)s times already.") % {"number": locked.used})
    if not was_used(terms=locked):
        _write_offers(locked, promise)
    elif _kept(promise_of(terms=locked)) != _kept(promise):
        raise NotOffered("", _("This voucher has been used: what it takes off and when it holds stays as it is."))
    Voucher.objects.filter(pk=locked.voucher_id).update(**_days(promise))
    _write(locked, promise)
    audit.record(action="voucher.change", target=locked, at=at, by=by, new=_told(promise))
    return locked


@transaction.atomic
def end(*, terms: VoucherTerms, at: datetime, by: User | None) -> None:
    """Let a voucher end now; what orders have been given they keep. Ending it twice changes nothing."""
    if Voucher.objects.filter(pk=terms.voucher_id, end_datetime__gt=at).update(end_datetime=at):
        audit.record(action="voucher.end", target=terms, at=at, by=by)


def was_used(*, terms: VoucherTerms) -> bool:
    """Whether an order was ever given it, cancelled ones included: what they say must stay true."""
    offers = terms.voucher.offers.values("pk")
    return terms.used > 0 or OrderDiscount.objects.filter(offer_id__in=offers).exists()


def promise_of(*, terms: VoucherTerms) -> Promise:
    """What a voucher says now."""
    offers = list(terms.voucher.offers.select_related("benefit__range", "condition").order_by("-priority", "pk"))
    reduction = next((one for one in offers if one.benefit.type != Benefit.SHIPPING_PERCENTAGE), None)
    is_percent = reduction is not None and reduction.benefit.type == Benefit.PERCENTAGE
    value = reduction.benefit.value if reduction is not None else None
    return Promise(
        code=terms.code,
        title=terms.title,
        valid_from=timezone.localdate(terms.voucher.start_datetime),
        valid_until=timezone.localdate(terms.voucher.end_datetime - timedelta(seconds=1)),
        percent=value if is_percent else None,
        amount=None if is_percent else value,
        free_delivery=any(one.benefit.type == Benefit.SHIPPING_PERCENTAGE for one in offers),
        bearer=terms.bearer,
        goods_of=terms.goods_of,
        category=offers[0].benefit.range.included_categories.order_by("pk").first() if offers[0].benefit.range else None,
        minimum=offers[0].condition.value or money.ZERO,
        is_combinable=not offers[0].exclusive,
        first_order_only=terms.first_order_only,
        uses_in_all=terms.uses_in_all,
        uses_per_person=terms.uses_per_person,
    )


def _check(promise: Promise, region: Region) -> None:
    if not _CODE.fullmatch(promise.code):
        raise NotOffered("code", _("A code has 4 to 30 letters and digits, e.g. SUMMER10."))
    if promise.percent is not None and promise.amount is not None:
        raise NotOffered("amount", _("A voucher takes off a percentage or an amount, not both."))
    if promise.percent is None and promise.amount is None and not promise.free_delivery:
        raise NotOffered("percent", _("Please say what the voucher takes off."))
    if promise.percent is not None and not 0 < promise.percent <= 100:
        raise NotOffered("percent", _("A percentage lies above 0 and is 100 at most."))
    if promise.amount is not None and promise.amount <= 0:
        raise NotOffered("amount", _("Please give an amount above zero."))
    if promise.valid_until < promise.valid_from:
        raise NotOffered("valid_until", _("The last day lies before the first."))
    _check_bearer(promise, region)


def _check_bearer(promise: Promise, region: Region) -> None:
    if any(one is not None and one.region_id != region.pk for one in (promise.bearer, promise.goods_of)):
        raise NotOffered("goods_of", _("This producer does not belong to your market."))
    if promise.bearer is None:
        return
    if promise.goods_of is None or promise.goods_of.pk != promise.bearer.pk:
        raise NotOffered("bearer", _("A producer bears only discounts on own goods."))
    if promise.free_delivery:
        raise NotOffered("free_delivery", _("Free delivery is borne by the market, not by a producer."))


def _write(terms: VoucherTerms, promise: Promise) -> None:
    terms.title = promise.title
    terms.bearer, terms.goods_of = promise.bearer, promise.goods_of
    terms.first_order_only = promise.first_order_only
    terms.uses_in_all, terms.uses_per_person = promise.uses_in_all, promise.uses_per_person
    terms.save()


def _write_offers(terms: VoucherTerms, promise: Promise) -> None:
    """Oscar's rows: a range of goods, what they must come to, and an offer for the reduction and for free delivery."""
    _forget_offers(terms)
    name = terms.voucher.name
    goods = Range.objects.create(name=name, includes_all_products=promise.category is None)
    if promise.category is not None:
        goods.included_categories.add(promise.category)
    condition = Condition.objects.create(
        range=goods, type=Condition.VALUE, value=promise.minimum or money.ZERO, proxy_class=_WORTH
    )
    offers = []
    if promise.percent is not None or promise.amount is not None:
        kind = Benefit.PERCENTAGE if promise.percent is not None else Benefit.FIXED
        value = promise.percent if promise.percent is not None else promise.amount
        benefit = Benefit.objects.create(range=goods, type=kind, value=value, proxy_class=_REDUCTION)
        offers.append(_offer(name, promise, condition, benefit))
    if promise.free_delivery:
        free = Benefit.objects.create(range=goods, type=Benefit.SHIPPING_PERCENTAGE, value=100, proxy_class=_FREE)
        offers.append(_offer(f"{name} 2", promise, condition, free))
    terms.voucher.offers.set(offers)


def _offer(name: str, promise: Promise, condition: Any, benefit: Any) -> Any:
    is_percent = benefit.type == Benefit.PERCENTAGE
    return ConditionalOffer.objects.create(
        name=name,
        offer_type=ConditionalOffer.VOUCHER,
        exclusive=not promise.is_combinable,
        condition=condition,
        benefit=benefit,
        priority=_BORNE * (promise.bearer is not None) + _PERCENT * is_percent,
        max_basket_applications=1,
    )


def _forget_offers(terms: VoucherTerms) -> None:
    offers = list(terms.voucher.offers.select_related("condition", "benefit"))
    for one in offers:
        one.delete()
    Benefit.objects.filter(pk__in=[one.benefit_id for one in offers]).delete()
    Condition.objects.filter(pk__in=[one.condition_id for one in offers]).delete()
    Range.objects.filter(name=terms.voucher.name).delete()


def _days(promise: Promise) -> dict[str, datetime]:
    """From the first minute of the first day to the last of the last, by the clock of the region."""
    first, after = promise.valid_from, promise.valid_until + timedelta(days=1)
    return {"start_datetime": _begin(first), "end_datetime": _begin(after)}


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _kept(promise: Promise) -> tuple[Any, ...]:
    """What stays once it was used."""
    return (
        promise.code,
        promise.percent,
        promise.amount,
        promise.free_delivery,
        promise.bearer,
        promise.goods_of,
        promise.category,
        promise.minimum,
        promise.is_combinable,
        promise.first_order_only,
        promise.valid_from,
    )


def _told(promise: Promise) -> dict[str, Any]:
    """The promise as plain values, for the trail."""
    return {name: str(value) for name, value in vars(promise).items() if value not in (None, False, "")}
