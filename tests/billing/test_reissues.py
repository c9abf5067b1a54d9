"""A wrong invoice is cancelled and drawn anew: nothing twice, nothing lost, and what was paid counts."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from billing import (
    books,
    cancellations,
    corrections,
    credits,
    editions,
    files,
    invoicing,
    journal,
    open_items,
    payments,
    reissues,
    settlements,
)
from billing.models import Account, Credit, Invoice, InvoiceLine, SupplyContract
from billing.snapshots import thawed
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, DAY, NOVEMBER, deliver, item, juice

pytestmark = pytest.mark.django_db
LATER = date(2026, 11, 20)


def again(invoice: Invoice, **changes: Any) -> Invoice:
    """Draw it anew with these particulars changed."""
    told = replace(reissues.particulars(invoice=invoice), **changes)
    return reissues.reissue(invoice=invoice, told=told, reason="Falsche Anschrift", today=LATER, at=AT, by=None)


def problems(region: Any) -> list[str]:
    """What does not fit in the books, once the producers have theirs."""
    settlements.settle_due(today=NOVEMBER, at=AT)
    return books.problems(region=region, today=NOVEMBER)


@pytest.fixture
def month(farm: Partner, press: Partner, account: Account) -> Invoice:
    """A restaurant's October, with deposit and fee."""
    deliver(item(farm, "4.90", 2), juice(press), region=farm.region, account=account, fee="3.90")
    (invoice,) = invoicing.draw_due(today=NOVEMBER, at=AT)
    return invoice


def test_reissue_names_the_right_buyer_and_the_same_money(month: Invoice, account: Account) -> None:
    renewed = again(month, street="Neuer Weg 7", vat_id="DE129273398", buyer_reference="Kst. 4711")
    told, before = thawed(renewed.content), thawed(month.content)
    assert (told.buyer.street, told.buyer.vat_id, told.buyer_reference) == ("Neuer Weg 7", "DE129273398", "Kst. 4711")
    assert (told.lines, renewed.gross) == (before.lines, month.gross)
    assert (told.replaces, renewed.number) == ((month.number, month.issued_on), "SR-2026-000002")
    assert renewed.due_on == date(2026, 12, 4)
    assert "04.12.2026" in told.terms
    assert (journal.balance(account=account), problems(month.region)) == (month.gross, [])


def test_reissue_a_second_time_gives_the_same_and_bills_nothing_twice(month: Invoice) -> None:
    renewed = again(month)
    assert again(month) == renewed
    assert Invoice.objects.filter(kind="384").count() == 1
    assert invoicing.draw_due(today=LATER, at=AT) == []
    assert set(InvoiceLine.objects.filter(invoice=renewed).values_list("edition", flat=True)) == {2}
    third = again(renewed)
    assert (third.edition, editions.latest(invoice=month)) == (3, third)
    assert problems(month.region) == []
    with pytest.raises(cancellations.CancellationRefused):
        again(Invoice.objects.get(replaces=month))


def test_what_was_paid_and_credited_counts_for_the_new_invoice(farm: Partner) -> None:
    delivery = deliver(item(farm, "10.00", 3), region=farm.region, method="transfer")
    payments.receive(order=delivery.order, amount=Decimal("5.00"), method="transfer", received_on=DAY, at=AT)
    (invoice,) = invoicing.draw_due(today=NOVEMBER, at=AT)
    payments.receive(invoice=invoice, amount=Decimal("7.00"), method="transfer", received_on=NOVEMBER, at=AT)
    line = delivery.order.lines.get()
    credits.on_line(
        order_line=line,
        pieces=1,
        goods=Decimal("3.00"),
        deposit=Decimal("0.00"),
        bearer=None,
        cause=Credit.Cause.COMPLAINT,
        key="c",
        at=AT,
    )
    (correction,) = corrections.draw_due(today=NOVEMBER, at=AT)
    renewed = again(invoice, name="Petra Beispiel")
    told = thawed(renewed.content)
    assert told.prepaid == Decimal("12.00")
    assert any(correction.number in note for note in told.notes)
    assert payments.paid(invoice=renewed) == Decimal("15.00")
    assert [(found.number, found.left) for found in open_items.to_come_in(region=farm.region)] == [
        (renewed.number, Decimal("15.00"))
    ]
    payments.receive(invoice=renewed, amount=Decimal("15.00"), method="transfer", received_on=LATER, at=AT)
    assert journal.balance(order=delivery.order) == 0
    assert problems(farm.region) == []


def test_credit_after_a_reissue_corrects_the_new_invoice(farm: Partner) -> None:
    delivery = deliver(item(farm, "10.00", 3), region=farm.region, fee="2.00")
    (invoice,) = invoicing.draw_due(today=NOVEMBER, at=AT)
    renewed = again(invoice)
    assert credits.invoice_of(order=delivery.order) == renewed
    credit = credits.on_fee(order=delivery.order, cause=Credit.Cause.COMPLAINT, key="fee", at=AT)
    assert credit is not None
    assert credit.gross == Decimal("2.00")


def test_new_invoice_passes_the_rules(month: Invoice) -> None:
    renewed = again(month, street="Neuer Weg 7")
    assert files.make_due(at=AT) == 3
    assert renewed.file.checked_with.startswith("en16931")


def test_resettle_draws_by_what_is_on_file_now(farm: Partner) -> None:
    deliver(item(farm, "10.70", 2), region=farm.region)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    (settled,) = settlements.settle_due(today=NOVEMBER, at=AT)
    wrong = settled.invoice
    assert wrong is not None
    settlements.objection(settlement=wrong, at=AT, by=None, text="Wir sind Kleinunternehmer.")
    SupplyContract.objects.filter(partner=farm).update(vat_status="small")
    told: dict[str, Any] = {"settlement": wrong, "reason": "Steuerstatus", "today": LATER, "at": AT, "by": None}
    right = reissues.resettle(**told)
    assert (wrong.tax, right.tax, right.net) == (Decimal("1.15"), Decimal("0.00"), wrong.net)
    assert reissues.resettle(**told) == right
    assert settlements.settle_due(today=LATER, at=AT) == []
    assert journal.balance(partner=farm) == right.gross
    assert problems(farm.region) == []


def test_resettle_that_cannot_be_drawn_leaves_all_as_it_was(farm: Partner) -> None:
    deliver(item(farm, "10.70", 2), region=farm.region)
    (settled,) = settlements.settle_due(today=NOVEMBER, at=AT)
    assert settled.invoice is not None
    SupplyContract.objects.filter(partner=farm).update(self_billing_agreed_on=None)
    with pytest.raises(cancellations.CancellationRefused):
        reissues.resettle(settlement=settled.invoice, reason="", today=LATER, at=AT, by=None)
    assert not Invoice.objects.filter(kind="384").exists()
