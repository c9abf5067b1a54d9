"""Reckons what a delivery of a standing order will come to, for the page on which the customer agrees (section 312j BGB).

It is an estimate: prices may change, weighed goods are reckoned by their usual weight.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from logistics import tariffs
from logistics.models import RuleWindow
from logistics.tariffs import Door
from marketplace.core import money
from marketplace.standing.agreements import Article
from marketplace.standing.models import Rhythm
from marketplace.standing.wishes import Row


@dataclass(frozen=True, kw_only=True)
class Part:
    """What comes in one rhythm; `goods` is gross euro for one delivery."""

    rhythm: str
    label: str
    goods: Decimal


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One article of the list with its sum."""

    row: Row
    article: Article
    rhythm: str
    total: Decimal


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """The delivery in which everything comes, the first one. Gross euro; `weighed` says that goods are weighed."""

    entries: tuple[Entry, ...]
    parts: tuple[Part, ...]
    goods: Decimal
    deposit: Decimal
    fee: Decimal
    weighed: bool

    @property
    def total(self) -> Decimal:
        """Goods, deposit and delivery."""
        return self.goods + self.deposit + self.fee


def of(*, articles: Sequence[Article], rows: Mapping[int, Row], window: RuleWindow, door: Door) -> Estimate:
    """What the chosen articles come to at today's prices, brought to that door in that window; `rows` by article."""
    entries = tuple(
        Entry(row=rows[one.product_id], article=one, rhythm=str(Rhythm(one.rhythm).label), total=_price(rows, one))
        for one in articles
    )
    goods = sum((entry.total for entry in entries), money.ZERO)
    return Estimate(
        entries=entries,
        parts=tuple(_parts(entries)),
        goods=goods,
        deposit=sum((entry.row.deposit * entry.article.quantity for entry in entries), money.ZERO),
        fee=tariffs.fee_of_plan(window=window, door=door, goods=goods),
        weighed=any(entry.row.weighed for entry in entries),
    )


def _price(rows: Mapping[int, Row], article: Article) -> Decimal:
    return (rows[article.product_id].price or money.ZERO) * article.quantity


def _parts(entries: Iterable[Entry]) -> list[Part]:
    sums: dict[str, Decimal] = {}
    for entry in entries:
        sums[entry.article.rhythm] = sums.get(entry.article.rhythm, money.ZERO) + entry.total
    return [
        Part(rhythm=rhythm, label=str(Rhythm(rhythm).label), goods=sums[rhythm]) for rhythm in Rhythm.values if rhythm in sums
    ]
