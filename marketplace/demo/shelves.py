"""Fills the shelves: categories, producers with their contracts, and every article with its offer."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from billing.models import SupplyContract
from logistics import daytime
from marketplace.catalogue import articles
from marketplace.catalogue.models import Category, Product
from marketplace.demo.agreements import IN_OWN_NAME
from marketplace.demo.gallery import Key, producer_keys
from marketplace.demo.market import Article, Market, Producer
from marketplace.partner import producers
from marketplace.partner.models import Partner
from marketplace.pictures.models import Picture
from marketplace.regions.models import Municipality, Region
from marketplace.users.models import User

Pictures = Mapping[Key, Picture]
#: the office approved the first producers at once, the last ones after so many days
APPROVAL_DAYS = 36
#: one article in so many is new: the newest since so many days, the others each two days longer
NEW_EACH, NEW_FIRST, NEWEST = 29, 14, 3


def lay_categories(*, market: Market, pictures: Pictures) -> dict[str, Category]:
    """The shelves by slug, in their order."""
    return {
        category.slug: Category.add_root(
            name=category.name,
            slug=category.slug,
            description=category.description,
            withdrawal_ground=category.withdrawal_ground,
            picture=pictures.get((category.motif, 0)),
        )
        for category in market.categories
    }


def admit(
    *,
    market: Market,
    regions: Mapping[str, Region],
    villages: Mapping[tuple[str, str], Municipality],
    users: Mapping[str, User],
    pictures: Pictures,
    office: Mapping[str, User],
    since: date,
    today: date,
    at: datetime,
) -> dict[str, Partner]:
    """Producers apply and are approved, each with a contract from `since` on; by slug."""
    keys = producer_keys(market=market)
    found = {}
    for number, producer in enumerate(market.producers):
        applied = producers.apply(
            region=regions[producer.region],
            municipality=villages[producer.region, producer.municipality],
            at=at,
            by=users[producer.email],
            picture=pictures.get(keys[producer.slug]),
            **_details(producer, today),
        )
        approved = at + timedelta(days=2 + number * 17 % APPROVAL_DAYS)
        found[producer.slug] = producers.approve(partner=applied, at=approved, by=office[producer.region])
    SupplyContract.objects.bulk_create(
        SupplyContract(
            partner=found[producer.slug],
            commission_percent=producer.commission_rate,
            vat_status=producer.vat_status,
            mode=SupplyContract.Mode.AGENCY if producer.slug in IN_OWN_NAME else SupplyContract.Mode.COMMISSION,
            self_billing_agreed_on=since if producer.self_billing else None,
            valid_from=since,
        )
        for producer in market.producers
    )
    return found


def stock_up(
    *,
    market: Market,
    partners: Mapping[str, Partner],
    categories: Mapping[str, Category],
    users: Mapping[str, User],
    at: datetime,
    today: date,
    tell: Callable[[], object],
) -> dict[str, Product]:
    """Every article by slug, most of them offered since `at`, a few since some days ago; `tell` is called after each."""
    owners = {producer.slug: users[producer.email] for producer in market.producers}
    found = {}
    for number, article in enumerate(market.articles):
        fresh = number % NEW_EACH == NEW_FIRST
        found[article.slug] = articles.create(
            partner=partners[article.producer],
            category=categories[article.category],
            price=article.price,
            price_per_kg=article.price_per_kg,
            stock_kind=article.stock_kind,
            stock=article.stock,
            slug=article.slug,
            at=daytime.on(today - timedelta(days=NEWEST + 2 * (number // NEW_EACH)), time(8)) if fresh else at,
            by=owners[article.producer],
            **_fields(article),
        )
        tell()
    return found


def show_pictures(
    *,
    market: Market,
    products: Mapping[str, Product],
    pictures: Pictures,
    users: Mapping[str, User],
    at: datetime,
    tell: Callable[[], object],
) -> None:
    """Give every article its picture."""
    owners = {producer.slug: users[producer.email] for producer in market.producers}
    for article in market.articles:
        picture = pictures[article.motif, article.variant]
        articles.edit(product=products[article.slug], changes={"picture": picture}, at=at, by=owners[article.producer])
        tell()


def _details(producer: Producer, today: date) -> dict[str, Any]:
    days = producer.organic_valid_until_days
    return {
        "slug": producer.slug,
        "name": producer.name,
        "kind": producer.kind,
        "short": producer.short,
        "story": producer.story,
        "opening_text": producer.opening,
        "minimum_round": producer.minimum_round,
        "contact_first_name": producer.contact_first,
        "contact_last_name": producer.contact_last,
        "street": producer.street,
        "postal_code": producer.postal_code,
        "city": producer.city,
        "latitude": producer.lat,
        "longitude": producer.lon,
        "email": producer.email,
        "phone": producer.phone,
        "vat_id": producer.vat_id,
        "tax_number": producer.tax_number,
        "iban": producer.iban,
        "bank_name": producer.bank,
        "organic_code": producer.organic_code,
        "organic_valid_until": None if days is None else today + timedelta(days=days),
        "brings_to_hub": producer.brings_to_hub,
        "collect_from": producer.collect_window[0],
        "collect_until": producer.collect_window[1],
    }


def _fields(article: Article) -> dict[str, Any]:
    optional = {} if article.tolerance_percent is None else {"tolerance_percent": article.tolerance_percent}
    return optional | {
        "title": article.title,
        "description": _description(article),
        "kind": article.kind,
        "sales_unit": article.sales_unit,
        "net_content": article.net_content or None,
        "net_unit": article.net_unit,
        "catch_weight": article.catch_weight,
        "expected_weight_g": article.expected_weight_g,
        "vat_category": article.vat_category,
        "deposit": article.deposit,
        "is_organic": article.organic,
        "age_limit": article.age_limit,
        "season_months": list(article.season_months),
        "lead_time_days": article.lead_time_days,
        "minimum_quantity": article.minimum_quantity,
        "allergens": list(article.allergens),
        "diet": article.diet,
        "labels": list(article.labels),
        "ingredients": article.ingredients,
        "origin": article.origin,
        "storage": article.storage,
        "volume_ml": article.volume_ml,
    }


def _description(article: Article) -> str:
    """The text, with the alcohol that drinks must name (article 9 (1) k LMIV)."""
    if not article.alcohol_percent:
        return article.description
    percent = f"{article.alcohol_percent:.1f}".replace(".", ",")
    return f"{article.description} Alkoholgehalt: {percent} % vol."
