"""Reckons what a customer's shopping came to in a year, by producer: from the lines of the invoices, to the cent."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, Q, Sum, When
from django.db.models.functions import ExtractYear

from billing.models import Invoice, InvoiceLine
from marketplace.regions.models import Region


@dataclass(frozen=True)
class Share:
    """What went to one producer's goods, in gross euro; `percent` of the highest share, for a bar. No name, last: delivery."""

    name: str
    slug: str
    gross: Decimal
    percent: int


@dataclass(frozen=True)
class Year:
    """One calendar year."""

    year: int
    total: Decimal
    shares: tuple[Share, ...]


def by_year(*, user: Any, region: Region) -> list[Year]:
    """Every year with an invoice, the last one first; one query.

    A cancellation says the same with the other sign; a correction says in positive amounts what was given back.
    """
    mine = Q(invoice__order__user=user) | Q(invoice__account__in=user.accounts.values("pk"))
    customers = (Invoice.Kind.INVOICE, Invoice.Kind.CREDIT, Invoice.Kind.CANCELLATION)
    back = Case(When(kind=Invoice.Kind.CREDIT, then=-F("gross")), default=F("gross"))
    rows = (
        InvoiceLine.objects.filter(mine, invoice__region=region, invoice__partner__isnull=True, kind__in=customers)
        .annotate(year=ExtractYear("invoice__issued_on"))
        .values("year", "order_line__partner__name", "order_line__partner__slug")
        .annotate(gross=Sum(back))
        .order_by("-year", F("order_line__partner__name").asc(nulls_last=True))
    )
    years: dict[int, list[tuple[str, str, Decimal]]] = {}
    for row in rows:
        name, slug = row["order_line__partner__name"] or "", row["order_line__partner__slug"] or ""
        years.setdefault(row["year"], []).append((name, slug, row["gross"]))
    return [_year(year, found) for year, found in years.items()]


def _year(year: int, found: list[tuple[str, str, Decimal]]) -> Year:
    most = max((gross for _name, _slug, gross in found), default=Decimal(0))
    shares = tuple(
        Share(name=name, slug=slug, gross=gross, percent=max(0, int(100 * gross / most)) if most > 0 else 0)
        for name, slug, gross in sorted(found, key=lambda row: (not row[0], -row[2]))
        if gross
    )
    return Year(year=year, total=sum((share.gross for share in shares), Decimal(0)), shares=shares)
