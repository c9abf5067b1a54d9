"""What vouchers take off: shares to the cent, never below zero, whatever is delivered and however lines are sorted."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.core import money
from marketplace.order import discounts, sums
from marketplace.order.discounts import Given, Granted
from marketplace.order.sums import Part

Voucher = tuple[Decimal | None, Decimal, set[int]]

PAGE = Path(__file__).parents[2] / "docs" / "vat.md"
CENTS = st.integers(0, 20_000).map(lambda count: Decimal(count) / 100)
PERCENTS = st.integers(1, 10_000).map(lambda count: Decimal(count) / 100)
KEYS = st.integers(1, 8)
LINES = st.dictionaries(KEYS, CENTS, min_size=1, max_size=8)
#: for each voucher: percent or amount, and which lines it covers
VOUCHERS = st.lists(st.tuples(st.one_of(st.none(), PERCENTS), CENTS, st.sets(KEYS, max_size=8)), min_size=1, max_size=4)


def granted(lines: dict[int, Decimal], vouchers: Sequence[Voucher]) -> list[Granted]:
    """The vouchers in their turn on lines as they are ordered."""
    left, found = dict(lines), []
    for number, (percent, amount, covered) in enumerate(vouchers):
        own = {key: left[key] for key in left if key in covered}
        shares = discounts.share_out(left=own, percent=percent, amount=amount)
        left |= {key: left[key] - share for key, share in shares.items()}
        found.append(Granted(discount_id=number, code=f"C{number}", shares=shares, percent=percent))
    return found


def come(found: Sequence[Granted], ordered: dict[int, Decimal], delivered: dict[int, Decimal]) -> tuple[Given, ...]:
    return discounts.come_to(granted=found, ordered=ordered, delivered=delivered, fee=money.ZERO)


@given(LINES, PERCENTS)
def test_a_percentage_is_rounded_once(lines: dict[int, Decimal], percent: Decimal) -> None:
    shares = discounts.share_out(left=lines, percent=percent)
    assert sum(shares.values()) == money.to_cents(sum(lines.values()) * percent / 100)
    assert all(money.ZERO <= shares[key] <= lines[key] for key in lines)


@given(LINES, CENTS)
def test_an_amount_is_spread_to_the_cent_and_ends_with_the_goods(lines: dict[int, Decimal], amount: Decimal) -> None:
    shares = discounts.share_out(left=lines, amount=amount)
    assert sum(shares.values()) == min(amount, sum(lines.values()))
    assert all(money.ZERO <= shares[key] <= lines[key] for key in lines)


@given(LINES, VOUCHERS)
def test_order_of_lines_does_not_matter(lines: dict[int, Decimal], vouchers: list[Voucher]) -> None:
    other = dict(reversed(lines.items()))
    assert granted(lines, vouchers) == granted(other, vouchers)
    assert come(granted(lines, vouchers), lines, {}) == come(granted(lines, vouchers), other, {})


@given(LINES, VOUCHERS)
def test_delivered_as_ordered_gives_what_was_granted(lines: dict[int, Decimal], vouchers: list[Voucher]) -> None:
    agreed = granted(lines, vouchers)
    assert [one.shares for one in come(agreed, lines, lines)] == [one.shares for one in agreed]


@given(LINES, LINES, VOUCHERS)
def test_no_line_falls_below_zero_and_fixed_amounts_never_grow(
    ordered: dict[int, Decimal], came: dict[int, Decimal], vouchers: list[Voucher]
) -> None:
    delivered = {key: came.get(key, money.ZERO) for key in ordered}
    agreed = granted(ordered, vouchers)
    final = come(agreed, ordered, delivered)
    off = discounts.by_line(given=final)
    assert all(money.ZERO <= share <= delivered[key] for key, share in off.items())
    assert all(one.amount <= one.granted.amount for one in final if one.granted.percent is None)
    assert sum(off.values()) == sum(one.amount for one in final)


@given(LINES, PERCENTS)
def test_a_percentage_follows_what_is_delivered(ordered: dict[int, Decimal], percent: Decimal) -> None:
    delivered = {key: money.to_cents(price / 2) for key, price in ordered.items()}
    (final,) = come(granted(ordered, [(percent, money.ZERO, set(ordered))]), ordered, delivered)
    assert final.amount == money.to_cents(sum(delivered.values()) * percent / 100)


def test_a_fixed_amount_shrinks_with_the_goods_it_covers() -> None:
    """5.00 off 40.00; half of the goods came, so 2.50; nothing came, so nothing."""
    ordered = {1: Decimal("30.00"), 2: Decimal("10.00")}
    agreed = granted(ordered, [(None, Decimal("5.00"), {1, 2})])
    assert agreed[0].shares == {1: Decimal("3.75"), 2: Decimal("1.25")}
    half = come(agreed, ordered, {1: Decimal("10.00"), 2: Decimal("10.00")})
    assert half[0].shares == {1: Decimal("1.25"), 2: Decimal("1.25")}
    assert come(agreed, ordered, {})[0].amount == money.ZERO
    more = come(agreed, ordered, {1: Decimal("33.00"), 2: Decimal("10.00")})
    assert more[0].amount == Decimal("5.00")


def test_the_second_takes_from_what_the_first_left() -> None:
    """10 % of 20.00, then 10 % of the 18.00 that are left."""
    lines = {1: Decimal("20.00")}
    agreed = granted(lines, [(Decimal(10), money.ZERO, {1}), (Decimal(10), money.ZERO, {1})])
    assert [one.amount for one in agreed] == [Decimal("2.00"), Decimal("1.80")]


def test_free_delivery_is_free_once_and_as_much_as_is_charged() -> None:
    free = Granted(discount_id=1, code="FREI", shares={}, frees_delivery=True)
    twice = discounts.come_to(granted=[free, free], ordered={}, delivered={}, fee=Decimal("3.90"))
    assert [one.fee for one in twice] == [Decimal("3.90"), money.ZERO]
    assert discounts.come_to(granted=[free], ordered={}, delivered={}, fee=money.ZERO)[0].amount == money.ZERO


def page(name: str) -> list[list[str]]:
    """The rows of one marked table of docs/vat.md."""
    block = PAGE.read_text().split(f"<!-- table: {name} -->\n")[1].split("\n\n")[0]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in block.splitlines()][2:]


def told(off: str) -> dict[str, Decimal]:
    """`10 %` or `5.00`."""
    return {"percent": Decimal(off.removesuffix("%").strip())} if off.endswith("%") else {"amount": Decimal(off)}


@pytest.mark.parametrize("row", page("voucher"))
def test_page_spreads_vouchers_over_rates(row: list[str]) -> None:
    low, high, deposit, off, off_low, off_high, fee, tax, total = row
    rated = [(Decimal(7), Decimal(price)) for price in low.split(";")] + [(Decimal(19), Decimal(high))]
    shares = discounts.share_out(left={key: price for key, (_rate, price) in enumerate(rated)}, **told(off))
    parts = [
        Part(rate, price, Decimal(deposit) if rate == 19 else money.ZERO, shares[key]) for key, (rate, price) in enumerate(rated)
    ]
    by_rate = {rate: sum(part.discount for part in parts if part.rate == rate) for rate in (Decimal(7), Decimal(19))}
    found = sums.add_up(parts=parts, fee=Decimal(fee))
    assert [str(by_rate[Decimal(7)]), str(by_rate[Decimal(19)])] == [off_low, off_high]
    assert [str(sum(share.tax for share in found.vat)), str(found.total)] == [tax, total]


@pytest.mark.parametrize(("ordered", "delivered", "off", "agreed", "final"), page("voucher_delivered"))
def test_page_follows_what_is_delivered(ordered: str, delivered: str, off: str, agreed: str, final: str) -> None:
    shares = discounts.share_out(left={1: Decimal(ordered)}, **told(off))
    given_to = Granted(discount_id=1, code="C", shares=shares, percent=told(off).get("percent"))
    (found,) = come([given_to], {1: Decimal(ordered)}, {1: Decimal(delivered)})
    assert [str(given_to.amount), str(found.amount)] == [agreed, final]
