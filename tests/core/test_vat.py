import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.documents import DocLine, Document, TypeCode
from billing.totals import totals
from marketplace.core import vat
from tests.factories import documents as made

PAGE = Path(__file__).parents[2] / "docs" / "vat.md"
cents = st.integers(-1_000_000, 1_000_000).map(lambda count: Decimal(count) / 100)
rates = st.sampled_from([Decimal(0), Decimal(7), Decimal("7.8"), Decimal(19)])


def table(name: str) -> list[list[str]]:
    """The rows of one marked table of the page."""
    block = PAGE.read_text().split(f"<!-- table: {name} -->\n")[1].split("\n\n")[0]
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in block.splitlines()]
    return rows[2:]


@given(cents, rates)
def test_from_gross_gives_the_gross_back(gross: Decimal, rate: Decimal) -> None:
    assert vat.from_gross(gross, rate).gross == gross


@given(cents, rates)
def test_from_gross_is_symmetric(gross: Decimal, rate: Decimal) -> None:
    assert vat.from_gross(-gross, rate).tax == -vat.from_gross(gross, rate).tax


@given(cents, rates)
def test_from_net_keeps_the_net(net: Decimal, rate: Decimal) -> None:
    assert vat.from_net(net, rate).net == net


@given(cents, st.dictionaries(rates, st.integers(1, 10**6).map(lambda count: Decimal(count) / 100), min_size=1))
def test_split_fee_by_rate_sums_to_the_fee(fee: Decimal, bases: dict[Decimal, Decimal]) -> None:
    assert sum(part.gross for part in vat.split_fee_by_rate(fee, bases).values()) == fee


@given(cents, st.dictionaries(rates, st.integers(1, 10**6).map(lambda count: Decimal(count) / 100), min_size=1))
def test_split_fee_by_rate_does_not_depend_on_order(fee: Decimal, bases: dict[Decimal, Decimal]) -> None:
    assert vat.split_fee_by_rate(fee, dict(reversed(bases.items()))) == vat.split_fee_by_rate(fee, bases)


def test_split_fee_by_rate_leaves_out_rates_without_goods() -> None:
    split = vat.split_fee_by_rate(Decimal("3.90"), {Decimal(7): Decimal(20), Decimal(19): Decimal("-1.50")})
    assert split == {Decimal(7): vat.from_gross(Decimal("3.90"), Decimal(7))}


def test_split_fee_by_rate_needs_goods() -> None:
    with pytest.raises(ValueError, match="sum to zero"):
        vat.split_fee_by_rate(Decimal("3.90"), {})


@pytest.mark.parametrize(("gross", "rate", "tax", "net"), table("from_gross"))
def test_page_takes_tax_out_of_gross(gross: str, rate: str, tax: str, net: str) -> None:
    price = vat.from_gross(Decimal(gross), Decimal(rate))
    assert [str(price.tax), str(price.net)] == [tax, net]


@pytest.mark.parametrize(("net", "rate", "tax", "gross"), table("from_net"))
def test_page_puts_tax_on_net(net: str, rate: str, tax: str, gross: str) -> None:
    price = vat.from_net(Decimal(net), Decimal(rate))
    assert [str(price.tax), str(price.gross)] == [tax, gross]


@pytest.mark.parametrize(("fee", "low", "high", "fee_low", "fee_high"), table("split_fee"))
def test_page_splits_fees(fee: str, low: str, high: str, fee_low: str, fee_high: str) -> None:
    split = vat.split_fee_by_rate(Decimal(fee), {Decimal(7): Decimal(low), Decimal(19): Decimal(high)})
    zero = vat.from_gross(Decimal("0.00"), Decimal(7))
    assert [split.get(rate, zero).gross for rate in (Decimal(7), Decimal(19))] == [Decimal(fee_low), Decimal(fee_high)]


@pytest.mark.parametrize(("lines", "net", "tax", "gross"), table("document"))
def test_page_sums_documents(lines: str, net: str, tax: str, gross: str) -> None:
    sums = totals(document(lines))
    assert [str(sums.net), str(sums.tax), str(sums.gross)] == [net, tax, gross]
    assert sum(line.net for line in sums.lines) == Decimal(net)


def document(words: str) -> Document:
    """A document from the page's short hand, e.g. ``0.29 × 10 at 7; 1.00 × 1 at 19``: so many lines of one piece each."""
    found: list[DocLine] = []
    for amount, count, rate in re.findall(r"(-?[\d.]+) × (\d+) at ([\d.]+)", words):
        sign = "-1" if amount.startswith("-") else "1"
        found += [made.line(len(found) + n, "Ware", sign, "Stück", amount, rate) for n in range(1, int(count) + 1)]
    return Document(
        type_code=TypeCode.INVOICE,
        number="1",
        issued_on=made.FIRST,
        seller=made.OPERATOR,
        buyer=made.HOUSEHOLD,
        lines=tuple(found),
    )
