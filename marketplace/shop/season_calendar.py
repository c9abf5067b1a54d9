"""Decides what the season calendar shows: which goods have a season, month by month, what is there now and what comes soon."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.dates import MONTHS

from marketplace.assortments.precedence import Sight
from marketplace.catalogue import claims, seasons, spelling
from marketplace.catalogue.models import Product
from marketplace.partner.models import Partner
from marketplace.regions.models import Region
from marketplace.shop import shelves

#: a shelf shows so many of its goods, those first that the market puts first
MOST_OF_A_SHELF: Final = 40


@dataclass(frozen=True)
class Month:
    """A column: its whole name and the letters that stand for it."""

    number: int
    name: str
    short: str
    letter: str
    current: bool


@dataclass(frozen=True)
class Row:
    """An article: for each of the twelve months, whether it is to be had."""

    title: str
    url: str
    producer: str
    season: str
    there: tuple[bool, ...]

    def now(self, month: int) -> bool:
        """Whether it is to be had in a month (1 to 12)."""
        return self.there[month - 1]


@dataclass(frozen=True)
class Shelf:
    """A shelf with its seasonal goods by name."""

    name: str
    url: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Calendar:
    """The whole page. `now` has its season this month, `last` of it only until its end, `soon` begins in the month after."""

    months: tuple[Month, ...]
    following: Month
    shelves: tuple[Shelf, ...]
    now: tuple[Shelf, ...]
    last: tuple[Row, ...]
    soon: tuple[Row, ...]

    @property
    def current(self) -> Month:
        """The month that is now."""
        return next(month for month in self.months if month.current)


def calendar(*, region: Region, today: date, sight: Sight | None = None) -> Calendar:
    """The goods of the region that have a season and that `sight` sees: one query for any number."""
    laid = _shelves(_read(region, sight), today)
    rows = [row for shelf in laid for row in shelf.rows]
    this, after = today.month, today.month % seasons.YEAR + 1
    months = tuple(_month(number, today) for number in MONTHS)
    return Calendar(
        months=months,
        following=months[after - 1],
        shelves=laid,
        now=tuple(shelf for shelf in (_in(shelf, this) for shelf in laid) if shelf.rows),
        last=_by_name(row for row in rows if row.now(this) and not row.now(after)),
        soon=_by_name(row for row in rows if not row.now(this) and row.now(after)),
    )


def _read(region: Region, sight: Sight | None) -> list[dict[str, Any]]:
    place = Window(RowNumber(), partition_by=F("categories"), order_by=(F("priority").desc(), F("title").asc(), F("pk").asc()))
    goods = shelves.on_shelf(region=region, sight=sight).filter(kind=Product.Kind.GOODS, categories__isnull=False)
    seasonal = goods.exclude(season_months=[]).exclude(season_months__len=seasons.YEAR)
    return list(
        seasonal.annotate(place=place)
        .filter(place__lte=MOST_OF_A_SHELF)
        .order_by("categories__path", "title", "pk")
        .values(
            "pk",
            "slug",
            "title",
            "season_months",
            "partner__name",
            "partner__organic_code",
            "partner__organic_valid_until",
            "categories__name",
            "categories__slug",
        )
    )


def _shelves(found: Iterable[dict[str, Any]], today: date) -> tuple[Shelf, ...]:
    by_shelf: dict[tuple[str, str], list[Row]] = {}
    for one in found:
        by_shelf.setdefault((one["categories__name"], one["categories__slug"]), []).append(_row(one, today))
    return tuple(
        Shelf(name=name, url=reverse("catalogue:category", args=[slug]), rows=_by_name(rows))
        for (name, slug), rows in by_shelf.items()
    )


def _row(one: dict[str, Any], today: date) -> Row:
    owner = Partner(organic_code=one["partner__organic_code"], organic_valid_until=one["partner__organic_valid_until"])
    months = one["season_months"]
    return Row(
        title=claims.allowed(text=one["title"], certified=claims.certified(partner=owner, today=today)) or one["title"],
        url=reverse("catalogue:detail", args=[one["slug"], one["pk"]]),
        producer=one["partner__name"],
        season=seasons.text(months=months),
        there=tuple(number in months for number in MONTHS),
    )


def _in(shelf: Shelf, month: int) -> Shelf:
    return replace(shelf, rows=tuple(row for row in shelf.rows if row.now(month)))


def _by_name(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: (spelling.plain(word=row.title), row.url)))


def _month(number: int, today: date) -> Month:
    name = str(MONTHS[number])
    return Month(number=number, name=name, short=name[:3], letter=name[:1], current=number == today.month)
