"""Decides the number of a document: one series a region, kind and year, without gaps."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from billing.models import NumberSeries
from marketplace.regions.models import Region


class Prefix(StrEnum):
    """What a number begins with."""

    INVOICE = "RE"
    CONSOLIDATED = "SR"
    SELF_BILLED = "GS"
    CANCELLATION = "ST"
    CORRECTION = "RK"
    COMMISSION = "PR"
    #: a settlement by an invoice of the other side's own: no document of ours
    SETTLED = "AB"


@dataclass(frozen=True)
class Drawn:
    """A number and the place in its series."""

    series: NumberSeries
    counter: int
    number: str


def lock_books(*, region: Any) -> None:
    """Let one transaction at a time finalise documents of a region; others wait. Orders that refer to the region do not."""
    Region.objects.select_for_update(of=("self",), no_key=True).get(pk=region.pk)


def draw(*, region: Any, prefix: Prefix, year: int, seller_id: int | None = None) -> Drawn:
    """The next number, e.g. "RE-2026-000123"; of a producer that sells in its own name "B0012-RE-2026-000001".

    Must run inside the transaction that saves the document: its row lock keeps others waiting until then, and a rollback gives
    the number back, so there are no gaps.
    """
    told = {"region_id": region.pk, "seller_id": seller_id, "prefix": prefix.value, "year": year}
    NumberSeries.objects.bulk_create([NumberSeries(**told)], ignore_conflicts=True)
    series = NumberSeries.objects.select_for_update(of=("self",)).get(**told)
    series.last += 1
    series.save(update_fields=["last"])
    whose = f"B{seller_id:04d}-" if seller_id is not None else ""
    return Drawn(series=series, counter=series.last, number=f"{whose}{prefix.value}-{year}-{series.last:06d}")
