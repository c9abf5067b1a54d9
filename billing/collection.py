"""Decides whether an invoice is collected by direct debit, and says so on it: the notice before the collection.

The words are German whatever the reader's language: they stand on a German tax document.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils import translation

from billing import mandates
from billing.documents import Payment
from billing.models import Account, DebitTerms, Mandate, OrderTerms
from marketplace.core import wording
from marketplace.order.models import Order


@dataclass(frozen=True)
class Debit:
    """By which mandate, and on what terms."""

    mandate: Mandate
    terms: DebitTerms


def agreed(*, order: Order | None, account: Account | None, method: str, today: date) -> Debit | None:
    """The debit by which an account, or an order that said so, is paid; None when it is not or cannot be: then it is transferred.

    An account with a mandate pays everything that is billed to it by debit.
    """
    if account is not None:
        mandate = mandates.usable(region=account.region_id, account=account, today=today)
    elif order is not None and method == OrderTerms.Method.DEBIT:
        mandate = mandates.usable(region=order.region_id, user=order.user, today=today)
    else:
        return None
    terms = mandates.terms_of(region=mandate.region_id) if mandate is not None else None
    return Debit(mandate, terms) if mandate is not None and terms is not None else None


def due_on(*, debit: Debit | None, today: date, days: int) -> date:
    """The day on which it is to be paid; a debit leaves at least the days of its notice."""
    return today + timedelta(days=max(days, debit.terms.notice_days) if debit else days)


def told(*, debit: Debit) -> Payment:
    """As EN 16931 says it (BG-19)."""
    return Payment(
        code="59",
        iban=debit.mandate.iban,
        account_holder=debit.mandate.holder,
        mandate=debit.mandate.reference,
        creditor_id=debit.mandate.creditor_id,
    )


def words(*, debit: Debit, due: Decimal, due_on: date) -> str:
    """The notice: what is collected, when, and from where."""
    with translation.override("de"):
        amount = wording.euro(due)
    iban = mandates.shown(debit.mandate.iban)
    return f"Wir ziehen {amount} frühestens am {due_on:%d.%m.%Y} per SEPA-Lastschrift vom Konto {iban} ein."
