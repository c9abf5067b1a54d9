"""Decides what of the price that customers pay comes to the producer: less the market's VAT and commission, plus the own VAT.

It is the same sum as the monthly credit note's (`billing.crediting`), for one price and before anything is sold.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from billing import supplies
from billing.commissions import Commission, CommissionTable
from billing.models import ProducerFee, SupplyContract
from billing.rates import RateTable
from marketplace.core import money, vat
from marketplace.core.models import VatCategory
from marketplace.partner.models import Partner

#: gross euro by VAT category and article (by key; None where it is not known any more)
Sums = Mapping[tuple[str, int | None], Decimal]


@dataclass(frozen=True, kw_only=True)
class Earning:
    """The way from the shelf price to the producer, in euro. `keeps_vat`: the own VAT stays (flat rate for farmers)."""

    paid: Decimal
    market_vat: Decimal
    commission: Decimal
    own_vat: Decimal
    keeps_vat: bool
    #: fees in percent of the goods that the producer bears
    fees: Decimal = money.ZERO

    @property
    def net(self) -> Decimal:
        """What is left after the market's VAT, commission and fees."""
        return self.paid - self.market_vat - self.commission - self.fees

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
    """A producer's contract on a day, with the rates of that day and the rules beside the contract."""

    contract: SupplyContract
    rates: RateTable
    day: date
    commissions: CommissionTable

    def commission_of(self, *, product_id: int | None) -> Commission:
        """The percentage for an article, and why it is that."""
        return self.commissions.on(contract=self.contract, product_id=product_id, day=self.day)

    def earn(self, *, gross: Decimal, category: str, product_id: int | None = None) -> Earning:
        """What comes of a price or sum of an article of one VAT category (gross euro, without deposit)."""
        return self._earn(gross, category, self.commission_of(product_id=product_id).percent)

    def _earn(self, gross: Decimal, category: str, percent: Decimal) -> Earning:
        status = self.contract.vat_status
        if self.contract.mode == SupplyContract.Mode.AGENCY:
            return self._own_sale(gross, category, percent)
        return earning(
            gross=gross,
            sold=self.rates.on(category=category, day=self.day).rate,
            bought=self.rates.of_producer(status=status, category=category, day=self.day).rate,
            percent=percent,
            keeps_vat=status == SupplyContract.VatStatus.FLAT_RATE,
            fees=self._fee_percents(),
        )

    def earn_all(self, *, sums: Sums) -> Earning:
        """What comes of sums by VAT category and article."""
        alike: dict[tuple[str, Decimal], Decimal] = {}
        for (category, product_id), gross in sums.items():
            key = (category, self.commission_of(product_id=product_id).percent)
            alike[key] = alike.get(key, money.ZERO) + gross
        return total(self._earn(gross, category, percent) for (category, percent), gross in alike.items())

    def _own_sale(self, gross: Decimal, category: str, percent: Decimal) -> Earning:
        """A sale in the producer's own name: its own VAT is in the price; who deducts no VAT bears that on the commission."""
        status = self.contract.vat_status
        own = self.rates.of_producer(status=status, category=category, day=self.day).rate
        usual = self.rates.on(category=VatCategory.STANDARD, day=self.day).rate
        found = earning(gross=gross, sold=own, bought=own, percent=percent, keeps_vat=False, fees=self._fee_percents())
        on_top = money.ZERO
        if status != SupplyContract.VatStatus.REGULAR:
            on_top = vat.from_net(found.commission + found.fees, usual).tax
        keeps = status == SupplyContract.VatStatus.FLAT_RATE
        return replace(found, commission=found.commission + on_top, own_vat=found.market_vat, keeps_vat=keeps)

    @property
    def fee_recipients(self) -> str:
        """Who receives the fees in percent, as text."""
        fees = self.commissions.fees_on(partner=self.contract.partner, day=self.day)
        return ", ".join(f"{fee.name}: {fee.recipient}" for fee in fees if fee.basis == ProducerFee.Basis.PERCENT)

    def _fee_percents(self) -> tuple[Decimal, ...]:
        fees = self.commissions.fees_on(partner=self.contract.partner, day=self.day)
        return tuple(fee.amount for fee in fees if fee.basis == ProducerFee.Basis.PERCENT)


def terms_of(*, partner: Partner, day: date, products: Collection[int | None] = (), shelf: int | None = None) -> Terms | None:
    """For a page: the terms on which a producer sells these articles (by key) on a day; None without a contract.

    Two or three queries. `shelf` (by key) is that of an article that is only being written.
    """
    contracts = list(SupplyContract.objects.filter(partner=partner).select_related("partner").order_by("valid_from"))
    contract = supplies.contract_on(contracts=contracts, day=day)
    if contract is None:
        return None
    table = CommissionTable.shown(partner=contract.partner, products=products, shelf=shelf)
    return Terms(contract=contract, rates=RateTable.load(), day=day, commissions=table)


def earning(
    *, gross: Decimal, sold: Decimal, bought: Decimal, percent: Decimal, keeps_vat: bool, fees: Iterable[Decimal] = ()
) -> Earning:
    """The way of one price; `sold` and `bought` are the VAT rates of the market's and the producer's supply, in percent.

    `percent` and `fees` are percentages of the net price.
    """
    priced = vat.from_gross(gross, sold)
    commission = money.to_cents(Fraction(priced.net) * Fraction(percent) / 100)
    borne = sum((money.to_cents(Fraction(priced.net) * Fraction(fee) / 100) for fee in fees), money.ZERO)
    return Earning(
        paid=gross,
        market_vat=priced.tax,
        commission=commission,
        own_vat=vat.from_net(priced.net - commission - borne, bought).tax,
        keeps_vat=keeps_vat,
        fees=borne,
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
        fees=sum((item.fees for item in found), money.ZERO),
    )
