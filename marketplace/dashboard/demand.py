"""Says what customers have ordered of a producer's goods in a round: sums only, never who ordered."""

from collections.abc import Collection as Some
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum

from logistics.models import Delivery
from marketplace.core import money
from marketplace.order.models import Line, Order, OrderLineDiscount
from marketplace.partner.models import Partner


@dataclass(frozen=True, kw_only=True)
class ArticleSum:
    """How many of an article are ordered in all; `gross` euro at the prices agreed."""

    title: str
    unit: str
    quantity: int
    gross: Decimal
    weighed: bool
    cold: bool


@dataclass
class Brief:
    """A round in figures for one producer; `gross` euro without deposits, also by VAT category and article."""

    orders: int = 0
    pieces: int = 0
    by_article: dict[tuple[str, int | None], Decimal] = field(default_factory=dict)

    @property
    def gross(self) -> Decimal:
        """What customers pay for the goods."""
        return sum(self.by_article.values(), money.ZERO)


def briefs(*, partner: Partner, round_ids: Some[int]) -> dict[int, Brief]:
    """The figures of several rounds, by round; a voucher that the producer bears is taken off. Two queries."""
    found = {pk: Brief() for pk in round_ids}
    if not found:
        return found
    ordered = _ordered(partner).filter(order__delivery__round__in=found)
    off = OrderLineDiscount.objects.filter(line=OuterRef("pk"), order_discount__bearer=partner)
    borne = Subquery(off.order_by().values("line").annotate(sum=Sum("amount")).values("sum"))
    by_round = ordered.annotate(borne=borne).values_list("order__delivery__round", "vat_category", "product")
    sums = by_round.annotate(Sum("quantity"), Sum("line_price_before_discounts_incl_tax"), Sum("borne"))
    for pk, category, product, pieces, gross, amount in sums.order_by():
        found[pk].pieces += pieces
        found[pk].by_article[category, product] = (gross or money.ZERO) - (amount or money.ZERO)
    orders = ordered.values_list("order__delivery__round").annotate(Count("order", distinct=True)).order_by()
    for pk, number in orders:
        found[pk].orders = number
    return found


def articles(*, partner: Partner, round_id: int) -> list[ArticleSum]:
    """Each article in all, by name. One query."""
    rows = (
        _ordered(partner)
        .filter(order__delivery__round=round_id)
        .values("title", "unit_text", "catch_weight", "storage")
        .annotate(pieces=Sum("quantity"), gross=Sum("line_price_before_discounts_incl_tax"))
        .order_by("title", "unit_text")
    )
    return [
        ArticleSum(
            title=row["title"],
            unit=row["unit_text"],
            quantity=row["pieces"],
            gross=row["gross"] or money.ZERO,
            weighed=row["catch_weight"],
            cold=row["storage"] != "ambient",
        )
        for row in rows
    ]


def _ordered(partner: Partner) -> QuerySet[Line]:
    rows: QuerySet[Line] = Line.objects.filter(partner=partner)
    return rows.exclude(order__status=Order.Status.CANCELLED).exclude(order__delivery__status=Delivery.Status.CANCELLED)
