"""Shows what sharing has saved, round by round and for a year, in figures that the administration may print."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from logistics import savings
from logistics.models import RoadCosts, RoundSavings
from logistics.savings import Worth
from marketplace.regions.models import Region

MOST_PRODUCERS = 10


@dataclass(frozen=True, kw_only=True)
class Row:
    """A round with what it saved."""

    kept: RoundSavings
    worth: Worth


@dataclass(frozen=True, kw_only=True)
class Report:
    """A year of a region: its rounds, the latest first, their sums, and who would have driven most."""

    year: int
    years: Sequence[int]
    rows: Sequence[Row]
    total: Worth
    shared_m: int
    alone_m: int
    nearest_m: int
    orders: int
    is_estimated: bool
    producers: Sequence[tuple[str, int]]
    costs: RoadCosts

    @property
    def percent(self) -> int:
        """How many of a hundred kilometres were saved."""
        return round((self.alone_m - self.shared_m) * 100 / self.alone_m) if self.alone_m else 0

    @property
    def kilograms(self) -> int:
        """CO₂ saved, in whole kilograms."""
        return round(self.total.grams / 1000)

    @property
    def hours(self) -> int:
        """Working time saved, in whole hours."""
        return round(self.total.seconds / 3600)


def year(*, region: Region, wanted: int | None, today: date) -> Report:
    """The year that was asked for, else this one. Three queries."""
    costs = savings.costs_of(region=region)
    mine = RoundSavings.objects.filter(round__region=region).select_related("round__rule")
    known = sorted({day.year for day in mine.values_list("round__delivery_day", flat=True)} | {today.year}, reverse=True)
    chosen = wanted if wanted in known else today.year
    kept = list(mine.filter(round__delivery_day__year=chosen).order_by("-round__delivery_day", "-round_id"))
    return Report(
        year=chosen,
        years=known,
        rows=[Row(kept=row, worth=savings.worth(savings=[row], costs=costs)) for row in kept],
        total=savings.worth(savings=kept, costs=costs),
        shared_m=sum(row.shared_m for row in kept),
        alone_m=sum(row.alone_m for row in kept),
        nearest_m=sum(row.nearest_m for row in kept),
        orders=sum(row.orders for row in kept),
        is_estimated=any(row.is_estimated for row in kept),
        producers=list(savings.shares(savings=kept).items())[:MOST_PRODUCERS],
        costs=costs,
    )
