"""Decides what of the price that customers pay comes to the producer: less the market's VAT and commission, plus the own VAT.

It is the same sum as the monthly credit note's (`billing.crediting`), for one price and before anything is sold.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from billing import supplies
from billing.models import SupplyContract
from billing.rates import RateTable
from marketplace.core import money, vat
from marketplace.partner.models import Partner


@dataclass(frozen=True, kw_only=True)
class Earning:
    """The way from the shelf price to the producer, in euro. `keeps_vat`: the own VAT stays (flat rate for farmers)."""

    paid: Decimal
    market_vat: Decimal
    commission: Decimal
    own_vat: Decimal
    keeps_vat: bool

    @property
    def net(self) -> Decimal:
        """What is left after the market's VAT and commission."""
        return self.paid - self.market_vat - self.commission

    @property
    def payout(self) -> Decimal:
        """What is transferred."""
        return self.net + self.own_vat

    @property
    def yours(self) -> Decimal:
        """What stays with the producer, once VAT is handed on to the tax office."""
        return self.payout if self.keeps_vat else self.net


NOTHING = Earning(paid=money.ZERO, market_vat=money.ZERO, commission=money.ZERO, own_vat=money.ZERO, keeps_vat=True)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """A producer's contract on a day, with the rates of that day."""

    contract: SupplyContract
    rates: RateTable
    day: date

    def earn(self, *, gross: Decimal, category: str) -> Earning:
        """What comes of a price or sum of goods of one VAT category (gross euro, without deposit)."""
        status = self.contract.vat_status
        return earning(
            gross=gross,
            sold=self.rates.on(category=category, day=self.day).rate,
            bought=self.rates.of_producer(status=status, category=category, day=self.day).rate,
            percent=self.contract.commission_percent,
            keeps_vat=status == SupplyContract.VatStatus.FLAT_RATE,
        )

    def earn_all(self, *, sums: Mapping[str, Decimal]) -> Earning:
        """What comes of sums by VAT category."""
        return total(self.earn(gross=gross, category=category) for category, gross in sums.items())


def terms_of(*, partner: Partner, day: date) -> Terms | None:
    """The terms on which a producer sells on a day; None without a contract. Two queries."""
    contracts = list(SupplyContract.objects.filter(partner=partner).order_by("valid_from"))
    contract = supplies.contract_on(contracts=contracts, day=day)
    return Terms(contract=contract, rates=RateTable.load(), day=day) if contract else None


def earning(*, gross: Decimal, sold: Decimal, bought: Decimal, percent: Decimal, keeps_vat: bool) -> Earning:
    """The way of one price; `sold` and `bought` are the VAT rates of the market's and the producer's supply, in percent."""
    priced = vat.from_gross(gross, sold)
    commission = money.to_cents(Fraction(priced.net) * Fraction(percent) / 100)
    return Earning(
        paid=gross,
        market_vat=priced.tax,
        commission=commission,
        own_vat=vat.from_net(priced.net - commission, bought).tax,
        keeps_vat=keeps_vat,
    )


def total(earnings: Iterable[Earning]) -> Earning:
    """Several together; they are of one producer."""
    found = list(earnings)
    return Earning(
        paid=sum((item.paid for item in found), money.ZERO),
        market_vat=sum((item.market_vat for item in found), money.ZERO),
        commission=sum((item.commission for item in found), money.ZERO),
        own_vat=sum((item.own_vat for item in found), money.ZERO),
        keeps_vat=all(item.keeps_vat for item in found),
    )
