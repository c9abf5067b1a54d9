"""The practice bank against what it did not write itself: the provider's own library."""

from decimal import Decimal
from typing import Any

import pytest
import stripe
from stripe._transfer_reversal import TransferReversal

from billing.online.provider import NotPossible, Provider, Unreachable
from billing.online.remitting import Business, Remitter
from tests.billing.online.bank import PracticeBank
from tests.billing.online.story import page, pay
from tests.factories import orders

pytestmark = pytest.mark.django_db
CLASSES: dict[str, Any] = {
    "checkout.session": stripe.checkout.Session,
    "payment_intent": stripe.PaymentIntent,
    "setup_intent": stripe.SetupIntent,
    "charge": stripe.Charge,
    "refund": stripe.Refund,
    "balance_transaction": stripe.BalanceTransaction,
    "payout": stripe.Payout,
    "dispute": stripe.Dispute,
    "account": stripe.Account,
    "transfer": stripe.Transfer,
    "transfer_reversal": TransferReversal,
}


def test_things_have_the_fields_of_the_provider_and_no_others(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    payment = pay(till.place(), bank, provider)
    provider.take(number=payment.intent, amount=payment.amount, key="a")
    provider.give_back(number=payment.intent, amount=payment.amount / 2, key="b")
    remitter, business = Remitter(provider=provider), Business(name="Hof", email="", website="https://hof.example", reference="1")
    account = remitter.open_account(business=business, key="d").number
    bank.send(remitter.page(number=account, back="http://localhost/", again="http://localhost/"), {"told": "all"})
    sent = remitter.transfer(to=account, amount=Decimal(5), group="G", reference="e", key="e")
    remitter.bring_back(number=sent.number, amount=Decimal(2), key="f")
    bank.do("pay_out")
    bank.do("dispute", intent=payment.intent)
    found = {row["object"]: sorted(set(row) - set(CLASSES[row["object"]].__annotations__)) for row in _known(bank)}
    assert found == {kind: [] for kind in CLASSES if kind != "setup_intent"}


def _known(bank: PracticeBank) -> list[dict[str, Any]]:
    return [row for row in bank.do("read")["things"] if row["object"] in CLASSES]


def test_amounts_and_states_are_kept(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    payment = pay(till.place(), bank, provider)
    with pytest.raises(NotPossible, match="amount_too_large"):
        provider.take(number=payment.intent, amount=payment.amount + 1, key="more")
    provider.take(number=payment.intent, amount=payment.amount, key="all")
    with pytest.raises(NotPossible, match="unexpected_state"):
        provider.take(number=payment.intent, amount=payment.amount, key="again")
    with pytest.raises(NotPossible, match="unexpected_state"):
        provider.let_go(number=payment.intent, key="late")
    provider.give_back(number=payment.intent, amount=payment.amount, key="once")
    provider.give_back(number=payment.intent, amount=payment.amount, key="once")
    with pytest.raises(NotPossible, match="amount_too_large"):
        provider.give_back(number=payment.intent, amount=payment.amount, key="twice")
    assert len(bank.things("refund")) == 1


def test_the_same_key_for_something_else_is_refused(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    payment = pay(till.place(), bank, provider)
    provider.take(number=payment.intent, amount=payment.amount, key="key")
    with pytest.raises(NotPossible):
        provider.take(number=payment.intent, amount=payment.amount / 2, key="key")


@pytest.mark.parametrize("kind", ["429", "500", "503", "drop", "timeout"])
def test_trouble_is_the_provider_out_of_reach(till: orders.Till, bank: PracticeBank, provider: Provider, kind: str) -> None:
    bank.fault("/v1/checkout", kind)
    with pytest.raises(Unreachable):
        page(till.place(), provider)


def test_a_declined_card_keeps_the_page_open(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    order = till.place()
    assert pay(order, bank, provider, "karte_abgelehnt").status == "opened"
    assert pay(order, bank, provider, "karte").status == "authorised"


def test_a_key_of_nobody_is_refused(bank: PracticeBank, till: orders.Till) -> None:
    with pytest.raises(Unreachable):
        Provider(key="sk_live_x", address=bank.address, retries=0).page(number="cs_1")


def test_no_more_is_transferred_than_is_there_nor_comes_back_than_was(
    till: orders.Till, bank: PracticeBank, provider: Provider
) -> None:
    payment = pay(till.place(), bank, provider)
    provider.take(number=payment.intent, amount=Decimal(10), key="a")
    remitter = Remitter(provider=provider)
    account = remitter.open_account(business=Business(name="Hof", email="", website="", reference="1"), key="b").number
    told = {"to": account, "group": "G", "reference": "c"}
    with pytest.raises(NotPossible, match="insufficient_capabilities"):
        remitter.transfer(**told, amount=Decimal(1), key="early")
    page = remitter.page(number=account, back="http://localhost/", again="http://localhost/")
    bank.send(page, {"told": "all"})
    bank.send(page, {"told": "some"})
    assert remitter.account(number=account).can_receive
    with pytest.raises(NotPossible, match="balance_insufficient"):
        remitter.transfer(**told, amount=Decimal(10), key="whole")  # fees are off
    sent = remitter.transfer(**told, amount=Decimal(9), key="once")
    assert remitter.transfer(**told, amount=Decimal(9), key="once") == sent
    with pytest.raises(NotPossible, match="amount_too_large"):
        remitter.bring_back(number=sent.number, amount=Decimal("9.01"), key="more")
    bank.do("pay_on", number=account)
    with pytest.raises(NotPossible, match="balance_insufficient"):
        remitter.bring_back(number=sent.number, amount=Decimal(1), key="gone")
    assert remitter.transfers(group="G") == [sent]
    assert remitter.brought_back(number=sent.number) == []
