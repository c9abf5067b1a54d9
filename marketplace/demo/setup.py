"""Lays the ground of the demo: regions, people, pictures, shelves, and what drives; all before the first order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.utils.translation import gettext as _

from billing.models import Account
from logistics import daytime
from logistics.models import RoundRule
from marketplace.catalogue import ranking
from marketplace.catalogue.models import Product
from marketplace.demo import agreements, casework, gallery, giveaways, hubwork, liking, owing, people, places, shelves, sites
from marketplace.demo.gallery import Album
from marketplace.demo.market import Market
from marketplace.demo.progress import Progress
from marketplace.regions.models import Municipality, Region
from marketplace.users.models import User

#: how long before the first round everybody was there
FOUNDED_DAYS = 45


@dataclass(frozen=True)
class Ground:
    """The rows that were laid, by the slugs of the market; villages by region and name, users by e-mail."""

    market: Market
    regions: Mapping[str, Region]
    villages: Mapping[tuple[str, str], Municipality]
    rules: Mapping[str, RoundRule]
    users: Mapping[str, User]
    accounts: Mapping[str, Account]
    products: Mapping[str, Product]


def lay(
    *, market: Market, album: Album, base_url: str, start: date, first_round: date, today: date, progress: Progress
) -> Ground:
    """Everything that stands before the first order is placed on the day `start`.

    Articles get their pictures in the end (`finish`), because drawing takes longer than all the rest.
    """
    founded = start - timedelta(days=FOUNDED_DAYS)
    at = daytime.on(founded, time(9))
    regions = places.lay_regions(market=market, base_url=base_url, today=today)
    villages = places.lay_villages(market=market, regions=regions)
    users = people.enrol(market=market, at=at)
    people.give_roles(market=market, regions=regions, users=users)
    people.know_addresses(market=market, users=users, villages=villages)
    rules = _wheels(market=market, regions=regions, villages=villages, users=users, since=first_round)
    with progress.stage(name=_("Drawing the places"), total=len(gallery.first(market=market))) as tell:
        drawn = album.store_all(at=at, tell=tell)
    album.order(wanted=gallery.later(market=market))
    with progress.stage(name=_("Setting up the stalls"), total=len(market.articles)) as tell:
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
        with ranking.together(today=today):
            products = shelves.stock_up(
                market=market,
                partners=partners,
                categories=categories,
                users=users,
                at=at + timedelta(days=5),
                today=today,
                tell=tell,
            )
    casework.agree(products=products, at=at + timedelta(days=6))
    for slug, region in regions.items():
        agreements.agree(
            region=region, partners=partners, categories=categories, today=founded, at=at, by=users[people.OFFICE[slug]]
        )
        giveaways.offer(region=region, since=start, at=at + timedelta(days=5), by=users[people.OFFICE[slug]])
    rows = sites.Rows(regions=regions, villages=villages, partners=partners, products=products, pictures=drawn, users=users)
    sites.build(market=market, rows=rows, at=at + timedelta(days=6), today=today)
    accounts = people.open_accounts(market=market, regions=regions, users=users, at=at)
    owing.sign_mandates(market=market, regions=regions, accounts=accounts, at=at)
    liking.like(market=market, users=users, products=products, villages=villages, at=at + timedelta(days=7))
    return Ground(
        market=market, regions=regions, villages=villages, rules=rules, users=users, accounts=accounts, products=products
    )


def finish(*, ground: Ground, album: Album, start: date, today: date, progress: Progress) -> None:
    """Store the pictures that are left and give every article its own."""
    at = daytime.on(start - timedelta(days=FOUNDED_DAYS - 7), time(10))
    articles = ground.market.articles
    with progress.stage(name=_("Hanging the pictures"), total=len(gallery.later(market=ground.market)) + len(articles)) as tell:
        drawn = album.store_all(at=at, tell=tell)
        with ranking.together(today=today):
            shelves.show_pictures(
                market=ground.market, products=ground.products, pictures=drawn, users=ground.users, at=at, tell=tell
            )


def _wheels(
    *,
    market: Market,
    regions: Mapping[str, Region],
    villages: Mapping[tuple[str, str], Municipality],
    users: Mapping[str, User],
    since: date,
) -> Mapping[str, RoundRule]:
    points = places.lay_pickup_points(market=market, regions=regions, villages=villages)
    hubwork.appoint(points=points, users=users, at=daytime.on(since - timedelta(days=FOUNDED_DAYS), time(9)))
    drivers = {driver.vehicle: users[driver.email] for driver in market.drivers}
    places.lay_vehicles(market=market, regions=regions, drivers=drivers)
    return places.lay_rules(market=market, regions=regions, villages=villages, points=points, since=since)
