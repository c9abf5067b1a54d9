"""Lays the ground of the demo: regions, people, pictures, shelves, and what drives; all before the first order."""

from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.utils.translation import gettext as _

from billing.models import Account
from logistics import daytime
from logistics.models import PickupPoint, RoundRule
from marketplace.catalogue.models import Product
from marketplace.demo import gallery, people, places, shelves, sites
from marketplace.demo.market import Market
from marketplace.demo.progress import Progress
from marketplace.partner.models import Partner
from marketplace.regions.models import Municipality, Region
from marketplace.users.models import User

#: how long before the first round everybody was there
FOUNDED_DAYS = 45
HEROES = {"huettener-berge": "hills_lake", "norderstedt": "market_stall"}


@dataclass(frozen=True)
class Ground:
    """The rows that were laid, by the slugs of the market; villages by region and name, users by e-mail."""

    market: Market
    regions: Mapping[str, Region]
    villages: Mapping[tuple[str, str], Municipality]
    points: Mapping[str, PickupPoint]
    rules: Mapping[str, RoundRule]
    users: Mapping[str, User]
    accounts: Mapping[str, Account]
    partners: Mapping[str, Partner]
    products: Mapping[str, Product]
    picture_ids: tuple[int, ...]


def lay(
    *,
    market: Market,
    pictures: list[gallery.Wanted],
    pool: ProcessPoolExecutor | None,
    base_url: str,
    start: date,
    today: date,
    progress: Progress,
) -> Ground:
    """Everything that stands before the first order is placed; `start` is the first day of the history."""
    founded = start - timedelta(days=FOUNDED_DAYS)
    at = daytime.on(founded, time(9))
    with progress.stage(name=_("Drawing pictures"), total=len(pictures)) as tell:
        drawn = gallery.store(drawn=gallery.draw(wanted=pictures, pool=pool), at=at, tell=tell)
    with progress.stage(name=_("Setting up the stalls"), total=len(market.articles)) as tell:
        regions = places.lay_regions(market=market, base_url=base_url, today=today)
        villages = places.lay_villages(market=market, regions=regions)
        users = people.enrol(market=market, at=at)
        people.give_roles(market=market, regions=regions, users=users)
        people.know_addresses(market=market, users=users, villages=villages)
        points, rules = _wheels(market=market, regions=regions, villages=villages, users=users, since=start)
        categories = shelves.lay_categories(market=market, pictures=drawn)
        partners = shelves.admit(
            market=market,
            regions=regions,
            villages=villages,
            users=users,
            pictures=drawn,
            office={slug: users[email] for slug, email in people.OFFICE.items()},
            since=founded,
            today=today,
            at=at,
        )
        products = shelves.stock_up(
            market=market,
            partners=partners,
            categories=categories,
            pictures=drawn,
            users=users,
            at=at + timedelta(days=5),
            tell=tell,
        )
        sites.build(market=market, regions=regions, partners=partners, products=products, pictures=drawn, users=users)
    return Ground(
        market=market,
        regions=regions,
        villages=villages,
        points=points,
        rules=rules,
        users=users,
        accounts=people.open_accounts(market=market, regions=regions, users=users, at=at),
        partners=partners,
        products=products,
        picture_ids=tuple(picture.pk for picture in drawn.values()),
    )


def _wheels(
    *,
    market: Market,
    regions: Mapping[str, Region],
    villages: Mapping[tuple[str, str], Municipality],
    users: Mapping[str, User],
    since: date,
) -> tuple[Mapping[str, PickupPoint], Mapping[str, RoundRule]]:
    points = places.lay_pickup_points(market=market, regions=regions, villages=villages)
    drivers = {driver.vehicle: users[driver.email] for driver in market.drivers}
    places.lay_vehicles(market=market, regions=regions, drivers=drivers)
    return points, places.lay_rules(market=market, regions=regions, points=points, since=since)

