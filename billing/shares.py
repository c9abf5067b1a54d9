"""Decides how the total of an order or a basket is told in shares: each producer's, the market's, the tax office's, the deposits.

Producers get what their credit note will say of these goods (`billing.earnings`); delivery and VAT are those of the order's own
sums. What is left is the market's commission, so the shares add up to the total to the cent. Deposits come back to the customer
and stand whole, with the VAT in them. Credits after the delivery are not in it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from billing import supplies
from billing.commissions import CommissionTable
from billing.earnings import Earning, Terms
from billing.models import SupplyContract
from billing.rates import RateTable
from marketplace.core import money, vat
from marketplace.order.statement import Statement, StatementLine
from marketplace.order.sums import Sums

Earned = dict[tuple[str, int | None], Decimal]
ByRate = dict[Decimal, Decimal]


@dataclass(frozen=True, kw_only=True)
class Producer:
    """What stays with one producer, in euro, and what of its price was the market's commission in percent."""

    name: str
    amount: Decimal
    #: None where articles have different ones
    commission_percent: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Who gets what of `total`, in euro. `vouchers` is what the market bears of vouchers on goods: negative, without VAT."""

    total: Decimal
    producers: tuple[Producer, ...]
    commission: Decimal
    delivery: Decimal
    vouchers: Decimal
    deposits: Decimal
    vat: Decimal

    @property
    def parts(self) -> tuple[Decimal, ...]:
        """All of them; their sum is the total."""
        own = (self.commission, self.delivery, self.vouchers, self.deposits, self.vat)
        return (*(producer.amount for producer in self.producers), *own)


@dataclass(frozen=True, kw_only=True)
class Row:
    """Goods and deposit of one line of an order or a basket, gross euro, and what vouchers take off the goods.

    `own_voucher` is what the producer bears of it, `market_voucher` what the market bears.
    """

    partner_id: int | None
    partner_name: str
    product_id: int | None
    vat_category: str
    vat_rate: Decimal
    goods: Decimal
    deposit: Decimal
    own_voucher: Decimal = money.ZERO
    market_voucher: Decimal = money.ZERO


def of_statement(*, told: Statement, day: date) -> Shares | None:
    """The shares of an order as far as it is known what comes of it, by the contracts of `day` (that of the delivery).

    None where nothing comes, or a producer has no contract. Four or five queries.
    """
    return of_rows(rows=[_row(row, told) for row in told.lines], sums=told.current, day=day)


def of_rows(*, rows: Iterable[Row], sums: Sums, day: date) -> Shares | None:
    """The shares of goods that add up to `sums` with the fee, by the contracts of `day`.

    None where nothing comes, or a producer has no contract. Four or five queries.
    """
    rows = [row for row in rows if row.goods or row.deposit]
    keys = {row.partner_id for row in rows}
    terms = terms_of_all(partners=keys, day=day, products={row.product_id for row in rows})
    if not rows or terms.keys() != keys:
        return None
    earned = _earned(rows, terms)
    deposits = _by_rate((row.vat_rate, row.deposit) for row in rows)
    borne = -_net(_by_rate((row.vat_rate, row.market_voucher) for row in rows))
    kept = sum((item.own_vat for item in earned.values() if item.keeps_vat), money.ZERO)
    tax = sum((share.tax for share in sums.vat), money.ZERO) - (_sum(deposits) - _net(deposits)) - kept
    names = {row.partner_id: row.partner_name for row in rows}
    producers = tuple(
        Producer(name=names[key], amount=item.yours, commission_percent=_percent(rows, key, terms[key]))
        for key, item in earned.items()
    )
    given_away = sum((producer.amount for producer in producers), tax) + sums.fee_net + borne + _sum(deposits)
    return Shares(
        total=sums.total,
        producers=producers,
        commission=sums.total - given_away,
        delivery=sums.fee_net,
        vouchers=borne,
        deposits=_sum(deposits),
        vat=tax,
    )


def terms_of_all(*, partners: Iterable[int | None], day: date, products: Collection[int | None] = ()) -> dict[int | None, Terms]:
    """The terms on which producers sell these articles (by key) on a day; those without a contract are left out.

    Four or five queries.
    """
    known = [key for key in partners if key is not None]
    contracts: dict[int, list[SupplyContract]] = {}
    for row in SupplyContract.objects.filter(partner__in=known).select_related("partner").order_by("valid_from"):
        contracts.setdefault(row.partner_id, []).append(row)
    rates, table = RateTable.load(), CommissionTable.load(partners=known, products=products)
    held = {key: supplies.contract_on(contracts=rows, day=day) for key, rows in contracts.items()}
    return {
        key: Terms(contract=contract, rates=rates, day=day, commissions=table)
        for key, contract in held.items()
        if contract is not None
    }


def _earned(rows: Iterable[Row], terms: Mapping[int | None, Terms]) -> dict[int | None, Earning]:
    """What comes to each producer: of the goods less the vouchers that it bears itself."""
    sums: dict[int | None, Earned] = {}
    for row in rows:
        mine = sums.setdefault(row.partner_id, {})
        what = (row.vat_category, row.product_id)
        mine[what] = mine.get(what, money.ZERO) + row.goods - row.own_voucher
    return {key: terms[key].earn_all(sums=mine) for key, mine in sums.items()}


def _percent(rows: Iterable[Row], key: int | None, terms: Terms) -> Decimal | None:
    """The commission of a producer's goods; None where it differs from article to article."""
    found = {terms.commission_of(product_id=row.product_id).percent for row in rows if row.partner_id == key}
    return found.pop() if len(found) == 1 else None


def _row(row: StatementLine, told: Statement) -> Row:
    def off(*, own: bool) -> Decimal:
        borne = (one for one in told.vouchers if (one.granted.bearer_id is not None) == own)
        return sum((one.shares.get(row.line.pk, money.ZERO) for one in borne), money.ZERO)

    return Row(
        partner_id=row.line.partner_id,
        partner_name=row.line.partner_name,
        product_id=row.line.product_id,
        vat_category=row.line.vat_category,
        vat_rate=row.line.vat_rate,
        goods=_goods(row, told),
        deposit=_deposit(row, told),
        own_voucher=off(own=True),
        market_voucher=off(own=False),
    )


def _goods(row: StatementLine, told: Statement) -> Decimal:
    if told.final is not None:
        return row.final_total or money.ZERO
    return money.ZERO if row.called_off else row.total


def _deposit(row: StatementLine, told: Statement) -> Decimal:
    if told.final is not None:
        return row.final_deposit or money.ZERO
    return money.ZERO if row.called_off else row.deposit


def _by_rate(amounts: Iterable[tuple[Decimal, Decimal]]) -> ByRate:
    found: ByRate = {}
    for rate, amount in amounts:
        found[rate] = found.get(rate, money.ZERO) + amount
    return found


def _sum(amounts: ByRate) -> Decimal:
    return sum(amounts.values(), money.ZERO)


def _net(amounts: ByRate) -> Decimal:
    return sum((vat.from_gross(amount, rate).net for rate, amount in amounts.items()), money.ZERO)
