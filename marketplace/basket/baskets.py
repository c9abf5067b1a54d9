"""Decides what a visitor's basket is, what may be put into it, and what is in it with its prices."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, DecimalField, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext as _

from marketplace.assortments import sights
from marketplace.assortments.precedence import Sight
from marketplace.basket import glimpses, signals, unread
from marketplace.basket.models import Basket, Line
from marketplace.catalogue.models import Product
from marketplace.core import money, wording
from marketplace.core.wishes import Substitution
from marketplace.partner import stock
from marketplace.partner.models import Partner, StockRecord
from marketplace.regions.models import Region

#: of one article in one basket; more is a mistake of the hand or of a machine
MOST = 999
LONGEST_NOTE = 200
LONGEST_NAMES = 200


#: whether a basket has voucher codes, read along with it
HAS_CODES = Exists(Basket.vouchers.through.objects.filter(basket=OuterRef("pk")))


class NotAdded(Exception):
    """The article or the number cannot be put into the basket; the message is for the customer. So many `more` would go in."""

    def __init__(self, text: str, *, more: int = 0) -> None:
        super().__init__(text)
        self.more = more


@dataclass(frozen=True)
class ContentLine:
    """One article in a basket. Money is euro including VAT; `seen_price` is the unit price when it was last touched."""

    line: Line
    product: Product
    stockrecord: StockRecord
    quantity: int
    unit_price: Decimal
    line_total: Decimal
    deposit_total: Decimal
    seen_price: Decimal

    @property
    def price_changed(self) -> bool:
        """Whether the price is another than the customer saw."""
        return self.seen_price != self.unit_price


@dataclass(frozen=True)
class ContentGroup:
    """The lines of one producer, in the order in which they were added."""

    partner: Partner
    lines: tuple[ContentLine, ...]

    @property
    def goods_total(self) -> Decimal:
        """The sum of the goods without deposits."""
        return sum((line.line_total for line in self.lines), money.ZERO)

    @property
    def missing(self) -> Decimal:
        """What is missing until the producer's minimum for an order, in euro; zero when nothing is."""
        return max(money.ZERO, self.partner.minimum_order - self.goods_total)

    @property
    def minimum_text(self) -> str:
        """`Mindestwert bei Hof Beispiel 15,00 €: noch 3,40 €`; empty when nothing is missing."""
        if not self.missing:
            return ""
        words = {"name": self.partner.name, "minimum": wording.euro(self.partner.minimum_order)}
        return _("Minimum order at %(name)s %(minimum)s: %(missing)s to go") % {**words, "missing": wording.euro(self.missing)}


@dataclass(frozen=True)
class Contents:
    """What is in a basket, by producer. `count` counts articles, `pieces` their quantities."""

    groups: tuple[ContentGroup, ...]
    goods_total: Decimal
    deposit_total: Decimal
    count: int
    pieces: int
    fingerprint: str

    @property
    def lines(self) -> tuple[ContentLine, ...]:
        """All lines, producer by producer."""
        return tuple(line for group in self.groups for line in group.lines)

    @property
    def producers(self) -> tuple[Partner, ...]:
        """Whose goods are in the basket."""
        return tuple(group.partner for group in self.groups)

    @property
    def total(self) -> Decimal:
        """Goods and deposits."""
        return self.goods_total + self.deposit_total


@dataclass(frozen=True)
class Brief:
    """What the header says of a basket: number of articles and of producers, goods with deposits in euro."""

    count: int
    producers: int
    total: Decimal


def brief_of(*, contents: Contents) -> Brief:
    """The same of contents that are at hand, without asking again."""
    return Brief(count=contents.count, producers=len(contents.producers), total=contents.total)


NOTHING = Brief(count=0, producers=0, total=money.ZERO)


def for_visitor(*, user: Any, region: Region, basket_id: int | None = None) -> Basket:
    """The open basket of a customer, or of a guest who holds `basket_id`; a new unsaved one where there is none yet."""
    known = open_ones(region=region)
    if user is not None and user.is_authenticated:
        return known.filter(owner=user).first() or Basket(region=region, owner=user)
    found = known.filter(owner__isnull=True, pk=basket_id).first() if basket_id else None
    return found or Basket(region=region)


def open_ones(*, region: Region) -> QuerySet[Basket]:
    """The baskets of a region that nobody has ordered yet."""
    found: QuerySet[Basket] = Basket.objects.filter(region=region, status=Basket.OPEN).annotate(has_codes=HAS_CODES)
    return found


def key_for_codes(*, basket: Basket) -> int | None:
    """The key of a basket into which voucher codes may have been put; None when it was read that there are none."""
    key: int | None = basket.pk if getattr(basket, "has_codes", True) else None
    return key


def keep(*, basket: Basket) -> Basket:
    """Make sure that the basket is stored; of two requests that create a customer's basket at once both get the same one."""
    if basket.pk:
        return basket
    new: Basket = Basket(region_id=basket.region_id, owner_id=basket.owner_id)
    if new.owner_id is None:
        new.save()
        return new
    try:
        with transaction.atomic():
            new.save()
    except IntegrityError:
        new = Basket.objects.get(region_id=basket.region_id, owner_id=basket.owner_id, status=Basket.OPEN)
    return new


@transaction.atomic
def add(
    *,
    basket: Basket,
    product: Product,
    quantity: int,
    own: Mapping[int, int] = MappingProxyType({}),
    by: str = "",
    name: str = "",
    sight: Sight | None = None,
) -> Line:
    """Put `quantity` more of an article into a basket, which is stored only now if it was empty; quick clicks all count.

    The first time it is at least the smallest quantity in which the article is sold. `own` pieces, by stock record, are kept for
    the basket already; `by` is who adds it to a shared basket, `name` how the article may be called today; `sight` is what the
    customer sees, by default the basket's owner. Raises `NotAdded` for what is not on show in the basket's region, or not to that
    customer, for absurd numbers and beyond what is in stock.
    """
    _check_quantity(quantity=quantity)
    _check_seen(basket=basket, product=product, name=name or product.title, sight=sight)
    offer = _offer(basket=basket, product=product)
    if not basket.pk:
        # nothing is stored for a visitor who cannot have it
        _check_stock(name=name or product.title, offer=offer, quantity=max(quantity, product.minimum_quantity))
    kept = keep(basket=basket)
    _lock(kept)
    line = Line.objects.filter(basket=kept, product=product).first() or Line(
        basket=kept, product=product, line_reference=str(product.pk), quantity=0, price_currency="EUR"
    )
    before, held = line.quantity, own.get(offer.pk, 0)
    line.quantity = min(max(before + quantity, product.minimum_quantity), MOST)
    _check_stock(name=name or product.title, offer=offer, quantity=line.quantity - held, before=before - held)
    line.stockrecord, line.price_incl_tax = offer, offer.price
    if by and by not in line.added_by.split(", "):
        line.added_by = ", ".join(filter(None, (line.added_by, by)))[:LONGEST_NAMES]
    line.save()
    return line


@transaction.atomic
def change(
    *, line: Line, quantity: int, own: Mapping[int, int] = MappingProxyType({}), name: str = "", sight: Sight | None = None
) -> Line | None:
    """Set how many are wanted; 0 takes the line out (None). `own`, `name` and `sight` as for `add`. Raises `NotAdded`."""
    _lock(line.basket)
    if quantity == 0:
        Line.objects.filter(pk=line.pk).delete()
        return None
    _check_quantity(quantity=quantity)
    offer = _offer(basket=line.basket, product=line.product)
    called = name or line.product.title
    if quantity > line.quantity:
        _check_seen(basket=line.basket, product=line.product, name=called, sight=sight)
    _check_minimum(product=line.product, name=called, quantity=quantity)
    _check_stock(name=called, offer=offer, quantity=quantity - own.get(offer.pk, 0))
    Line.objects.filter(pk=line.pk).update(quantity=quantity, price_incl_tax=offer.price, stockrecord=offer)
    line.refresh_from_db(fields=["quantity", "price_incl_tax"])
    return line


@transaction.atomic
def wish(*, line: Line, substitution: str, note: str) -> None:
    """Say what should happen when the article is missing in the end, and give the producer a note. Raises `NotAdded`."""
    _lock(line.basket)
    wanted, plain = checked_wish(substitution=substitution, note=note)
    Line.objects.filter(pk=line.pk).update(substitution=wanted, note=plain)


def checked_wish(*, substitution: str, note: str) -> tuple[str, str]:
    """A wish and a note as they can be kept. Raises `NotAdded`."""
    if substitution not in Substitution.values:
        raise NotAdded(_("Please choose what should happen when the article is missing."))
    return substitution, " ".join(note.replace("\x00", "").split())[:LONGEST_NOTE]


def join(*, user: Any, region: Region, guest_id: int) -> Basket:
    """Give a customer who logs in what was collected as a guest."""
    guest = Basket.objects.filter(pk=guest_id, region=region, owner__isnull=True, status=Basket.OPEN).first()
    own = for_visitor(user=user, region=region)
    return merge(guest=guest, into=keep(basket=own)) if guest else own


@transaction.atomic
def merge(*, guest: Basket, into: Basket) -> Basket:
    """Move what a guest collected into the customer's own basket, at login. The guest's basket is closed; runs twice = once."""
    first, second = sorted((guest.pk, into.pk))
    locked = {row.pk: row for row in Basket.objects.select_for_update().filter(pk__in=(first, second)).order_by("pk")}
    if locked[guest.pk].status != Basket.OPEN:
        return into
    signals.merging.send(sender=Basket, guest_id=guest.pk, into=into)
    mine = {line.product_id: line for line in Line.objects.filter(basket=into)}
    for line in Line.objects.filter(basket=guest).order_by("pk"):
        own = mine.get(line.product_id)
        if own is None:
            Line.objects.filter(pk=line.pk).update(basket=into)
        else:
            Line.objects.filter(pk=own.pk).update(quantity=Least(F("quantity") + line.quantity, MOST))
    Line.objects.filter(basket=guest).delete()
    into.vouchers.add(*guest.vouchers.all())
    Basket.objects.filter(pk=guest.pk).update(status=Basket.MERGED, share_key=None)
    if key := locked[guest.pk].share_key:
        told = {"share_key": key, "share_until": locked[guest.pk].share_until}
        Basket.objects.filter(pk=into.pk, share_key__isnull=True).update(**told)
    return into


def contents(*, basket: Basket) -> Contents:
    """What is in the basket with today's prices, one query whatever its size; what is no longer on show is in it too."""
    if not basket.pk:
        return of_lines(lines=())
    rows = glimpses.lines_of(basket=basket)
    rows = rows.select_related("product__partner__municipality", "product__picture", "stockrecord").order_by()
    return of_lines(
        lines=sorted(rows.defer(*unread.OF_LINES), key=lambda line: line.pk)
    )  # an order of so wide a row takes Django longer than the sorting


def of_lines(*, lines: Iterable[Line]) -> Contents:
    """Contents of lines that are loaded with product, partner and stock record; no query."""
    by_partner: dict[int, list[ContentLine]] = {}
    for line in lines:
        by_partner.setdefault(line.product.partner_id, []).append(_priced(line))
    groups = tuple(ContentGroup(partner=group[0].product.partner, lines=tuple(group)) for group in by_partner.values())
    priced = [line for group in groups for line in group.lines]
    return Contents(
        groups=groups,
        goods_total=sum((line.line_total for line in priced), money.ZERO),
        deposit_total=sum((line.deposit_total for line in priced), money.ZERO),
        count=len(priced),
        pieces=sum(line.quantity for line in priced),
        fingerprint=_fingerprint(priced),
    )


def brief_for_visitor(*, user: Any, region: Region, basket_id: int | None = None) -> Brief:
    """Number of articles and sum of a visitor's basket, for the header: one query, none for a guest without a basket."""
    known = Q(basket__region=region, basket__status=Basket.OPEN)
    if user.is_authenticated:
        return _brief(known & Q(basket__owner=user))
    return _brief(known & Q(basket_id=basket_id, basket__owner__isnull=True)) if basket_id else NOTHING


def brief_of_basket(*, basket: Basket) -> Brief:
    """The same of a basket at hand: one query, none where it is not stored."""
    return _brief(Q(pk__in=glimpses.lines_of(basket=basket).values("pk"))) if basket.pk else NOTHING


def _brief(lines: Q) -> Brief:
    each = F("stockrecord__price") + F("product__deposit")
    found = Line.objects.filter(lines).aggregate(
        count=Count("pk"),
        producers=Count("product__partner", distinct=True),
        total=Coalesce(Sum(each * F("quantity"), output_field=DecimalField()), money.ZERO),
    )
    return Brief(**found)


def _priced(line: Line) -> ContentLine:
    price = line.stockrecord.price
    return ContentLine(
        line=line,
        product=line.product,
        stockrecord=line.stockrecord,
        quantity=line.quantity,
        unit_price=price,
        line_total=money.to_cents(price * line.quantity),
        deposit_total=money.to_cents(line.product.deposit * line.quantity),
        seen_price=price if line.price_incl_tax is None else line.price_incl_tax,
    )


def _fingerprint(lines: list[ContentLine]) -> str:
    """The same for the same articles, numbers, prices and deposits: what the customer agreed to in the checkout."""
    facts = sorted(f"{line.product.pk}:{line.quantity}:{line.unit_price}:{line.product.deposit:.2f}" for line in lines)
    return hashlib.sha256("|".join(facts).encode()).hexdigest()[:32]


def _offer(*, basket: Basket, product: Product) -> StockRecord:
    offer: StockRecord | None = (
        StockRecord.objects.filter(
            product=product,
            product__is_public=True,
            partner__region_id=basket.region_id,
            partner__status=Partner.Status.APPROVED,
            product__partner=F("partner"),
        )
        .order_by("pk")
        .first()
    )
    if offer is None:
        raise NotAdded(_("This article is not on offer at the moment."))
    return offer


def _check_seen(*, basket: Basket, product: Product, name: str, sight: Sight | None) -> None:
    """No query for what everybody may have."""
    if sights.unseen(articles=[product], region_id=basket.region_id, user_id=basket.owner_id, sight=sight):
        raise NotAdded(only_for_some(title=name))


def only_for_some(*, title: str) -> str:
    """Why somebody cannot have an article that others can."""
    return _("%(title)s is only for certain customers of this market.") % {"title": title}


def _lock(basket: Basket) -> None:
    """Let one change of a basket finish before the next begins; what was ordered meanwhile is no longer changed."""
    if not Basket.objects.select_for_update(of=("self",)).filter(pk=basket.pk, status=Basket.OPEN).exists():
        raise NotAdded(_("This basket has already been ordered. Please start a new one."))


def _check_quantity(*, quantity: int) -> None:
    if not 1 <= quantity <= MOST:
        raise NotAdded(_("Please choose a number from 1 to %(most)s.") % {"most": MOST})


def _check_minimum(*, product: Product, name: str, quantity: int) -> None:
    if quantity < product.minimum_quantity:
        raise NotAdded(_("%(title)s can be ordered from %(least)s.") % {"title": name, "least": product.minimum_quantity})


def _check_stock(*, name: str, offer: StockRecord, quantity: int, before: int = 0) -> None:
    """Whether so many can be had; `before` of them are in the basket already."""
    left = stock.available(stockrecord=offer)
    if left is not None and quantity > left:
        raise NotAdded(stock.sentence(title=name, left=left), more=max(0, left - before))
