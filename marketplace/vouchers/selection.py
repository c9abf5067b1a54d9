"""Decides which vouchers are in play: those of a basket, those an order was given; and what each is for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from oscar.apps.offer.models import Benefit, ConditionalOffer

from marketplace.catalogue.models import Product
from marketplace.core import money, wording
from marketplace.order.models import Order
from marketplace.vouchers.models import VoucherTerms


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Which goods a voucher is for: of one producer, on some shelves (by path), or all. `text` says it to customers."""

    partner_id: int | None
    shelves: tuple[str, ...]
    text: str


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A voucher with its offers, loaded. `kept`: an order has been given it, so it is not asked again whether it holds."""

    terms: VoucherTerms
    offers: tuple[Any, ...]
    reach: Reach
    kept: bool = False

    @property
    def turn(self) -> tuple[int, str]:
        """When it has its turn."""
        return min((-offer.priority for offer in self.offers), default=0), self.terms.code

    @property
    def is_exclusive(self) -> bool:
        """Whether it bears no other voucher beside it."""
        return any(offer.exclusive for offer in self.offers)

    @property
    def minimum(self) -> Decimal:
        """What the goods have to come to."""
        return max((offer.condition.value or money.ZERO for offer in self.offers), default=money.ZERO)

    @property
    def reduction(self) -> Any:
        """The offer that takes something off the goods; None when there is none."""
        return next((offer for offer in self.offers if not _frees(offer)), None)

    @property
    def delivery(self) -> Any:
        """The offer that makes the delivery free; None when there is none."""
        return next((offer for offer in self.offers if _frees(offer)), None)

    @property
    def percent(self) -> Decimal | None:
        """The percentage that it takes off the goods; None for an amount or none."""
        offer = self.reduction
        return offer.benefit.value if offer is not None and offer.benefit.type == Benefit.PERCENTAGE else None

    @property
    def text(self) -> str:
        """What it does, e.g. "10 % off, free delivery"."""
        offer, words = self.reduction, []
        if offer is not None:
            value = offer.benefit.value
            much = wording.quantity(value, unit="%") if self.percent is not None else wording.euro(value)
            words.append(_("%(much)s off") % {"much": much})
        if self.delivery is not None:
            words.append(_("free delivery"))
        return ", ".join(words)


def of_basket(*, basket_id: int | None) -> list[Chosen]:
    """The vouchers that a customer has put into a basket: one query when there are none, else three."""
    return load(terms=VoucherTerms.objects.filter(voucher__basket=basket_id)) if basket_id else []


def of_order(*, order: Order) -> list[Chosen]:
    """The vouchers that an order was given and still has, whatever they take off now."""
    given = VoucherTerms.objects.filter(voucher__applications__order=order)
    return [Chosen(terms=one.terms, offers=one.offers, reach=one.reach, kept=True) for one in load(terms=given)]


def load(*, terms: "QuerySet[VoucherTerms]") -> list[Chosen]:
    """The vouchers with all that is needed to reckon with them."""
    offers = ConditionalOffer.objects.select_related("condition", "benefit__range").order_by("-priority", "pk")
    rows = terms.select_related("voucher", "bearer", "goods_of").order_by("code", "pk")
    found = rows.prefetch_related(
        Prefetch("voucher__offers", queryset=offers), "voucher__offers__benefit__range__included_categories"
    )
    return [_chosen(row) for row in found]


def shelves_of(*, chosen: Iterable[Chosen], products: Sequence[Product]) -> dict[int, tuple[str, ...]]:
    """Paths of the shelves on which the products stand, by product; one query, none when no voucher is for a shelf."""
    if not any(one.reach.shelves for one in chosen):
        return {}
    rows = Product.categories.through.objects.filter(product__in=[product.pk for product in products])
    found: dict[int, tuple[str, ...]] = {}
    for product, path in rows.values_list("product", "category__path").order_by("pk"):
        found[product] = (*found.get(product, ()), path)
    return found


def _chosen(terms: VoucherTerms) -> Chosen:
    offers = tuple(terms.voucher.offers.all())
    shelves = {
        shelf.path: shelf.name
        for offer in offers
        if offer.benefit.range
        for shelf in offer.benefit.range.included_categories.all()
    }
    whose = _("goods of %(producer)s") % {"producer": terms.goods_of.name} if terms.goods_of else ""
    what = ", ".join(shelves.values())
    text = " · ".join(part for part in (whose, what) if part) or _("all goods")
    return Chosen(terms=terms, offers=offers, reach=Reach(partner_id=terms.goods_of_id, shelves=tuple(shelves), text=text))


def _frees(offer: Any) -> bool:
    return bool(offer.benefit.type == Benefit.SHIPPING_PERCENTAGE)
