"""Decides what makes an article that can be sold: complete, honest and found by the search. Every change is written down."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from marketplace.assortments.models import Assortment
from marketplace.catalogue import allergens, claims, labels, prices, search, withdrawal
from marketplace.catalogue.models import SOLD_AT, Category, Product
from marketplace.catalogue.models import ProductCategory as Shelved  # type: ignore[attr-defined]  # Oscar's, star-imported
from marketplace.catalogue.models import ProductClass as Sort  # type: ignore[attr-defined]  # likewise
from marketplace.core import audit

#: fields that a producer fills in; everything else follows from rules
FIELDS = frozenset(
    {
        "title", "description", "kind", "sales_unit", "net_content", "net_unit", "catch_weight", "expected_weight_g",
        "tolerance_percent", "vat_category", "deposit", "is_organic", "age_limit", "season_months", "lead_time_days",
        "minimum_quantity", "allergens", "ingredients", "origin", "storage", "volume_ml", "picture", "priority",
        "withdrawal_ground", "diet", "labels", "assortments",
    }
)  # fmt: skip
CLASSES = {Product.Kind.GOODS: ("goods", "Goods"), Product.Kind.SERVICE: ("services", "Services")}
LONGEST_TITLE = 120


class BadArticle(Exception):
    """The article cannot be sold as it was told; `problems` are sentences for the producer."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems))


@transaction.atomic
def create(
    *,
    partner: Any,
    category: Category,
    price: Decimal | None = None,
    price_per_kg: Decimal | None = None,
    stock_kind: str = "made_to_order",
    stock: int | None = None,
    sku: str = "",
    slug: str = "",
    is_public: bool = True,
    at: datetime,
    by: AbstractBaseUser | None,
    **fields: Any,
) -> Product:
    """Put an article of `partner` on a shelf, with its offer; `fields` are those of `FIELDS`.

    `price` in euro including VAT is per sales unit; goods that are weighed when packed have `price_per_kg` instead.
    `stock` is how many there are (limited) or how many come for each round. Without a `withdrawal_ground` the usual one holds.
    Raises `BadArticle`.
    """
    product = Product(partner=partner, structure=Product.STANDALONE, is_public=is_public, **_known(fields))
    if "withdrawal_ground" not in fields:
        product.withdrawal_ground = withdrawal.usual(
            category=category,
            kind=product.kind,
            sales_unit=product.sales_unit,
            catch_weight=product.catch_weight,
            storage=product.storage,
        )
    product.slug = (slug or slugify(product.title.translate(_LETTERS)))[:100] or "artikel"
    wrong = _problems(product, today=timezone.localdate(at)) + _offer_problems(product, price, price_per_kg, stock_kind, stock)
    if wrong:
        raise BadArticle(wrong)
    code, name = CLASSES[Product.Kind(product.kind)]
    product.product_class = Sort.objects.get_or_create(slug=code, defaults={"name": name, "track_stock": False})[0]
    product.save()
    _dated(product, at)
    Shelved.objects.create(product=product, category=category)
    offer = product.stockrecords.create(
        partner=partner,
        partner_sku=sku or f"A{product.pk}",
        price=_unit_price(product, price, price_per_kg),
        price_per_kg=price_per_kg if product.catch_weight else None,
        stock_kind=stock_kind,
        num_in_stock=stock if stock_kind == "limited" else None,
        num_allocated=0,
        per_round=stock if stock_kind == "per_round" else None,
    )
    offer.price_history.create(price=offer.price_per_kg or offer.price, since=at)
    search.refresh(product)
    audit.record(action="article.created", target=product, at=at, by=by, new={"title": product.title, "price": str(price or "")})
    return product


@transaction.atomic
def edit(
    *, product: Product, changes: Mapping[str, Any], category: Category | None = None, at: datetime, by: AbstractBaseUser | None
) -> Product:
    """Change fields of an article and, if told, its shelf. The price is `partner.offers.set_price`'s matter.

    A changed expected weight changes the expected price of a piece. Raises `BadArticle`.
    """
    row: Product = Product.objects.select_for_update(of=("self",)).select_related("partner__municipality").get(pk=product.pk)
    known = _known(changes)
    old = {name: _plain(getattr(row, name)) for name in known}
    for name, value in known.items():
        setattr(row, name, value)
    wrong = _problems(row, today=timezone.localdate(at))
    if wrong:
        raise BadArticle(wrong)
    row.save()
    if category is not None:
        Shelved.objects.filter(product=row).exclude(category=category).delete()
        Shelved.objects.get_or_create(product=row, category=category)
    _reprice(row)
    search.refresh(row)
    new = {name: _plain(getattr(row, name)) for name in known}
    audit.record(action="article.edited", target=row, at=at, by=by, old=old, new=new)
    return row


def show(*, product: Product, at: datetime, by: AbstractBaseUser | None) -> None:
    """Put an article on show."""
    _set_public(product, public=True, at=at, by=by)


def hide(*, product: Product, at: datetime, by: AbstractBaseUser | None) -> None:
    """Take an article off the market; it stays with the producer, and with the orders that name it."""
    _set_public(product, public=False, at=at, by=by)


@transaction.atomic
def _set_public(product: Product, *, public: bool, at: datetime, by: AbstractBaseUser | None) -> None:
    if Product.objects.filter(pk=product.pk, is_public=not public).update(is_public=public):
        action = "article.shown" if public else "article.hidden"
        audit.record(action=action, target=product, at=at, by=by, old={"is_public": not public}, new={"is_public": public})
    product.is_public = public


def _dated(product: Product, at: datetime) -> None:
    """New since `at`: Oscar's field takes the clock's time instead, whatever it is told."""
    Product.objects.filter(pk=product.pk).update(date_created=at)
    product.date_created = at


def _known(fields: Mapping[str, Any]) -> dict[str, Any]:
    strange = set(fields) - FIELDS
    if strange:
        raise TypeError(f"Articles have no field {', '.join(sorted(strange))}.")
    return dict(fields)


def _problems(product: Product, *, today: date) -> list[str]:
    """What the fields lack, and what the texts must not say."""
    return [*_missing(product), *_field_problems(product), *_foreign_assortments(product), *claims.problems(
        texts=(product.title, product.description, product.ingredients),
        is_organic=product.is_organic,
        partner=product.partner,
        today=today,
    ), *labels.problems(
        diet=product.diet,
        labels=product.labels,
        contained=product.allergens,
        partner=product.partner,
        today=today,
    )]  # fmt: skip


def _foreign_assortments(product: Product) -> list[str]:
    """Assortments are a region's own; no query for what everybody may have."""
    wanted = set(product.assortments)
    if not wanted or Assortment.objects.filter(region=product.partner.region_id, pk__in=wanted).count() == len(wanted):
        return []
    return [_("Please choose assortments of this region.")]


def _missing(product: Product) -> list[str]:
    checks = [
        (not product.title.strip(), _("Please give the article a name.")),
        (len(product.title) > LONGEST_TITLE, _("Please choose a shorter name, at most 120 characters.")),
        (
            product.catch_weight and not product.expected_weight_g,
            _("Please state the expected weight of a piece, because it is weighed when packed."),
        ),
        (
            product.net_unit != Product.NetUnit.NONE and not product.net_content and not product.catch_weight,
            _("Please state how much one of it holds, for the price per kilogram or litre."),
        ),
        (product.vat_category not in SOLD_AT, _("Please choose the reduced or the standard rate.")),
        (product.deposit < 0, _("The deposit cannot be negative.")),
        (product.minimum_quantity < 1, _("The smallest quantity is one.")),
        (
            any(not 1 <= month <= 12 for month in product.season_months),
            _("Please choose months from January to December."),
        ),
        (
            any(key not in allergens.names(language="de") for key in product.allergens),
            _("Please choose allergens from the list."),
        ),
    ]
    return [text for wrong, text in checks if wrong]


def _field_problems(product: Product) -> list[str]:
    """What Django's own checks of the fields say (choices, lengths, ranges)."""
    try:
        product.clean_fields(exclude=("slug", "product_class", "partner", "title"))
    except ValidationError as error:
        return [
            f"{product._meta.get_field(name).verbose_name}: {text}"
            for name, texts in error.message_dict.items()
            for text in texts
        ]
    return []


def _offer_problems(
    product: Product, price: Decimal | None, price_per_kg: Decimal | None, stock_kind: str, stock: int | None
) -> list[str]:
    asked = price_per_kg if product.catch_weight else price
    wrong = []
    if asked is None or not asked.is_finite() or asked < Decimal("0.01"):
        wrong.append(
            _("Please state the price per kilogram.") if product.catch_weight else _("Please state a price of at least one cent.")
        )
    if stock_kind != "made_to_order" and (stock is None or stock < 0):
        wrong.append(_("Please state how many there are."))
    return wrong


def _unit_price(product: Product, price: Decimal | None, price_per_kg: Decimal | None) -> Decimal | None:
    if product.catch_weight and price_per_kg is not None:
        return prices.expected_price(price_per_kg=price_per_kg, grams=product.expected_weight_g or 0)
    return price


def _reprice(product: Product) -> None:
    if product.catch_weight:
        for offer in product.stockrecords.filter(price_per_kg__isnull=False):
            price = _unit_price(product, None, offer.price_per_kg)
            product.stockrecords.filter(pk=offer.pk).update(price=price)


def _plain(value: Any) -> Any:
    """As JSON holds it."""
    return value if isinstance(value, str | int | bool | list | None) else str(value)


_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
