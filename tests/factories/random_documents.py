"""Random billing documents for properties: odd prices, weights, returns, several rates, fees and discounts."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from billing.documents import Allowance, Charge, DocLine, Document, TypeCode, VatCategory, numbered
from marketplace.core import money, vat
from tests.factories import documents as made

UNITS = st.sampled_from([("KGM", "kg"), ("LTR", "l"), ("H87", "Stück"), ("HUR", "Std.")])
WORDS = st.text("abcdefghijklmnopqrstuvwxyzäöüß <>&'\"€", min_size=1, max_size=30).filter(str.strip)


@st.composite
def lines(draw: st.DrawFn, *, gross: bool) -> DocLine:
    """One line; some are returns."""
    code, label = draw(UNITS)
    sign = draw(st.sampled_from([1, 1, 1, 1, -1]))
    rates: list[tuple[VatCategory, str]] = [("S", "7"), ("S", "19")] if gross else [("S", "7"), ("S", "7.8"), ("E", "0")]
    category, rate = draw(st.sampled_from(rates))
    amount = sign * Decimal(draw(st.integers(0, 100_000))) / 100
    return DocLine(
        position=1,
        text=draw(WORDS),
        quantity=sign * Decimal(draw(st.integers(1, 500_000))) / draw(st.sampled_from([1, 1000])),
        unit_code=code,
        unit_label=label,
        gross=amount if gross else None,
        net=None if gross else amount,
        vat_category=category,
        vat_rate=Decimal(rate),
        producer=draw(st.sampled_from(["Hof A, Haby", "Hof B, Hütten", ""])),
        delivery_note=draw(st.sampled_from(["LS-1", "LS-2"])),
        delivered_on=date(2026, 10, 1) + timedelta(days=draw(st.integers(0, 30))),
    )


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A customer's document with a fee and a discount, or a self-billed one with a commission."""
    gross = draw(st.booleans())
    chosen = numbered(draw(st.lists(lines(gross=gross), min_size=1, max_size=12)))
    month = (date(2026, 10, 1), date(2026, 10, 31))
    if not gross:
        return made.self_billed(lines=chosen, period=month, allowances=_commission(chosen))
    bases: dict[Decimal, Decimal] = {}
    for line in chosen:
        bases[line.vat_rate] = bases.get(line.vat_rate, money.ZERO) + line.amount
    split = any(base > 0 for base in bases.values())
    fee = vat.split_fee_by_rate(Decimal(draw(st.integers(1, 2000))) / 100, bases) if split else {}
    off = vat.split_fee_by_rate(Decimal(draw(st.integers(1, 300))) / 100, bases) if split else {}
    return made.consolidated(
        lines=chosen,
        period=month,
        prepaid=Decimal(draw(st.integers(0, 5000))) / 100,
        charges=tuple(Charge(reason="Lieferung", amount=part.gross, vat_rate=rate) for rate, part in fee.items()),
        allowances=tuple(Allowance(reason="Rabatt", amount=part.gross, vat_rate=rate) for rate, part in off.items()),
        type_code=TypeCode.INVOICE,
    )


def _commission(chosen: tuple[DocLine, ...]) -> tuple[Allowance, ...]:
    bases: dict[tuple[VatCategory, Decimal], Decimal] = {}
    for line in chosen:
        key = (line.vat_category, line.vat_rate)
        bases[key] = bases.get(key, money.ZERO) + line.amount
    return tuple(
        Allowance(
            reason="Provision",
            amount=money.to_cents(base * 18 / 100),
            percent=Decimal(18),
            base=base,
            vat_category=category,
            vat_rate=rate,
        )
        for (category, rate), base in bases.items()
    )
