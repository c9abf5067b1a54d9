"""Decides when goods are in season and says it in words."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _

from marketplace.catalogue.models import Product

YEAR = 12


def in_season(*, product: Product, day: date) -> bool:
    """Whether the goods are to be had in the month of `day`; goods without months are to be had all year."""
    return not product.season_months or day.month in product.season_months


def is_seasonal_now(*, product: Product, day: date) -> bool:
    """Whether the goods have a season and it is now: worth a mark on the card."""
    return bool(product.season_months) and len(product.season_months) < YEAR and day.month in product.season_months


def now(*, day: date) -> Q:
    """The filter for goods that have a season in which `day` falls."""
    return Q(season_months__contains=[day.month])


def returns(*, product: Product, day: date) -> str:
    """`wieder ab Mai`: when goods come back that are not in season on `day`; empty for those that are."""
    if in_season(product=product, day=day):
        return ""
    ahead = ((day.month - 1 + step) % YEAR + 1 for step in range(1, YEAR))
    month = next((month for month in ahead if month in product.season_months), None)
    return _("again from %(month)s on") % {"month": MONTHS[month]} if month else ""


def spans(*, months: Sequence[int]) -> list[tuple[int, int]]:
    """First and last month of each stretch, over the turn of the year too: [11, 12, 1, 6] → [(6, 6), (11, 1)]."""
    chosen = {month for month in months if 1 <= month <= YEAR}
    if not chosen or len(chosen) == YEAR:
        return []
    starts = [month for month in sorted(chosen) if _previous(month) not in chosen]
    return [(start, _last(start, chosen)) for start in starts]


def text(*, months: Sequence[int]) -> str:
    """The season in words: `Juni bis September`, `November bis Januar und Juni`, `das ganze Jahr`."""
    parts = [
        str(MONTHS[first]) if first == last else _("%(first)s to %(last)s") % {"first": MONTHS[first], "last": MONTHS[last]}
        for first, last in spans(months=months)
    ]
    if not parts:
        return _("all year")
    return parts[0] if len(parts) == 1 else _("%(parts)s and %(last)s") % {"parts": ", ".join(parts[:-1]), "last": parts[-1]}


def _previous(month: int) -> int:
    return month - 1 or YEAR


def _last(start: int, chosen: set[int]) -> int:
    month = start
    while month % YEAR + 1 in chosen:
        month = month % YEAR + 1
    return month
