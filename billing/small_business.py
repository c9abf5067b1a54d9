"""Decides how near a small business (section 19 UStG) is to the limits of its turnover, as far as the market knows of it.

On commission its turnover is the price less commission, which is what the credit notes say; in agency the full price. What it
sells elsewhere counts too and is not known here, so the counter warns early and never says that all is well.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Sum, TextChoices, When
from django.utils.translation import gettext_lazy as _

from billing.models import Invoice, SupplyContract
from marketplace.core import money

#: since when, what the year before may hold at most, and what the running year (section 19(1) UStG of 2025)
LIMITS = ((date(2025, 1, 1), Decimal(25_000), Decimal(100_000)),)
#: of a limit; from here on one is told
NEAR = Decimal("0.8")


class Reached(TextChoices):
    """How far it is; the label is the sentence for the producer and for the office."""

    NEAR_YEAR = "near_year", _("More than 80 percent of the turnover up to which next year is free of VAT.")
    OVER_YEAR = "over_year", _("Over the turnover up to which next year is free of VAT: from 1 January on VAT has to be shown.")
    NEAR_END = "near_end", _("More than 80 percent of the turnover with which the exemption ends at once.")
    OVER_END = "over_end", _("Over the turnover with which the exemption ends at once: VAT has to be shown from this sale on.")
    LAST_YEAR = "last_year", _("Last year's turnover was over the limit: this year VAT has to be shown.")


@dataclass(frozen=True, kw_only=True)
class Turnover:
    """What a small business sold through the market in a year (euro, settled so far), the limits, and what they mean for it."""

    year: int
    amount: Decimal
    year_limit: Decimal
    end_limit: Decimal
    reached: tuple[Reached, ...]

    @property
    def sentences(self) -> list[str]:
        """What it means, for people."""
        return [str(one.label) for one in self.reached]

    @property
    def percent(self) -> int:
        """Of the lower limit, whole percent."""
        return int(100 * self.amount / self.year_limit)


def counted(*, partner: Any, today: date) -> Turnover | None:
    """The turnover of this year; None for others than small businesses. Five queries."""
    if not _small(today).filter(partner=partner).exists():
        return None
    return _counted([partner.pk], today).get(partner.pk)


def warned(*, region: Any, today: date) -> list[tuple[Any, Turnover]]:
    """The small businesses of a region that are near a limit or over one, by name. Five queries."""
    rows = _small(today).filter(partner__region=region).select_related("partner").order_by("partner__name", "pk")
    partners = [row.partner for row in rows]
    counters = _counted([partner.pk for partner in partners], today)
    return [(one, counters[one.pk]) for one in partners if one.pk in counters and counters[one.pk].reached]


def turnovers(*, partners: Collection[int], year: int) -> dict[int, Decimal]:
    """What was supplied in a year by each, in euro as the producers' documents say it. Two queries."""
    credited = Q(kind=Invoice.Kind.SELF_BILLED) | Q(kind=Invoice.Kind.CANCELLATION, replaces__kind=Invoice.Kind.SELF_BILLED)
    found = _totals(Invoice.objects.filter(credited, partner__in=partners), "partner", year)
    for partner, amount in _totals(Invoice.objects.filter(seller__in=partners), "seller", year).items():
        found[partner] = found.get(partner, money.ZERO) + amount
    return found


def _small(today: date) -> QuerySet[SupplyContract]:
    rows = SupplyContract.objects.filter(vat_status=SupplyContract.VatStatus.SMALL, valid_from__lte=today)
    return rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=today))


def _counted(partners: Collection[int], today: date) -> dict[int, Turnover]:
    limits = next(((most, end) for since, most, end in reversed(LIMITS) if since <= today), None)
    if limits is None or not partners:
        return {}
    now, before = (turnovers(partners=partners, year=year) for year in (today.year, today.year - 1))
    return {
        partner: Turnover(
            year=today.year,
            amount=now.get(partner, money.ZERO),
            year_limit=limits[0],
            end_limit=limits[1],
            reached=_reached(now.get(partner, money.ZERO), before.get(partner, money.ZERO), *limits),
        )
        for partner in partners
    }


def _reached(amount: Decimal, before: Decimal, year_limit: Decimal, end_limit: Decimal) -> tuple[Reached, ...]:
    found = [Reached.LAST_YEAR] if before > year_limit else []
    for limit, near, over in (
        (year_limit, Reached.NEAR_YEAR, Reached.OVER_YEAR),
        (end_limit, Reached.NEAR_END, Reached.OVER_END),
    ):
        if amount >= NEAR * limit:
            found.append(over if amount > limit else near)
    return tuple(found)


def _totals(documents: QuerySet[Invoice], by: str, year: int) -> dict[int, Decimal]:
    signed = Case(When(kind=Invoice.Kind.CREDIT, then=-F("gross")), default=F("gross"))
    return dict(documents.filter(period_from__year=year).values_list(by).annotate(sum=Sum(signed)).order_by(by))
