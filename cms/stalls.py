"""Decides what the live blocks of a page show, for all blocks together in a constant number of queries.

A block says what it would like (a wish); `fill` reads the market once for all wishes and hands every block its frozen values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from billing.net_prices import Rates
from cms import boards, goods, rows
from cms.boards import RoundWish
from cms.drafts import Draft
from cms.goods import GoodsWish
from cms.rows import RowWish
from logistics import daytime
from marketplace.assortments.precedence import Sight
from marketplace.regions.models import Municipality, Region


@dataclass(frozen=True, kw_only=True)
class Visit:
    """For whom and when: `village` and `round_id` are what the visitor chose, if anything; `net` for whom prices lack VAT."""

    region: Region
    at: datetime
    village: Municipality | None = None
    round_id: int | None = None
    net: Rates | None = None
    #: what the visitor sees of the articles; by default what everybody sees
    sight: Sight | None = None

    @property
    def today(self) -> date:
        """The day in the region's own time."""
        return daytime.day_of(self.at)


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What the blocks of a page would like, by the key of the block."""

    goods: Mapping[str, GoodsWish] = field(default_factory=dict)
    rounds: Mapping[str, RoundWish] = field(default_factory=dict)
    rows: Mapping[str, RowWish] = field(default_factory=dict)


def sorted_by_kind(*, wishes: Mapping[str, Any]) -> Wishes:
    """The wishes of all blocks, parted by what has to be read for them."""

    def of(kind: Any) -> dict[str, Any]:
        return {key: wish for key, wish in wishes.items() if isinstance(wish, kind)}

    return Wishes(goods=of(GoodsWish), rounds=of(RoundWish), rows=of(RowWish))


def lively(*, wishes: Wishes, visit: Visit) -> Draft:
    """What changes by the minute: rounds, places, goods and their stock. At most four queries."""
    if not wishes.goods and not wishes.rounds:
        return Draft(finish=lambda found: {})
    now = boards.now(region=visit.region, village=visit.village, at=visit.at, round_id=visit.round_id)
    shown: dict[str, Any] = {key: boards.board(now=now, wish=wish, at=visit.at) for key, wish in wishes.rounds.items()}
    who: dict[str, Any] = {"region": visit.region, "net": visit.net, "sight": visit.sight}
    stand = goods.draft(wishes=wishes.goods, at=visit.at, rounds=now.offered, **who)
    return Draft(finish=lambda found: shown | stand.finish(found), cards=stand.cards)


def steady(*, wishes: Wishes, pictures: Sequence[int], share_id: int | None, visit: Visit) -> Draft:
    """What may be some minutes old: producers, shelves, villages, stories, numbers; "pictures" by their id, and "share"."""
    where: dict[str, Any] = {"region": visit.region, "sight": visit.sight}
    return rows.draft(wishes=wishes.rows, pictures=pictures, share_id=share_id, today=visit.today, **where)
