"""Decides whether a producer's minimum for a round is reached by all orders together, and what is missing until it is.

What counts is the agreed price of the goods, without deposits and before vouchers; farm pickup counts too.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from django.db.models import DecimalField, F, Sum
from django.utils.translation import gettext as _

from logistics.models import DeliveryRound
from marketplace.core import money, wording
from marketplace.order import amounts
from marketplace.order.models import Line, Order
from marketplace.partner.models import Partner

_MONEY = DecimalField(max_digits=12, decimal_places=2)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shortfall:
    """What was ordered of a producer for a round and what it packs from, in euro."""

    partner_id: int
    ordered: Decimal
    minimum: Decimal

    @property
    def missing(self) -> Decimal:
        """What is missing."""
        return self.minimum - self.ordered


def below(*, lines: Iterable[Line]) -> dict[int, Shortfall]:
    """The producers whose minimum these lines of a round do not reach, by partner id. One query."""
    ordered: dict[int, Decimal] = {}
    for line in lines:
        if line.partner_id is not None:
            worth = amounts.goods_gross(line=line, quantity=line.quantity, weight_g=None)
            ordered[line.partner_id] = ordered.get(line.partner_id, money.ZERO) + worth
    limits = Partner.objects.filter(pk__in=ordered, minimum_round__gt=0).order_by("pk").values_list("pk", "minimum_round")
    return {pk: Shortfall(partner_id=pk, ordered=ordered[pk], minimum=minimum) for pk, minimum in limits if ordered[pk] < minimum}


def missing_in(
    *,
    delivery_round: DeliveryRound | None,
    partners: Iterable[Partner],
    more: Mapping[int, Decimal] = MappingProxyType({}),
) -> dict[int, Decimal]:
    """What is missing in an open round, by partner id; only of producers with a minimum that is not reached yet.

    `more` is what somebody is about to order of each, in euro. One query, none without such producers or without a round.
    """
    limits = {partner.pk: partner.minimum_round for partner in partners if partner.minimum_round}
    if not limits or delivery_round is None:
        return {}
    lines = Line.objects.filter(order__delivery__round=delivery_round, partner__in=limits).exclude(
        order__status=Order.Status.CANCELLED
    )
    sums = lines.order_by().values("partner").annotate(sum=Sum(F("unit_price_incl_tax") * F("quantity"), output_field=_MONEY))
    ordered = dict(sums.values_list("partner", "sum"))
    left = {pk: limit - ordered.get(pk, money.ZERO) - more.get(pk, money.ZERO) for pk, limit in limits.items()}
    return {pk: missing for pk, missing in left.items() if missing > 0}


def sentence(*, partner: Partner, missing: Decimal | None) -> str:
    """`Hof Beispiel packt ab 50,00 €: noch 12,40 € in dieser Runde`; empty when nothing is missing."""
    if not missing:
        return ""
    words = {"name": partner.name, "minimum": wording.euro(partner.minimum_round), "missing": wording.euro(missing)}
    return _("%(name)s packs from %(minimum)s on: %(missing)s to go in this round") % words
