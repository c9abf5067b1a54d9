"""Talks to the payment provider over HTTP, and tells what it said in our own words. Amounts are euro, whole cents.

Every question that changes something carries a key of ours: asked again, it changes nothing a second time.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

import stripe
from stripe.params import (
    BalanceTransactionListParams,
    DisputeListParams,
    PaymentIntentCaptureParams,
    PaymentIntentCreateParams,
    PayoutListParams,
    RefundCreateParams,
)
from stripe.params.checkout import (
    SessionCreateParams,
    SessionCreateParamsLineItemPriceData,
    SessionCreateParamsPaymentIntentData,
)

from marketplace.core import money

#: the version of the interface for which this module is written; another one is another module
VERSION = "2026-10-28.endive"
Answer = TypeVar("Answer")


class Unreachable(Exception):
    """The provider does not answer, or not now. Nothing is known; it is asked again later."""


class Declined(Exception):
    """The customer's bank does not pay; says why in the provider's word."""

    def __init__(self, code: str, intent: str = "") -> None:
        self.code, self.intent = code, intent
        super().__init__(code)


class NotPossible(Exception):
    """The provider refuses the question, e.g. since the payment is not in that state (any more)."""


@dataclass(frozen=True, kw_only=True)
class Page:
    """The provider's page on which a customer pays: open, complete or expired."""

    number: str
    status: str
    url: str
    intent: str
    kept: str


@dataclass(frozen=True, kw_only=True)
class Paid:
    """How a payment stands at the provider."""

    number: str
    status: str
    held: Decimal
    taken: Decimal
    payer: str
    means: str
    failure: str


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A line of the account with the provider."""

    number: str
    kind: str
    amount: Decimal
    fee: Decimal
    source: str
    intent: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Transferred:
    """What the provider sent to the operator's bank."""

    number: str
    amount: Decimal
    status: str
    arrives_on: date


@dataclass(frozen=True, kw_only=True)
class Disputed:
    """A payment that the customer's bank took back, or wants to."""

    number: str
    intent: str
    amount: Decimal
    status: str
    reason: str
    answer_until: datetime | None
    opened_at: datetime


@dataclass(frozen=True)
class Wish:
    """What a page is to be for. `amount` None: only keep the means of payment."""

    title: str
    amount: Decimal | None
    hold: bool
    email: str
    reference: str
    until: datetime
    back: str
    leave: str


class Provider:
    """The account of one operator with the provider."""

    def __init__(self, *, key: str, address: str = "", retries: int = 2, patience: float = 20) -> None:
        """`address` is that of a provider for practice; the real one has its own. `patience` is seconds."""
        bases: Any = {"api": address} if address else {}
        self.client = stripe.StripeClient(
            key,
            stripe_version=VERSION,
            base_addresses=bases,
            max_network_retries=retries,
            http_client=stripe.RequestsClient(timeout=patience),
        )

    def open_page(self, *, wish: Wish, key: str) -> Page:
        """A page on which the customer pays."""
        params: SessionCreateParams = {
            "success_url": wish.back,
            "cancel_url": wish.leave,
            "client_reference_id": wish.reference,
            "customer_creation": "always",
            "expires_at": int(wish.until.timestamp()),
            "locale": "de",
            "metadata": {"payment": key},
        }
        if wish.email:
            params["customer_email"] = wish.email
        if wish.amount is None:
            params["mode"], params["currency"] = "setup", "eur"
            params["setup_intent_data"] = {"metadata": {"payment": key}}
        else:
            data: SessionCreateParamsPaymentIntentData = {"metadata": {"payment": key}}
            if wish.hold:
                data["capture_method"], data["setup_future_usage"] = "manual", "off_session"
            price: SessionCreateParamsLineItemPriceData = {
                "currency": "eur",
                "unit_amount": _cents(wish.amount),
                "product_data": {"name": wish.title},
            }
            params["mode"], params["payment_intent_data"] = "payment", data
            params["line_items"] = [{"price_data": price, "quantity": 1}]
        made = told(lambda: self.client.v1.checkout.sessions.create(params=params, options={"idempotency_key": f"{key}:page"}))
        return _page(made)

    def page(self, *, number: str) -> Page:
        """How a page stands."""
        return _page(told(lambda: self.client.v1.checkout.sessions.retrieve(number)))

    def end_page(self, *, number: str) -> None:
        """Nobody can pay on it any more. Raises `NotPossible` when somebody has, or when it is over."""
        told(lambda: self.client.v1.checkout.sessions.expire(number))

    def payment(self, *, number: str) -> Paid:
        """How a payment stands."""
        return _paid(told(lambda: self.client.v1.payment_intents.retrieve(number)))

    def kept(self, *, number: str) -> Paid:
        """How it stands with keeping a means of payment."""
        made = told(lambda: self.client.v1.setup_intents.retrieve(number))
        return Paid(
            number="",
            status=str(made.status),
            held=money.ZERO,
            taken=money.ZERO,
            payer=number_of(made.customer),
            means=number_of(made.payment_method),
            failure="",
        )

    def take(self, *, number: str, amount: Decimal, key: str) -> None:
        """Take so much of what is held; the rest is let go."""
        params: PaymentIntentCaptureParams = {"amount_to_capture": _cents(amount)}
        options: stripe.RequestOptions = {"idempotency_key": f"{key}:take"}
        told(lambda: self.client.v1.payment_intents.capture(number, params=params, options=options))

    def let_go(self, *, number: str, key: str) -> None:
        """Let go of all that is held."""
        options: stripe.RequestOptions = {"idempotency_key": f"{key}:let-go"}
        told(lambda: self.client.v1.payment_intents.cancel(number, options=options))

    def charge(self, *, amount: Decimal, payer: str, means: str, key: str, hold: bool = False) -> Paid:
        """Take money from the means of payment that a customer left, or only hold it. Raises `Declined`."""
        params: PaymentIntentCreateParams = {
            "amount": _cents(amount),
            "currency": "eur",
            "customer": payer,
            "payment_method": means,
            "off_session": True,
            "confirm": True,
            "metadata": {"payment": key},
        }
        if hold:
            params["capture_method"] = "manual"
        options: stripe.RequestOptions = {"idempotency_key": f"{key}:charge"}
        return _paid(told(lambda: self.client.v1.payment_intents.create(params=params, options=options)))

    def forget(self, *, means: str) -> None:
        """Forget a means of payment."""
        told(lambda: self.client.v1.payment_methods.detach(means))

    def give_back(self, *, number: str, amount: Decimal, key: str) -> tuple[str, str]:
        """Pay back; returns number and status of the refund."""
        params: RefundCreateParams = {"payment_intent": number, "amount": _cents(amount), "metadata": {"refund": key}}
        options: stripe.RequestOptions = {"idempotency_key": f"{key}:refund"}
        made = told(lambda: self.client.v1.refunds.create(params=params, options=options))
        return str(made.id), str(made.status)

    def refund_status(self, *, number: str) -> str:
        """How a refund stands: pending, succeeded, failed …"""
        return str(told(lambda: self.client.v1.refunds.retrieve(number)).status)

    def movements(self, *, since: datetime) -> Iterator[Moved]:
        """The lines of the account since then, the newest first."""
        params: BalanceTransactionListParams = {
            "created": {"gte": int(since.timestamp())},
            "limit": 100,
            "expand": ["data.source"],
        }
        rows = told(lambda: list(self.client.v1.balance_transactions.list(params=params).auto_paging_iter()))
        for row in rows:
            source = row.source
            yield Moved(
                number=row.id,
                kind=row.type,
                amount=euro_of(row.amount),
                fee=euro_of(row.fee),
                source=number_of(source),
                intent=number_of(getattr(source, "payment_intent", None)),
                at=_moment(row.created),
            )

    def transfers(self, *, since: datetime) -> Iterator[Transferred]:
        """What was sent to the operator's bank since then."""
        params: PayoutListParams = {"created": {"gte": int(since.timestamp())}, "limit": 100}
        rows = told(lambda: list(self.client.v1.payouts.list(params=params).auto_paging_iter()))
        for row in rows:
            day = _moment(row.arrival_date).date()
            yield Transferred(number=row.id, amount=euro_of(row.amount), status=row.status, arrives_on=day)

    def disputes(self, *, since: datetime) -> Iterator[Disputed]:
        """Payments that customers' banks took back since then."""
        params: DisputeListParams = {"created": {"gte": int(since.timestamp())}, "limit": 100}
        rows = told(lambda: list(self.client.v1.disputes.list(params=params).auto_paging_iter()))
        for row in rows:
            due = row.evidence_details.due_by
            yield Disputed(
                number=row.id,
                intent=number_of(row.payment_intent),
                amount=euro_of(row.amount),
                status=row.status,
                reason=row.reason,
                answer_until=_moment(due) if due else None,
                opened_at=_moment(row.created),
            )


def told(ask: Callable[[], Answer]) -> Answer:
    """What the provider answers. Raises `Declined`, `NotPossible` and `Unreachable`."""
    try:
        return ask()
    except stripe.CardError as error:
        told: Any = (error.json_body or {}).get("error", {}) if isinstance(error.json_body, dict) else {}
        raise Declined(str(error.code or "card_declined"), str((told.get("payment_intent") or {}).get("id", ""))) from error
    except (stripe.InvalidRequestError, stripe.IdempotencyError) as error:
        raise NotPossible(str(error.code or error.user_message or error)[:100]) from error
    except stripe.StripeError as error:
        raise Unreachable(type(error).__name__) from error


def _page(made: Any) -> Page:
    return Page(
        number=made.id,
        status=str(made.status),
        url=made.url or "",
        intent=number_of(made.payment_intent),
        kept=number_of(made.setup_intent),
    )


def _paid(made: Any) -> Paid:
    error = made.last_payment_error
    return Paid(
        number=made.id,
        status=str(made.status),
        held=euro_of(made.amount_capturable),
        taken=euro_of(made.amount_received),
        payer=number_of(made.customer),
        means=number_of(made.payment_method),
        failure=str(getattr(error, "code", "") or "") if error else "",
    )


def number_of(thing: Any) -> str:
    """What is named, or told in full."""
    return str(thing if isinstance(thing, str) else getattr(thing, "id", "") or "")


def _cents(amount: Decimal) -> int:
    return int(amount * 100)


def euro_of(cents: int | None) -> Decimal:
    """Of cents."""
    return money.to_cents(Decimal(cents or 0) / 100)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)
