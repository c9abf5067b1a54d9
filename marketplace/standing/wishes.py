"""Reads what a standing order can be made of: the articles of an order, of the basket, or of one that runs already."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import F, Q
from django.utils import dateformat
from django.utils.translation import gettext as _

from logistics import daytime
from logistics.models import RoundRule, RuleWindow
from marketplace.assortments import sights
from marketplace.basket.models import Basket
from marketplace.basket.models import Line as BasketLine
from marketplace.catalogue import claims, prices
from marketplace.catalogue.models import Product
from marketplace.core import money, wording
from marketplace.core.wishes import Substitution
from marketplace.order.models import Line as OrderLine
from marketplace.order.models import Order
from marketplace.partner.models import StockRecord
from marketplace.regions.models import Region
from marketplace.standing.models import Rhythm, StandingOrder


@dataclass(frozen=True, kw_only=True)
class Row:
    """One article as the form shows it. `price` is today's, gross euro a piece; None when nobody sells it any more.

    `deposit` is euro a piece, `weighed` says that the price follows the weight.
    """

    product_id: int
    title: str
    producer_id: int = 0
    producer: str = ""
    unit: str = ""
    price: Decimal | None = None
    quantity: int = 1
    rhythm: str = Rhythm.WEEKLY
    substitution: str = Substitution.LEAVE_OUT
    note: str = ""
    age_limit: int = 0
    deposit: Decimal = money.ZERO
    weighed: bool = False


def of_order(*, order: Order, today: date) -> list[Row]:
    """The articles of an order that are still sold; pieces of one article at two prices are counted together."""
    wanted: dict[int, tuple[int, str, str]] = {}
    for line in OrderLine.objects.filter(order=order, product__isnull=False).order_by("pk"):
        before = wanted.get(line.product_id, (0, "", ""))[0]
        wanted[line.product_id] = (before + line.quantity, line.substitution, line.note)
    offers = _offers(region_id=order.region_id, user_id=order.user_id, product_ids=wanted)
    return [
        replace(_row(offers[pk], today), quantity=quantity, substitution=wish, note=note)
        for pk, (quantity, wish, note) in wanted.items()
        if pk in offers
    ]


def of_basket(*, basket: Basket, today: date) -> list[Row]:
    """What lies in the basket and is sold."""
    if not basket.pk:
        return []
    lines = list(BasketLine.objects.filter(basket=basket).order_by("pk"))
    offers = _offers(region_id=basket.region_id, user_id=basket.owner_id, product_ids=[line.product_id for line in lines])
    return [
        replace(_row(offers[line.product_id], today), quantity=line.quantity, substitution=line.substitution, note=line.note)
        for line in lines
        if line.product_id in offers
    ]


def of_standing(*, standing: StandingOrder, today: date) -> list[Row]:
    """The list as it is; what nobody sells at present stays on it. Needs the lines with their articles."""
    lines = [line for line in sorted(standing.lines.all(), key=lambda line: line.pk) if line.product is not None]
    keys = [line.product_id or 0 for line in lines]
    offers = _offers(region_id=standing.region_id, user_id=standing.user_id, product_ids=keys)
    found = []
    for line in lines:
        offer = offers.get(line.product_id or 0)
        row = _row(offer, today) if offer is not None else Row(product_id=line.product_id or 0, title=line.title)
        row = replace(row, quantity=line.quantity, rhythm=line.rhythm)
        found.append(replace(row, substitution=line.substitution, note=line.note))
    return found


def windows(*, region: Region, producers: Collection[int] = ()) -> list[tuple[RuleWindow, str]]:
    """The places and times that the round plans of a region offer, each with its words; at the door first. One query.

    A farm is offered when all goods are its own: `producers` are whose goods are on the list.
    """
    rows = RuleWindow.objects.filter(rule__region=region, rule__is_active=True).exclude(rule__frequency=RoundRule.Frequency.ONCE)
    rows = rows.filter(Q(pickup_point__isnull=True) | Q(pickup_point__is_active=True))
    rows = rows.filter(Q(partner__isnull=True) | Q(partner__in=producers if len(producers) == 1 else ()))
    known = list(rows.select_related("rule", "pickup_point", "partner"))
    known.sort(key=lambda row: (row.rule_id, _kind(row), _name(row), row.starts, row.pk))
    return [(row, window_text(window=row)) for row in known]


def window_text(*, window: RuleWindow) -> str:
    """`Samstags an Ihre Haustür, 10:00–12:00 Uhr (3,90 €)`."""
    fee = wording.euro(window.fee) if window.fee else _("free of charge")
    return f"{day_name(rule=window.rule)}: {_name(window)}, {wording.clock_span(window.starts, window.ends)} ({fee})"


def day_name(*, rule: RoundRule) -> str:
    """`Samstag`, or `Samstag, alle zwei Wochen`."""
    name = dateformat.format(rule.first_day, "l")
    return name if rule.frequency == RoundRule.Frequency.WEEKLY else f"{name}, {rule.get_frequency_display()}"


def usual_window(*, order: Order, windows: Iterable[RuleWindow]) -> int | None:
    """The window of the plans that an order came in, if there is one still."""
    own = order.delivery.window
    starts = own.starts_at.astimezone(daytime.ZONE).time()
    same = [
        row
        for row in windows
        if row.rule_id == own.round.rule_id and (row.pickup_point_id, row.partner_id) == (own.pickup_point_id, own.partner_id)
    ]
    exact = [row.pk for row in same if row.starts == starts]
    return next(iter(exact), next((row.pk for row in same), None))


def window_of(*, standing: StandingOrder, windows: Iterable[RuleWindow]) -> int | None:
    """The window that a standing order wishes for, if the plan still has it."""
    where = (standing.rule_id, standing.pickup_point_id, standing.partner_id, standing.window_starts)
    return next((row.pk for row in windows if (row.rule_id, row.pickup_point_id, row.partner_id, row.starts) == where), None)


def _name(window: RuleWindow) -> str:
    place = window.pickup_point or window.partner
    return place.name if place else _("brought to your door")


def _kind(window: RuleWindow) -> int:
    return (window.pickup_point_id is not None) + 2 * (window.partner_id is not None)


def _row(offer: StockRecord, today: date) -> Row:
    product: Product = offer.product
    return Row(
        product_id=product.pk,
        title=claims.title(product=product, today=today),
        producer_id=product.partner_id,
        producer=product.partner.name,
        unit=prices.unit_text(product=product),
        price=offer.price,
        age_limit=product.age_limit or 0,
        deposit=product.deposit,
        weighed=product.catch_weight,
    )


def _offers(*, region_id: int, user_id: int | None, product_ids: Iterable[int]) -> dict[int, StockRecord]:
    """What is on show to a person, by product, with article and producer."""
    rows = StockRecord.objects.filter(product__in=list(product_ids), product__partner=F("partner"))
    shown = rows.filter(product__is_public=True, partner__region_id=region_id, partner__status="approved")
    found = {row.product_id: row for row in shown.select_related("product__partner__municipality").order_by("-pk")}
    products = [row.product for row in found.values()]
    gone = sights.unseen(articles=products, region_id=region_id, user_id=user_id)
    return {pk: row for pk, row in found.items() if pk not in gone}
