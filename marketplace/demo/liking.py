"""Lets the customers of the demo mark what they like, wait for what is not in season, and have a second address."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from logistics import areas
from marketplace.catalogue.models import Product
from marketplace.demo.market import Market
from marketplace.notices import articles, choices, favourites
from marketplace.notices.models import Kind
from marketplace.regions.models import Municipality, Region
from marketplace.users import addresses
from marketplace.users.models import User

#: so many articles lie between two that somebody marks, and so many are marked
STEP, MARKS = 23, 7
#: where people would like to be delivered to as well, and how many of them
WISHED = (("24768", "Rendsburg", 4), ("24782", "Büdelsdorf", 2), ("24340", "Eckernförde", 1))
#: of whom the demo's list of logins tells
TRIED, REGION = "anke.apfelstedt@post.example", "huettener-berge"


def like(
    *,
    market: Market,
    users: Mapping[str, User],
    products: Mapping[str, Product],
    villages: Mapping[tuple[str, str], Municipality],
    at: datetime,
) -> None:
    """Every third customer with a login marks a few articles and the farm of the first; the one that people try does more."""
    known = [row for row in market.customers if not row.guest]
    for number, customer in enumerate(known[::3]):
        there = [product for product in products.values() if product.partner.region.slug == customer.region]
        chosen = there[number::STEP][:MARKS]
        for minute, product in enumerate(chosen):
            favourites.mark(user=users[customer.email], thing=product, at=at + timedelta(minutes=minute))
        if chosen:
            favourites.mark(user=users[customer.email], thing=chosen[0].partner, at=at)
    _tried(users[TRIED], list(products.values()), villages, at)
    _wish(next(row.region for (slug, _name), row in villages.items() if slug == REGION), at)


def _wish(region: Region, at: datetime) -> None:
    for code, place, number in WISHED:
        for one in range(number):
            email, day = f"{place.lower().replace('ü', 'ue').replace('ö', 'oe')}{one + 1}@post.example", at + timedelta(days=one)
            areas.enter(region=region, email=email, postal_code=code, place=place, at=day, confirmed=True)


def _tried(person: User, products: list[Product], villages: Mapping[tuple[str, str], Municipality], at: datetime) -> None:
    here = [product for product in products if product.partner.region.slug == REGION]
    for minute, product in enumerate(here[5::STEP][:MARKS]):
        favourites.mark(user=person, thing=product, at=at + timedelta(minutes=minute))
    for product in here[8::90]:
        favourites.mark(user=person, thing=product.partner, at=at)
    months = [(at.month + ahead - 1) % 12 + 1 for ahead in range(5)]
    away = next((row for row in here if row.season_months and not set(row.season_months) & set(months)), None)
    if away is not None:
        articles.ask(product=away, user=person, email="", at=at)
    choices.choose(region=here[0].partner.region, kinds=[Kind.ROUND_CLOSES], wanted=True, at=at, user_id=person.pk)
    village = next(row for (slug, _name), row in sorted(villages.items()) if slug == REGION)
    addresses.add(
        user=person, label=_("Work"), street="Musterstraße 12", postal_code=village.postal_codes[0], municipality=village
    )
