"""The books: balanced, unchangeable, without gaps, and a check that finds what does not fit."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from billing import books, cancellations, chain, invoicing, journal, payments, settlements, terms
from billing.models import Account, DocumentFile, Invoice, InvoiceLine, JournalEntry, Posting
from billing.snapshots import thawed
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, DAY, NOVEMBER, deliver, item, juice
from tests.factories.market import AccountFactory, UserFactory

pytestmark = pytest.mark.django_db
DECEMBER = date(2026, 12, 1)


@pytest.fixture
def month(farm: Partner, press: Partner, account: Account) -> list[Invoice]:
    """October of a restaurant and two households, one with deposit and fee, billed and settled."""
    deliver(item(farm, "4.90", 2), juice(press), region=farm.region, account=account, fee="3.90")
    deliver(item(farm, "4.90", 3), region=farm.region, fee="2.50", method="handover")
    deliver(juice(press), region=farm.region)
    drawn = invoicing.draw_due(today=NOVEMBER, at=AT)
    settlements.settle_due(today=NOVEMBER, at=AT)
    return drawn


def test_invoice_is_booked_by_charge_and_rate(farm: Partner, press: Partner) -> None:
    deliver(item(farm, "10.70"), juice(press), region=farm.region, fee="1.00")
    (invoice,) = invoicing.draw_due(today=NOVEMBER, at=AT)
    booked = {(p.ledger, p.vat_rate): p.amount for p in Posting.objects.filter(entry__invoice=invoice)}
    assert booked == {
        ("receivable", None): Decimal("18.03"),
        ("sales", Decimal("7.00")): Decimal("-10.00"),
        ("sales", Decimal("19.00")): Decimal("-4.94"),
        ("deposits", Decimal("19.00")): Decimal("-0.38"),
        ("fees", Decimal("7.00")): Decimal("-0.61"),
        ("fees", Decimal("19.00")): Decimal("-0.29"),
        ("vat_out", Decimal("7.00")): Decimal("-0.74"),
        ("vat_out", Decimal("19.00")): Decimal("-1.07"),
    }


def test_receivable_falls_with_each_payment(month: list[Invoice], account: Account) -> None:
    invoice = next(found for found in month if found.account_id)
    told: dict[str, Any] = {"invoice": invoice, "method": "transfer", "received_on": NOVEMBER, "at": AT}
    payments.receive(amount=Decimal("10.00"), **told)
    payments.receive(amount=Decimal("10.00"), **told)
    assert journal.balance(account=account) == invoice.gross - 10
    payments.receive(amount=Decimal("10.00"), reference="second", **told)
    assert payments.paid(invoice=invoice) == Decimal("20.00")
    assert books.problems(region=invoice.region, today=NOVEMBER) == []


@pytest.mark.parametrize("billed_first", [True, False])
def test_settle_handover_books_all_that_is_owed_once(farm: Partner, *, billed_first: bool) -> None:
    delivery = deliver(item(farm, "4.90", 3, delivered=2), region=farm.region, fee="2.50", method="handover")
    if billed_first:
        invoicing.draw_for_order(delivery=delivery, today=DAY, at=AT)
    payment = payments.settle_handover(delivery=delivery, method="cash", at=AT)
    assert payment is not None
    assert payment.amount == Decimal("12.30")
    assert payments.settle_handover(delivery=delivery, method="cash", at=AT) == payment
    invoice = invoicing.draw_for_order(delivery=delivery, today=DAY, at=AT)
    assert invoice is not None
    assert journal.balance(order=delivery.order) == 0
    assert thawed(invoice.content).prepaid == (0 if billed_first else Decimal("12.30"))


def test_open_handovers_are_those_for_which_no_money_is_booked(farm: Partner) -> None:
    unpaid = deliver(item(farm), item(farm), region=farm.region, method="handover")
    paid = deliver(item(farm), region=farm.region, method="handover")
    deliver(item(farm, delivered=0), region=farm.region, method="handover")
    deliver(item(farm), region=farm.region, method="transfer")
    payments.settle_handover(delivery=paid, method="card", at=AT)
    assert list(payments.open_handovers(region=farm.region)) == [unpaid]


def test_account_that_pays_per_order_owes_by_order_and_by_account(farm: Partner) -> None:
    account: Account = AccountFactory.create(region=farm.region, terms="per_order")
    delivery = deliver(item(farm, "10.00"), region=farm.region, account=account)
    (invoice,) = invoicing.draw_due(today=NOVEMBER, at=AT)
    settlements.settle_due(today=NOVEMBER, at=AT)
    payments.receive(invoice=invoice, amount=Decimal("4.00"), method="transfer", received_on=NOVEMBER, at=AT)
    assert journal.balance(account=account) == journal.balance(order=delivery.order) == Decimal("6.00")
    assert books.problems(region=farm.region, today=NOVEMBER) == []


def test_payment_of_nothing_is_refused(farm: Partner) -> None:
    delivery = deliver(item(farm), region=farm.region)
    with pytest.raises(payments.PaymentRefused):
        payments.receive(order=delivery.order, amount=Decimal("-1"), method="cash", received_on=DAY, at=AT)


def test_cancellation_mirrors_the_document_and_its_booking(month: list[Invoice], account: Account) -> None:
    invoice = next(found for found in month if found.account_id)
    person = UserFactory.create()
    told: dict[str, Any] = {"invoice": invoice, "reason": "Falscher Empfänger", "today": NOVEMBER, "at": AT, "by": person}
    cancellation = cancellations.cancel(**told)
    assert (cancellation.kind, cancellation.number, cancellation.gross) == ("384", "ST-2026-000001", -invoice.gross)
    assert thawed(cancellation.content).replaces == (invoice.number, invoice.issued_on)
    assert journal.balance(account=account) == 0
    assert cancellations.cancel(**told) == cancellation
    assert invoicing.draw_due(today=DECEMBER, at=AT) == []
    assert books.problems(region=invoice.region, today=NOVEMBER) == []
    with pytest.raises(cancellations.CancellationRefused):
        cancellations.cancel(**{**told, "invoice": cancellation})


def test_cancelled_credit_note_is_not_owed(month: list[Invoice], farm: Partner) -> None:
    settlement = Invoice.objects.get(partner=farm)
    cancellations.cancel(invoice=settlement, reason="Widerspruch", today=NOVEMBER, at=AT, by=None)
    assert journal.balance(partner=farm) == 0
    assert list(settlements.to_pay_out(region=farm.region)) == list(Invoice.objects.filter(kind="389").exclude(partner=farm))


def test_books_of_a_month_are_in_order(month: list[Invoice], farm: Partner) -> None:
    assert books.problems(region=farm.region, today=NOVEMBER) == []


def test_check_books_says_what_was_not_billed(farm: Partner, capsys: Any) -> None:
    deliver(item(farm), region=farm.region)
    with pytest.raises(CommandError):
        call_command("check_books")
    assert "is not billed" in capsys.readouterr().out


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE billing_invoice SET content = jsonb_set(content, '{buyer,name}', '\"Anders\"') WHERE id = %s",
        "UPDATE billing_invoice SET gross = gross + 1, tax = tax + 1 WHERE id = %s",
        "UPDATE billing_invoiceline SET net = net + 0.01 WHERE position = 1 AND invoice_id = %s",
        "UPDATE billing_invoiceline SET quantity = quantity + 1 WHERE position = 1 AND invoice_id = %s",
    ],
)
def test_chain_shows_every_later_change(month: list[Invoice], change: str) -> None:
    """Even one by somebody who switched the triggers off."""
    invoice = month[0]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(change, [invoice.pk])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    assert chain.verify_chain(region=invoice.region) == [f"{invoice.number} is not what was finalised."]


def test_chain_shows_a_removed_document(month: list[Invoice]) -> None:
    invoice, follower = month[0], month[1]
    connection.check_constraints()  # before the rows that are due to be checked are gone
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM billing_invoice WHERE id = %s", [invoice.pk])
        cursor.execute("DELETE FROM billing_invoiceline WHERE invoice_id = %s", [invoice.pk])
        cursor.execute(
            "DELETE FROM billing_posting WHERE entry_id IN (SELECT id FROM billing_journalentry WHERE invoice_id = %s)",
            [invoice.pk],
        )
        cursor.execute("DELETE FROM billing_journalentry WHERE invoice_id = %s", [invoice.pk])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    assert chain.verify_chain(region=follower.region) == [f"{follower.number} does not follow the document before it."]
    assert any("Series RE-2026" in problem for problem in books.problems(region=follower.region, today=NOVEMBER))


@pytest.mark.parametrize("model", [InvoiceLine, JournalEntry, Posting])
def test_database_refuses_change_and_deletion(month: list[Invoice], model: Any) -> None:
    changes: dict[str, dict[str, Any]] = {"InvoiceLine": {"net": 5}, "JournalEntry": {"text": "x"}, "Posting": {"amount": 5}}
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.update(**changes[model.__name__])
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")


def test_database_lets_only_sending_and_objection_change_an_invoice(month: list[Invoice]) -> None:
    everything = Invoice.objects.filter(pk=month[0].pk)
    assert everything.update(sent_at=AT, objected_at=AT) == 1
    changes: list[dict[str, Any]] = [{"number": "RE-1"}, {"content": {}}, {"due_on": None}, {"sha256": "0"}]
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            everything.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM billing_invoice WHERE id = %s", [month[0].pk])


def test_database_keeps_files_as_they_were_made(month: list[Invoice]) -> None:
    DocumentFile.objects.create(invoice=month[0], xml=b"x", pdf=b"p", xml_sha256="", pdf_sha256="", made_at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentFile.objects.update(xml=b"y")


@pytest.mark.parametrize("amounts", [("5.00", "-4.99"), ("5.00",), ()])
def test_database_refuses_an_entry_that_does_not_sum_to_zero(farm: Partner, amounts: tuple[str, ...]) -> None:
    sides = [journal.Side(ledger=Posting.Ledger.BANK, amount=Decimal(amount)) for amount in amounts]
    point = transaction.savepoint()
    journal.post(region=farm.region, kind="payment", key="x", day=DAY, at=AT, text="x", sides=sides)
    with pytest.raises(IntegrityError):
        connection.check_constraints()
    transaction.savepoint_rollback(point)


def test_the_same_fact_is_booked_once(farm: Partner) -> None:
    sides = [
        journal.Side(ledger=Posting.Ledger.BANK, amount=Decimal(5)),
        journal.Side(ledger=Posting.Ledger.CASH, amount=Decimal(-5)),
    ]
    told: dict[str, Any] = {
        "region": farm.region,
        "kind": "payment",
        "key": "x",
        "day": DAY,
        "at": AT,
        "text": "x",
        "sides": sides,
    }
    assert journal.post(**told) == journal.post(**told)
    assert Posting.objects.count() == 2


def test_a_drawing_that_breaks_off_leaves_nothing(farm: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = deliver(item(farm), region=farm.region)

    def killed(**_told: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(journal, "post", killed)
        with pytest.raises(KeyboardInterrupt):
            invoicing.draw_for_order(delivery=delivery, today=DAY, at=AT)
    assert not Invoice.objects.exists()
    invoice = invoicing.draw_for_order(delivery=delivery, today=DAY, at=AT)
    assert invoice is not None
    assert (invoice.number, books.problems(region=farm.region, today=DAY)) == ("RE-2026-000001", [])


def test_methods_for_offers_the_monthly_invoice_to_approved_accounts_only(farm: Partner, account: Account) -> None:
    person, stranger = UserFactory.create(), UserFactory.create()
    account.users.add(person)
    assert terms.methods_for(user=person, region=farm.region) == ["account", "handover", "transfer"]
    assert terms.methods_for(user=stranger, region=farm.region) == ["handover", "transfer"]
    Account.objects.update(approved_at=None)
    assert terms.methods_for(user=person, region=farm.region) == ["handover", "transfer"]


def test_credit_limit_counts_what_is_owed_and_what_is_ordered(farm: Partner) -> None:
    person = UserFactory.create()
    account: Account = AccountFactory.create(region=farm.region, credit_limit=Decimal("50.00"))
    account.users.add(person)
    deliver(item(farm, "20.00"), region=farm.region, account=account)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    deliver(item(farm, "20.00"), region=farm.region, account=account, day=DECEMBER)
    deliver(item(farm, "20.00", delivered=0), region=farm.region, account=account, day=DECEMBER)
    assert terms.committed(account=account) == Decimal("40.00")
    order = deliver(item(farm, "10.01"), region=farm.region).order
    order.terms.delete()
    with pytest.raises(terms.TermsRefused, match=r"10,00"):
        terms.agree(order=order, method="account", user=person)
    order.total_incl_tax = Decimal("10.00")
    assert terms.agree(order=order, method="account", user=person).account == account


def test_agree_refuses_an_account_to_strangers_and_methods_that_are_none(farm: Partner, account: Account) -> None:
    order = deliver(item(farm), region=farm.region).order
    for method in ("account", "barter"):
        with pytest.raises(terms.TermsRefused):
            terms.agree(order=order, method=method, user=UserFactory.create())
