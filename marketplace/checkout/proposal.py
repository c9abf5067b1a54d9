"""Decides what would be ordered: contents at their prices, in one window, with its fee and the tax in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from logistics import crates, daytime, orderable, rounds, stock, tariffs, unread
from logistics import goods as suitable
from logistics.crates import Load
from logistics.goods import Goods
from logistics.models import DeliveryRound, DeliveryWindow
from logistics.tariffs import NOWHERE, Door
from marketplace.assortments import sights
from marketplace.assortments.precedence import Sight
from marketplace.basket import baskets
from marketplace.basket.baskets import Contents
from marketplace.basket.models import Basket
from marketplace.catalogue import claims, columns
from marketplace.checkout.holdings import NOTHING, Held
from marketplace.core import money, rates
from marketplace.core.models import VatCategory
from marketplace.order import sums
from marketplace.order.sums import Part, Sums
from marketplace.vouchers import counting, selection
from marketplace.vouchers.counting import Outcome
from marketplace.vouchers.selection import Chosen
from marketplace.vouchers.standing import NOBODY, Person

VILLAGES = (
    *columns.under("pickup_point__municipality", columns.VILLAGE),
    *columns.under("partner__municipality", columns.VILLAGE),
)


@dataclass(frozen=True)
class Proposal:
    """What lies before the customer. The maps are keyed by stock record (`available`) and by product."""

    region_id: int
    contents: Contents
    window: DeliveryWindow | None
    rates: Mapping[str, Decimal]
    sums: Sums
    available: Mapping[int, int | None]
    hindrances: Mapping[int, str]
    titles: Mapping[int, str]
    #: the moment that counts for the cut-off
    at: datetime
    #: the day of the order, on which certificates have to be valid
    today: date
    held: Held = NOTHING
    vouchers: Outcome = counting.NONE
    #: articles (keys) that are not for this customer
    unseen: frozenset[int] = frozenset()
    #: where goods that are brought go, as far as it is known
    door: Door = NOWHERE
    #: for getting the goods, gross euro
    fee: Decimal = money.ZERO

    @property
    def fingerprint(self) -> str:
        """The same for the same contents with the same vouchers, brought for the same fee: what the customer agrees to."""
        fee = f"fee{self.fee}" if self.window and self.window.round.areas else ""
        return "|".join(part for part in (self.fingerprint_of_goods, fee) if part)

    @property
    def fingerprint_of_goods(self) -> str:
        """The same without the fee, for those who have agreed to whatever the area costs."""
        return "|".join(part for part in (self.contents.fingerprint, self.vouchers.fingerprint) if part)

    @property
    def delivery_round(self) -> DeliveryRound | None:
        """The round of the window."""
        return self.window.round if self.window else None

    @property
    def goods(self) -> Goods:
        """What a place to hand them over has to be right for."""
        return suitable.of_products(products=(line.product for line in self.contents.lines), today=self.today)

    @property
    def load(self) -> Load:
        """The room that the order takes in a round."""
        return crates.at_least_one(goods=((line.product, line.quantity) for line in self.contents.lines))

    @property
    def age_limit(self) -> int | None:
        """The age in years that whoever takes the goods must have reached."""
        return max((line.product.age_limit for line in self.contents.lines if line.product.age_limit), default=None)

    @property
    def asks_for_age(self) -> bool:
        """Whether the customer has yet to say that whoever takes the goods is old enough."""
        return (self.age_limit or 0) > self.held.age_limit


def draw_up(
    *,
    basket: Basket,
    window_id: int | None,
    at: datetime,
    began_at: datetime | None = None,
    held: Held = NOTHING,
    person: Person = NOBODY,
    door: Door = NOWHERE,
    sight: Sight | None = None,
) -> Proposal:
    """Read everything that an order of this basket in that window rests on, in a few queries whatever its size.

    A basket that was ordered before proposes nothing. `began_at` is when the customer began to check the order: see
    `logistics.rounds.moment_for`. `sight` is what the customer sees of the market, by default what the `person` sees.
    """
    contents = baskets.contents(basket=basket) if basket.status == Basket.OPEN else baskets.of_lines(lines=())
    return of_contents(
        contents=contents,
        window_id=window_id,
        region_id=basket.region_id,
        at=at,
        began_at=began_at,
        held=held,
        chosen=selection.of_basket(basket_id=baskets.key_for_codes(basket=basket)) if contents.lines else (),
        person=person,
        door=door,
        sight=sight,
    )


def of_contents(
    *,
    contents: Contents,
    window_id: int | None,
    region_id: int,
    at: datetime,
    began_at: datetime | None = None,
    held: Held = NOTHING,
    chosen: Sequence[Chosen] = (),
    person: Person = NOBODY,
    door: Door = NOWHERE,
    sight: Sight | None = None,
) -> Proposal:
    """The same for contents at hand, be they a basket's or those of an order that changes, with the vouchers `chosen`."""
    window = _window(window_id=window_id, region_id=region_id)
    at = rounds.moment_for(delivery_round=window.round, at=at, began_at=began_at) if window else at
    today = daytime.day_of(at)
    day = window.round.delivery_day if window else today
    known = rates.rates_on(day=day, categories=_categories(contents))
    fee = tariffs.fee_of(window=window, door=door, goods=contents.goods_total) if window else None
    vouchers = counting.of_contents(contents=contents, chosen=chosen, fee=fee, person=person, at=at)
    return Proposal(
        region_id=region_id,
        contents=contents,
        window=window,
        rates=known,
        sums=sums_of(contents=contents, fee=fee or money.ZERO, known=known, vouchers=vouchers),
        available=_available(contents=contents, window=window, held=held),
        hindrances=_hindrances(contents=contents, window=window, at=at),
        titles={line.product.pk: claims.title(product=line.product, today=today) for line in contents.lines},
        at=at,
        today=today,
        held=held,
        vouchers=vouchers,
        unseen=sights.unseen(
            articles=(line.product for line in contents.lines), region_id=region_id, user_id=person.user_id, sight=sight
        ),
        door=door,
        fee=fee or money.ZERO,
    )


def sums_of(*, contents: Contents, fee: Decimal, known: Mapping[str, Decimal], vouchers: Outcome = counting.NONE) -> Sums:
    """What the contents and the fee add up to, less vouchers, at these VAT rates by category."""
    parts = (
        Part(
            rate=known[line.product.vat_category],
            goods=line.line_total,
            deposit=line.deposit_total,
            discount=vouchers.of_line(place),
        )
        for place, line in enumerate(contents.lines)
    )
    return sums.add_up(parts=parts, fee=fee, fee_discount=vouchers.fee)


def _window(*, window_id: int | None, region_id: int) -> DeliveryWindow | None:
    if window_id is None:
        return None
    known = DeliveryWindow.objects.select_related("round__rule", "pickup_point__municipality", "partner__municipality")
    known = known.defer(*unread.OF_WINDOWS, *VILLAGES)
    return next(iter(known.filter(pk=window_id, round__region_id=region_id)), None)


def _categories(contents: Contents) -> tuple[str, ...]:
    """What is in the basket; the reduced rate stands in for an empty one."""
    return tuple(sorted({line.product.vat_category for line in contents.lines})) or (VatCategory.REDUCED.value,)


def _available(*, contents: Contents, window: DeliveryWindow | None, held: Held) -> Mapping[int, int | None]:
    """How many of each the customer can have, what is held for him included."""
    if window is None:
        return {}
    offers = {line.stockrecord.pk: line.stockrecord for line in contents.lines}
    free = stock.available_in(delivery_round=window.round, stockrecords=list(offers.values()))
    return {pk: held.left(stockrecord=offer, delivery_round=window.round, available=free[pk]) for pk, offer in offers.items()}


def _hindrances(*, contents: Contents, window: DeliveryWindow | None, at: datetime) -> dict[int, str]:
    if window is None:
        return {}
    return {
        line.product.pk: orderable.hindrance(
            product=line.product, partner=line.product.partner, delivery_round=window.round, at=at
        )
        for line in contents.lines
    }
