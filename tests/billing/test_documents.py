from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given

from billing.documents import DocLine, Document, DocumentError, Payment, TypeCode, cancelled, numbered
from billing.totals import VatGroup, totals
from marketplace.core import money
from tests.factories import documents as made
from tests.factories.random_documents import documents


def test_totals_of_gross_document_give_back_what_the_customer_was_told() -> None:
    sums = totals(made.consolidated())
    assert sums.gross == Decimal("449.86") - Decimal("11.00") + Decimal("11.80")
    assert sums.due == sums.gross - 50


def test_totals_take_tax_out_of_the_sum_per_rate() -> None:
    assert totals(made.consolidated()).vat == (
        VatGroup("S", Decimal(7), Decimal("209.21"), Decimal("14.64")),
        VatGroup("S", Decimal(19), Decimal("190.60"), Decimal("36.21")),
    )


@pytest.mark.parametrize(
    ("status", "tax", "gross"), [("regular", "8.00", "122.32"), ("small", "0.00", "114.32"), ("flat", "8.92", "123.24")]
)
def test_totals_of_self_billed_document_put_tax_on_net(status: str, tax: str, gross: str) -> None:
    sums = totals(made.self_billed(status))
    assert (sums.net, sums.tax, sums.gross) == (Decimal("114.32"), Decimal(tax), Decimal(gross))


def test_totals_keep_net_lines_as_they_are() -> None:
    document = made.self_billed()
    assert [total.net for total in totals(document).lines] == [line.net for line in document.lines]


def test_totals_price_large_quantities_per_more_units() -> None:
    document = made.per_order(lines=(made.line(1, "Samen", "33333", "Stück", "100.01"),), charges=(), prepaid=money.ZERO)
    (line,) = totals(document).lines
    assert line.per == 100
    assert money.to_cents(line.price * line.line.quantity / line.per) == line.net


def test_cancelled_mirrors_every_figure() -> None:
    document = made.consolidated()
    before, after = totals(document), totals(cancelled(document, number="ST-1", issued_on=date(2026, 11, 3)))
    assert [line.net for line in after.lines] == [-line.net for line in before.lines]
    assert [line.price for line in after.lines] == [line.price for line in before.lines]
    assert (after.net, after.tax, after.gross, after.due) == (-before.net, -before.tax, -before.gross, -before.due)


def test_cancelled_refers_to_the_document() -> None:
    mirror = cancelled(made.consolidated(), number="ST-1", issued_on=date(2026, 11, 3))
    assert (mirror.type_code, mirror.replaces) == (TypeCode.CANCELLATION, ("SR-2026-000123", date(2026, 10, 31)))
    assert mirror.payment == Payment()


def test_numbered_orders_by_day_then_producer() -> None:
    lines = made.consolidated().lines
    assert numbered(reversed(lines))[0].producer == "Biohof Krause, Haby"
    assert [line.position for line in numbered(reversed(lines))] == list(range(1, 11))


@pytest.mark.parametrize(
    ("document", "title"),
    [
        (made.consolidated(), "Sammelrechnung"),
        (made.per_order(), "Rechnung"),
        (made.self_billed(), "Gutschrift"),
        (made.correction(), "Rechnungskorrektur"),
        (cancelled(made.per_order(), number="ST-2", issued_on=made.SECOND), "Stornorechnung"),
    ],
)
def test_title_names_the_kind(document: Document, title: str) -> None:
    assert document.title == title


def test_line_refuses_gross_and_net_together() -> None:
    with pytest.raises(DocumentError, match="either gross or net"):
        replace(made.per_order().lines[0], net=Decimal("1.00"))


@pytest.mark.parametrize("quantity", ["0", "-2"])
def test_line_refuses_a_quantity_against_its_amount(quantity: str) -> None:
    with pytest.raises(DocumentError, match="sign of the amount"):
        replace(made.per_order().lines[0], quantity=Decimal(quantity))


def test_document_refuses_mixed_pricing() -> None:
    with pytest.raises(DocumentError, match="all net"):
        made.per_order(lines=(*made.per_order().lines, replace(made.self_billed().lines[0], position=9)))


def test_document_refuses_a_period_over_two_months() -> None:
    with pytest.raises(DocumentError, match="calendar month"):
        made.consolidated(period=(date(2026, 10, 1), date(2026, 11, 1)))


def test_document_refuses_correction_without_reference() -> None:
    with pytest.raises(DocumentError, match="names the document"):
        made.correction(replaces=None)


def test_document_refuses_no_lines_and_double_positions() -> None:
    with pytest.raises(DocumentError, match="at least one line"):
        made.per_order(lines=())
    with pytest.raises(DocumentError, match="same position"):
        made.per_order(lines=made.per_order().lines[:1] * 2)


@given(documents())
def test_totals_hold_their_identities(document: Document) -> None:
    sums = totals(document)
    told = sum((line.amount for line in document.lines), money.ZERO)
    told += sum((item.amount for item in document.charges), money.ZERO) - sum(
        (item.amount for item in document.allowances), money.ZERO
    )
    assert (sums.gross if document.priced_gross else sums.net) == told
    assert sums.net == sum(group.net for group in sums.vat)
    assert sums.gross == sum(group.gross for group in sums.vat)
    assert all(money.to_cents(line.price * line.line.quantity / line.per) == line.net for line in sums.lines)


@given(documents())
def test_totals_do_not_depend_on_the_order_of_lines(document: Document) -> None:
    turned: tuple[DocLine, ...] = tuple(reversed(document.lines))
    here, there = totals(document), totals(replace(document, lines=turned))
    assert here.vat == there.vat
    assert sorted((line.line.amount, line.net) for line in here.lines) == sorted(
        (line.line.amount, line.net) for line in there.lines
    )


@given(documents())
def test_cancelled_and_original_sum_to_zero(document: Document) -> None:
    mirror = totals(cancelled(document, number="ST-1", issued_on=made.SECOND))
    assert [line.net for line in mirror.lines] == [-line.net for line in totals(document).lines]
