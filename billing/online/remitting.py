"""Talks to the payment provider about producers' accounts below the operator's, and what is transferred to them.

Like `provider`, of which it is the other half: amounts are euro, every question that changes something carries a key of ours.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import stripe
from stripe.params import (
    AccountCreateParams,
    AccountLinkCreateParams,
    TransferCreateParams,
    TransferListParams,
    TransferReversalCreateParams,
    TransferReversalListParams,
)

from billing.online.provider import Provider, euro_of, number_of, told


@dataclass(frozen=True, kw_only=True)
class Business:
    """Whose account is opened, and how it is called on our side."""

    name: str
    email: str
    website: str
    reference: str


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How an account stands: what it may do, and in the provider's word why not."""

    number: str
    is_told: bool
    can_receive: bool
    can_pay_out: bool
    hindrance: str


@dataclass(frozen=True, kw_only=True)
class Done:
    """A transfer or a reversal that the provider knows; `key` is ours."""

    number: str
    key: str
    amount: Decimal


class Remitter:
    """What the operator's account can do for producers."""

    def __init__(self, *, provider: Provider) -> None:
        """The same account, asked other things."""
        self._client = provider.client

    def open_account(self, *, business: Business, key: str) -> Standing:
        """An account whose owner deals with the provider itself (Express): it tells who it is, and where the money goes."""
        params: AccountCreateParams = {
            "type": "express",
            "country": "DE",
            "capabilities": {"transfers": {"requested": True}},
            "business_profile": {"name": business.name, "url": business.website} if business.website else {"name": business.name},
            "metadata": {"business": business.reference},
        }
        if business.email:
            params["email"] = business.email
        options: stripe.RequestOptions = {"idempotency_key": f"{key}:account"}
        return _standing(told(lambda: self._client.v1.accounts.create(params=params, options=options)))

    def account(self, *, number: str) -> Standing:
        """How an account stands."""
        return _standing(told(lambda: self._client.v1.accounts.retrieve(number)))

    def page(self, *, number: str, back: str, again: str) -> str:
        """The address at which its owner tells what the provider asks; good once and for minutes."""
        params: AccountLinkCreateParams = {
            "account": number,
            "type": "account_onboarding",
            "return_url": back,
            "refresh_url": again,
        }
        return str(told(lambda: self._client.v1.account_links.create(params=params)).url)

    def transfer(self, *, to: str, amount: Decimal, group: str, reference: str, key: str) -> Done:
        """Give a producer so much of the operator's money. `reference` is ours and stays, `key` is one of this try."""
        params: TransferCreateParams = {
            "amount": int(amount * 100),
            "currency": "eur",
            "destination": to,
            "transfer_group": group,
            "description": group,
            "metadata": {"transfer": reference},
        }
        options: stripe.RequestOptions = {"idempotency_key": f"{key}:transfer"}
        return _done(told(lambda: self._client.v1.transfers.create(params=params, options=options)), "transfer")

    def transfers(self, *, group: str) -> list[Done]:
        """What was transferred for a statement: the provider forgets keys after a day, but not this."""
        params: TransferListParams = {"transfer_group": group, "limit": 100}
        rows = told(lambda: list(self._client.v1.transfers.list(params=params).auto_paging_iter()))
        return [_done(row, "transfer") for row in rows]

    def bring_back(self, *, number: str, amount: Decimal, key: str) -> Done:
        """Take back a part of a transfer, or all of it."""
        params: TransferReversalCreateParams = {"amount": int(amount * 100), "metadata": {"reversal": key}}
        options: stripe.RequestOptions = {"idempotency_key": f"{key}:reversal"}
        made = told(lambda: self._client.v1.transfers.reversals.create(number, params=params, options=options))
        return _done(made, "reversal")

    def brought_back(self, *, number: str) -> list[Done]:
        """What came back of a transfer."""
        params: TransferReversalListParams = {"limit": 100}
        rows = told(lambda: list(self._client.v1.transfers.reversals.list(number, params=params).auto_paging_iter()))
        return [_done(row, "reversal") for row in rows]


def _done(made: Any, name: str) -> Done:
    ours = made.metadata.to_dict() if made.metadata else {}
    return Done(number=made.id, key=str(ours.get(name, "")), amount=euro_of(made.amount))


def _standing(made: Any) -> Standing:
    asked = made.requirements
    missing = list(getattr(asked, "currently_due", None) or []) if asked else []
    return Standing(
        number=number_of(made),
        is_told=bool(made.details_submitted),
        can_receive=getattr(made.capabilities, "transfers", "") == "active",
        can_pay_out=bool(made.payouts_enabled),
        hindrance=str(getattr(asked, "disabled_reason", "") or (missing[0] if missing else "")) if asked else "",
    )
