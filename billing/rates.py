"""Decides which VAT rate a line carries on the day of its supply: as the operator's sale, and as the producer's supply."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing.documents import VatCategory as DocumentCategory
from billing.models import SupplyContract
from marketplace.core.models import VatCategory, VatRate
from marketplace.core.rates import NoVatRate


@dataclass(frozen=True)
class Taxed:
    """A rate in percent and the category code of the document ("S" taxed, "E" exempt)."""

    rate: Decimal
    category: DocumentCategory


class RateTable:
    """All dated rates, read in one query, so that a month of lines needs no query each."""

    def __init__(self, rows: Iterable[VatRate]) -> None:
        self._rows = tuple(rows)

    @classmethod
    def load(cls) -> "RateTable":
        """The rates that the database holds."""
        return cls(VatRate.objects.all())

    def on(self, *, category: str, day: date) -> Taxed:
        """The operator's sale of goods of a category. Raises `NoVatRate`."""
        for row in self._rows:
            begun = row.valid.lower is None or row.valid.lower <= day
            over = row.valid.upper is not None and row.valid.upper <= day
            if row.category == category and begun and not over:
                return Taxed(row.percent, "E" if category == VatCategory.EXEMPT else "S")
        raise NoVatRate(f"No VAT rate for {category} on {day:%Y-%m-%d}.")

    def of_producer(self, *, status: str, category: str, day: date) -> Taxed:
        """The producer's supply to the operator.

        A small business shows no tax (section 19 UStG). A farmer at flat rate has it on what falls under the reduced rate; drinks
        and other goods of the standard rate stay there (section 24(1) no. 2 UStG). Raises `NoVatRate`.
        """
        if status == SupplyContract.VatStatus.SMALL:
            return self.on(category=VatCategory.EXEMPT, day=day)
        if status == SupplyContract.VatStatus.FLAT_RATE and category == VatCategory.REDUCED:
            return self.on(category=VatCategory.FLAT_RATE, day=day)
        return self.on(category=category, day=day)
