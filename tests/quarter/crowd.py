"""A market as large as a quarter needs: the demo's producers and villages, with as many households as take part."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import cycle, islice
from random import Random

from marketplace.demo import content
from marketplace.demo.market import Article, Customer, Market, RoundRule, Vehicle

REGION = "huettener-berge"
#: the demo's limits are made for so many orders a round
MADE_FOR = 40
#: how far a household lives from the one it resembles, in degrees
AROUND = 0.004


def market(*, orders: int) -> Market:
    """The demo's region with one weekly plan, room and goods for so many orders, and half as many households again.

    Every producer has agreed to be credited, so that every cent can be settled.
    """
    demo = content.load()
    factor = max(1, -(-orders // MADE_FOR))
    mine = [row for row in demo.customers if row.region == REGION]
    vehicles = [row for row in demo.vehicles if row.region == REGION]
    return replace(
        demo,
        regions=tuple(row for row in demo.regions if row.slug == REGION),
        producers=tuple(replace(row, self_billing=True) for row in demo.producers if row.region == REGION),
        articles=tuple(_article(row, factor) for row in demo.articles if _is_here(demo, row)),
        customers=tuple(_households(mine, orders + orders // 2)),
        pickup_points=tuple(
            replace(row, capacity_orders=row.capacity_orders * factor, capacity_crates=row.capacity_crates * factor)
            for row in demo.pickup_points
            if row.region == REGION
        ),
        vehicles=tuple(_fleet(vehicles, factor)),
        drivers=tuple(row for row in demo.drivers if row.region == REGION),
        round_rules=tuple(_plan(row, factor) for row in demo.round_rules if row.region == REGION and row.frequency == "weekly"),
        homes=tuple(row for row in demo.homes if row.region == REGION),
        stories=tuple(row for row in demo.stories if row.region == REGION),
        events=tuple(row for row in demo.events if row.region == REGION),
    )


def _is_here(demo: Market, article: Article) -> bool:
    return next(row for row in demo.producers if row.slug == article.producer).region == REGION


def _article(article: Article, factor: int) -> Article:
    return replace(article, variant=0, stock=None if article.stock is None else article.stock * factor)


def _households(known: Sequence[Customer], number: int) -> list[Customer]:
    """The demo's customers, and guests who resemble them."""
    new = []
    for turn, row in enumerate(islice(cycle(known), max(0, number - len(known)))):
        dice = Random(f"household:{turn}")
        new.append(
            replace(
                row,
                slug=f"{row.slug}-{turn}",
                email=f"haushalt-{turn}@post.example",
                company="",
                kind="household",
                guest=True,
                terms=None,
                phone=f"04356 0{turn:05}",
                lat=row.lat + dice.uniform(-AROUND, AROUND),
                lon=row.lon + dice.uniform(-AROUND, AROUND),
            )
        )
    return [*known, *new]


def _fleet(vehicles: Sequence[Vehicle], factor: int) -> list[Vehicle]:
    """Each of the demo's vehicles so many times; the first keeps its usual driver."""
    return [replace(row, slug=row.slug if not turn else f"{row.slug}-{turn}") for turn in range(factor) for row in vehicles]


def _plan(plan: RoundRule, factor: int) -> RoundRule:
    windows = tuple(
        replace(row, capacity_stops=row.capacity_stops * factor, capacity_crates=row.capacity_crates * factor)
        for row in plan.windows
    )
    return replace(plan, windows=windows)
