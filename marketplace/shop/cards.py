"""Decides what a card says of an article or a producer; used by the shop's lists and by blocks of the editors' pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import F, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing import net_prices
from logistics import daytime, stock
from logistics.models import DeliveryRound
from marketplace.catalogue import claims, prices, seasons
from marketplace.catalogue.models import Product
from marketplace.core import money, vat, wording
from marketplace.partner.models import Partner, StockRecord
from marketplace.pictures import sizes
from marketplace.pictures.sizes import ShownPicture, Size
from marketplace.regions.models import Region
from marketplace.shop import offered, reasons

#: from here on the card says how few are left
FEW = 5
OFFER = (
    "pk", "price", "price_per_kg", "stock_kind", "num_in_stock", "num_allocated", "per_round", "reduced_until", "lowest_before",
)  # fmt: skip
#: what a card reads of an article, its producer, village and picture; the rest, the producers' bank accounts with it, stays
#: where it is. Django weighs each column anew at each request, so a list of all of them costs a third more
COLUMNS = (
    "title", "slug", "upc", "kind", "is_public", "priority", "date_created", "sales_unit", "net_content", "net_unit",
    "catch_weight", "expected_weight_g", "tolerance_percent", "vat_category", "deposit", "is_organic", "age_limit",
    "season_months", "lead_time_days", "minimum_quantity",
    "partner__name", "partner__region", "partner__status", "partner__organic_code", "partner__organic_valid_until",
    "partner__closed_from", "partner__closed_until", "partner__municipality__name",
    "picture__title", "picture__file", "picture__description", "picture__credit", "picture__width", "picture__height",
    "picture__focal_point_x", "picture__focal_point_y", "picture__focal_point_width", "picture__focal_point_height",
)  # fmt: skip
#: what the article's own page reads besides
PAGE_COLUMNS = (
    "description", "allergens", "diet", "labels", "withdrawal_ground", "ingredients", "origin", "storage",
    "partner__slug", "partner__kind", "partner__short", "partner__street", "partner__postal_code", "partner__city",
)  # fmt: skip
TONES = ("leaf", "honey", "clay", "sky", "berry", "linen")


@dataclass(frozen=True)
class Badge:
    """A short mark; `kind` sets its colour."""

    kind: str
    text: str


@dataclass(frozen=True)
class ProductCard:
    """An article in a list, as `components/product_card.html` shows it. Money is euro including VAT."""

    product_id: int
    url: str
    add_url: str
    title: str
    producer_name: str
    village: str
    picture: ShownPicture | None
    alt: str
    tone: str
    icon: str
    price: Decimal
    unit_label: str
    base_price: str
    deposit: Decimal
    catch_weight_text: str
    #: of a reduced price: what it was before, as section 11 PAngV wants it told
    was: str
    badges: tuple[Badge, ...]
    orderable: bool
    reason: str
    #: for businesses, whose prices stand without VAT: what the price is with it
    with_vat: str = ""


@dataclass(frozen=True)
class ProducerCard:
    """A producer in a list, as `components/producer_card.html` shows it."""

    partner_id: int
    url: str
    name: str
    village: str
    picture: ShownPicture | None
    alt: str
    initials: str
    tone: str
    claim: str
    badges: tuple[Badge, ...]


@dataclass(frozen=True)
class Standing:
    """Whether and how an article can be had: its offer, how many are left (None: no limit), and what stands against it."""

    offer: StockRecord
    left: int | None
    reason: str


def with_offers(*, products: QuerySet[Product], delivery_round: DeliveryRound | None = None) -> QuerySet[Product]:
    """The same articles with all that a card needs and no more, still one query; works on a queryset that is cut, too.

    With a round the rows know what it has sold of them.
    """
    columns: dict[str, Any] = {f"offer_{name}": F(f"stockrecords__{name}") for name in OFFER}
    if delivery_round is not None:
        taken = stock.taken_in(delivery_round=delivery_round, offer="stockrecords")
        columns |= {"offer_round": Value(delivery_round.pk), "offer_taken": taken}
    shown: QuerySet[Product] = products.annotate(**columns).select_related("partner__municipality", "picture").only(*COLUMNS)
    return shown


def cards(
    *,
    products: Iterable[Product],
    region: Region,
    at: datetime,
    delivery_round: DeliveryRound | None,
    rounds: offered.Offered | None = None,
    net: net_prices.Rates | None = None,
) -> list[ProductCard]:
    """Cards of articles of a region for a round: three queries for any number (articles, pictures, stock of the round).

    With `net` (VAT rates in percent by category) prices stand without VAT.

    `products` is a queryset (`with_offers` is put on it), or rows that `with_offers` loaded. Articles of other regions and
    those without an offer are left out.
    """
    plain = isinstance(products, QuerySet) and "offer_price" not in products.query.annotations
    rows = with_offers(products=products) if plain and isinstance(products, QuerySet) else products
    shown = [product for product in rows if product.partner.region_id == region.pk and _has_offer(product)]
    known = rounds or offered.Offered(current=delivery_round, open=(delivery_round,) if delivery_round else ())
    stands = standings(products=shown, at=at, rounds=known)
    sizes.look_up(pictures=[product.picture for product in shown], sizes=(sizes.CARD,))
    return [card(product=product, stands=stands[product.pk], at=at, net=net) for product in shown]


def standings(*, products: Sequence[Product], at: datetime, rounds: offered.Offered) -> dict[int, Standing]:
    """How each article stands in the round that goods are shown for, by article id.

    At most one query, none for rows which `with_offers` loaded for that round.
    """
    offers = {product.pk: offer_of(product=product) for product in products}
    current = rounds.current
    left: Mapping[int, int | None] = {}
    if current and offers:
        known = all(getattr(product, "offer_round", None) == current.pk for product in products)
        taken = {offers[product.pk].pk: getattr(product, "offer_taken", 0) or 0 for product in products} if known else None
        left = stock.available_in(delivery_round=current, stockrecords=list(offers.values()), taken=taken)
    return {
        product.pk: Standing(
            offer=offers[product.pk],
            left=left.get(offers[product.pk].pk),
            reason=reasons.against(
                product=product, offer=offers[product.pk], left=left.get(offers[product.pk].pk), rounds=rounds, at=at
            ),
        )
        for product in products
    }


def offer_of(*, product: Product) -> StockRecord:
    """The offer that `with_offers` loaded beside the article."""
    values = {name: getattr(product, f"offer_{name}") for name in OFFER}
    return StockRecord(product=product, partner=product.partner, **values)


def is_reduced(*, offer: StockRecord, today: date) -> bool:
    """Whether the price is lowered today."""
    return offer.reduced_until is not None and offer.reduced_until >= today


def was(*, offer: StockRecord, today: date, rate: Decimal = money.ZERO) -> str:
    """`vorher 5,40 € (niedrigster Preis der letzten 30 Tage)`; empty where the price is not reduced (section 11 PAngV).

    With a VAT `rate` in percent, without that VAT.
    """
    if not is_reduced(offer=offer, today=today) or offer.lowest_before is None:
        return ""
    before = wording.euro(vat.without(offer.lowest_before, rate)) + ("/kg" if offer.price_per_kg is not None else "")
    return _("%(price)s before (lowest price of the last 30 days)") % {"price": before}


def badges(*, product: Product, left: int | None, today: date, reduced: bool = False) -> tuple[Badge, ...]:
    """The marks of an article, the most important first: organic only with a certificate that is valid today."""
    marks = [Badge("scarce", _("reduced"))] if reduced else []
    if claims.shows_organic(product=product, today=today):
        marks.append(Badge("organic", _("Organic")))
    if seasons.is_seasonal_now(product=product, day=today):
        marks.append(Badge("season", _("In season")))
    if left is not None and 0 < left <= FEW:
        marks.append(Badge("scarce", _("%(left)s left") % {"left": left}))
    if product.age_limit is not None:
        marks.append(Badge("age", _("from %(age)s") % {"age": product.age_limit}))
    if product.lead_time_days > 1:
        marks.append(Badge("craft", _("made to order")))
    return tuple(marks)


def producer_cards(*, partners: QuerySet[Partner], today: date) -> list[ProducerCard]:
    """Cards of producers: two queries for any number."""
    return producer_cards_of(partners=list(partners.select_related("municipality", "picture")), today=today)


def producer_cards_of(*, partners: Sequence[Partner], today: date) -> list[ProducerCard]:
    """Cards of producers that are loaded with village and picture: one query."""
    sizes.look_up(pictures=[partner.picture for partner in partners], sizes=(sizes.CARD,))
    return [_producer_card(partner, today) for partner in partners]


def _has_offer(product: Product) -> bool:
    return getattr(product, "offer_price", None) is not None


def card(
    *, product: Product, stands: Standing, at: datetime, size: Size = sizes.CARD, net: net_prices.Rates | None = None
) -> ProductCard:
    """One card from rows that are at hand; no query when the picture is looked up in that size.

    With `net` (VAT rates in percent by category) its prices stand without VAT.
    """
    offer, today = stands.offer, daytime.day_of(at)
    rate = net[product.vat_category] if net else money.ZERO
    base = prices.base_price(product=product, price=offer.price, price_per_kg=offer.price_per_kg)
    picture = sizes.shown(picture=product.picture, size=size)
    title = claims.title(product=product, today=today)
    return ProductCard(
        product_id=product.pk,
        url=_address("catalogue:detail", product.slug, product.pk),
        add_url=_address("basket:add", product.pk),
        title=title,
        producer_name=product.partner.name,
        village=product.partner.municipality.name,
        picture=picture,
        alt=(picture.alt if picture else "") or title,
        tone=TONES[product.partner_id % len(TONES)],
        icon="wrench" if product.kind == Product.Kind.SERVICE else "sprout",
        price=vat.without(offer.price, rate),
        unit_label=_unit_label(product),
        base_price=str(base.without(rate=rate)) if base else "",
        deposit=vat.without(product.deposit, rate),
        catch_weight_text=prices.weighed_text(product=product, price_per_kg=offer.price_per_kg, rate=rate),
        was=was(offer=offer, today=today, rate=rate),
        badges=badges(product=product, left=stands.left, today=today, reduced=is_reduced(offer=offer, today=today)),
        orderable=not stands.reason,
        reason=stands.reason,
        with_vat=_with_vat(offer.price, rate) if net else "",
    )


def _with_vat(price: Decimal, rate: Decimal) -> str:
    """`netto, mit 7 % MwSt. 4,90 €`."""
    return _("without VAT, %(price)s with %(rate)s") % {
        "price": wording.euro(price),
        "rate": wording.quantity(rate, unit="%"),
    }


@lru_cache(maxsize=20_000)
def _address(name: str, *parts: str | int) -> str:
    """`reverse`, remembered: a list needs two addresses a card, and they never change while the process runs."""
    return reverse(name, args=parts)


def _unit_label(product: Product) -> str:
    """Weighed goods say their weight beside the price, so the unit alone stands here."""
    return prices.unit_name(product=product) if product.catch_weight else prices.unit_text(product=product)


def _producer_card(partner: Partner, today: date) -> ProducerCard:
    picture = sizes.shown(picture=partner.picture, size=sizes.CARD)
    marks = [Badge("organic", _("Organic"))] if claims.certified(partner=partner, today=today) else []
    number = getattr(partner, "article_count", None)
    if number:
        text = ngettext("%(number)s article", "%(number)s articles", number) % {"number": number}
        marks.append(Badge("craft", text))
    return ProducerCard(
        partner_id=partner.pk,
        url=partner.get_absolute_url(),
        name=partner.name,
        village=partner.municipality.name,
        picture=picture,
        alt=picture.alt if picture else "",
        initials="".join(word[0] for word in partner.name.split()[:2]).upper(),
        tone=TONES[partner.pk % len(TONES)],
        claim=claims.allowed(text=partner.short, certified=claims.certified(partner=partner, today=today)),
        badges=tuple(marks),
    )
