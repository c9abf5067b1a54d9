"""Whatever is ordered and paid online: what the till told is held, taken, billed and booked to the cent, and given back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing import agency, corrections, credits, invoicing, journal, settlements, worth
from billing.models import Credit, Invoice, OnlinePayment, Payment, Refund, SupplyContract
from billing.online import connection, jobs, opening
from billing.online.provider import Provider
from logistics.models import PackedLine
from marketplace.aftersales import settling, withdrawals
from marketplace.aftersales.withdrawals import Declaration
from marketplace.checkout import proposal
from marketplace.checkout.proposal import Proposal
from marketplace.core import money
from marketplace.order.models import Order
from marketplace.partner.models import Partner
from marketplace.vouchers import codes
from marketplace.vouchers.standing import NOBODY
from tests.billing.online.bank import PracticeBank
from tests.billing.online.story import fresh, hand_over, in_order, ledgers, pay
from tests.factories import orders
from tests.factories.market import NOW, PartnerFactory, ProductFactory, SupplyContractFactory
from tests.factories.vouchers import voucher

few = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
KINDS = (SupplyContract.Mode.COMMISSION, SupplyContract.Mode.AGENCY)
DECEMBER = date(2026, 12, 1)
cents = st.integers(1, 4000).map(lambda number: Decimal(number) / 100)


@st.composite
def articles(draw: st.DrawFn) -> dict[str, Any]:
    """An article of one of three producers: by the piece or by weight, and what comes of it, and of what is complained."""
    quantity = draw(st.integers(1, 5))
    return {
        "producer": draw(st.integers(0, 2)),
        "price": draw(cents),
        "quantity": quantity,
        "weighed": draw(st.booleans()),
        "vat": draw(st.sampled_from(["reduced", "standard"])),
        "deposit": draw(st.sampled_from([Decimal(0), Decimal("0.08"), Decimal("0.25")])),
        "comes": draw(st.sampled_from([quantity, quantity, quantity - 1])),
        "percent": draw(st.integers(80, 125)),
        "complained": draw(st.integers(0, 2)),
        "borne": draw(st.booleans()),
    }


vouchers = st.lists(
    st.tuples(st.sampled_from(["percent", "amount", "free_delivery"]), st.integers(1, 60), st.integers(-1, 2)), max_size=3
)


class Way:
    """One order from the basket to the books."""

    def __init__(self, bank: PracticeBank, wanted: list[dict[str, Any]], granted: list[Any], modes: list[str]) -> None:
        village, window = orders.market_day()
        self.partners = PartnerFactory.create_batch(3, municipality=village)
        for partner, mode, status in zip(self.partners, modes, ("regular", "small", "flat_rate"), strict=True):
            SupplyContractFactory.create(partner=partner, mode=mode, vat_status=status)
        self.wanted = {self._product(one): one for one in wanted}
        told = {product: one["quantity"] for product, one in self.wanted.items()}
        basket = orders.filled_basket(region=village.region, wanted=told)
        self.till = orders.Till(
            region=village.region,
            village=village,
            window=window,
            basket=basket,
            products=tuple(self.wanted),
            contact=orders.contact_in(village),
            payment="online",
        )
        for number, one in enumerate(granted):
            self._voucher(f"CODE{number}", *one)
        bank.account = f"{bank.account.partition('_region')[0]}_{village.region.slug}"
        bank.set_clock(NOW)

    def _product(self, one: dict[str, Any]) -> Any:
        weighed = {"catch_weight": True, "expected_weight_g": 700} if one["weighed"] else {}
        offer = {"offer__price": one["price"]}
        if one["weighed"]:
            offer = {"offer__price_per_kg": one["price"], "offer__price": money.to_cents(one["price"] * 7 / 10)}
        partner = self.partners[one["producer"]]
        return ProductFactory.create(partner=partner, vat_category=one["vat"], deposit=one["deposit"], **weighed, **offer)

    def _voucher(self, code: str, kind: str, value: int, bearer: int) -> None:
        told: dict[str, Any] = (
            {"percent": Decimal(value)} if kind == "percent" else {"amount": Decimal(value)} if kind == "amount" else {}
        )
        if bearer >= 0 and kind != "free_delivery":
            told |= {"bearer": self.partners[bearer], "goods_of": self.partners[bearer]}
        given: dict[str, Any] = {**told, "free_delivery": kind == "free_delivery", "is_combinable": True}
        voucher(self.till.region, code, **given)
        try:
            codes.enter(basket=self.till.basket, typed=code, person=NOBODY, at=NOW)
        except codes.NotTaken:  # nothing of that producer is in the basket
            return

    def told(self) -> Proposal:
        """What the customer reads above the button."""
        return proposal.draw_up(basket=self.till.basket, window_id=self.till.window.pk, at=NOW, person=NOBODY)

    def weigh(self, order: Order) -> None:
        """What came of each line, and what it weighed."""
        for line in order.lines.select_related("product", "partner"):
            one = self.wanted[line.product]
            grams = one["comes"] * 7 * one["percent"] if one["weighed"] and one["comes"] else None
            told = {"packed": one["comes"], "delivered": one["comes"], "packed_weight_g": grams, "delivered_weight_g": grams}
            PackedLine.objects.filter(order_line=line).update(**told)

    def complain(self, order: Order, at: Any) -> None:
        """The customer gets pieces credited, borne by their producer or by the market."""
        for line in order.lines.select_related("product", "partner"):
            one = self.wanted[line.product]
            known = worth.of(order=order).lines.get(line.pk)
            pieces = min(one["complained"], known.pieces) if known else 0
            if known is None or not pieces or not known.goods_of(pieces=pieces) + known.deposit_of(pieces=pieces):
                continue
            credits.on_line(
                order_line=line,
                pieces=pieces,
                goods=known.goods_of(pieces=pieces),
                deposit=known.deposit_of(pieces=pieces),
                bearer=line.partner if one["borne"] else None,
                cause=Credit.Cause.COMPLAINT,
                key=f"complaint:{line.pk}",
                at=at,
            )


def total(rows: Any, of: str) -> Decimal:
    found: Decimal | None = rows.aggregate(sum=Sum(of))["sum"]
    return found or money.ZERO


def by_vouchers(order: Order) -> Decimal:
    """What the market's vouchers paid of invoices in producers' own names."""
    return total(Payment.objects.filter(invoice__order=order, method="voucher"), "amount")


def withdraw(order: Order, at: Any) -> None:
    """All that is left comes back."""
    pieces = {
        pk: known.pieces - known.credited_pieces
        for pk, known in worth.of(order=order).lines.items()
        if known.pieces > known.credited_pieces
    }
    if pieces:
        told = Declaration(name="Grete", number=order.number, email="grete@post.example", lines=pieces)
        row = withdrawals.declare(region=order.region, declaration=told, at=at, order=order)
        settling.settle(withdrawal=row, pieces=pieces, answer="", today=at.date(), at=at, by=None)


@contextmanager
def forgotten() -> Iterator[None]:
    """Each example finds the tables as they were."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def run(at: Any) -> None:
    """All jobs."""
    corrections.draw_due(today=at.date(), at=at)
    jobs.catch_up(at=at)
    jobs.follow(at=at)


def taken_of(owed: Decimal, held: Decimal) -> Decimal:
    """What can be taken of what is owed: from what is held, the rest from the card; the provider moves half a euro at least."""
    if owed < opening.LEAST:
        return money.ZERO
    return owed if owed <= held or owed - held >= opening.LEAST else held


@pytest.mark.django_db
@few
@given(
    wanted=st.lists(articles(), min_size=1, max_size=4),
    granted=vouchers,
    modes=st.lists(st.sampled_from(KINDS), min_size=3, max_size=3),
    early=st.booleans(),
    whole=st.booleans(),
)
def test_told_held_taken_billed_and_booked_are_one_sum(
    bank: PracticeBank, wanted: list[dict[str, Any]], granted: list[Any], modes: list[str], early: bool, whole: bool
) -> None:
    with forgotten():
        _from_basket_to_books(Way(bank, wanted, granted, modes), bank, early, whole)


def _from_basket_to_books(way: Way, bank: PracticeBank, early: bool, whole: bool) -> None:
    provider = connection.of(region=way.till.region)
    told = way.told()
    if provider is None or told.sums.total < opening.LEAST:
        return
    order = way.till.having(fingerprint=told.fingerprint).place()
    held = _held(order, told, bank, provider)
    at = hand_over(order)
    way.weigh(order)
    if early:
        way.complain(order, at)
    jobs.collect(at=at)
    invoicing.draw_due(today=at.date(), at=at)
    run(at)
    billed = total(Invoice.objects.filter(order=order, kind="380"), "gross") - by_vouchers(order)
    received = sum(row["amount_received"] for row in bank.things("payment_intent"))
    assert total(Payment.objects.filter(order=order), "amount") == Decimal(received) / 100 == taken_of(billed, held)
    assert journal.balance(order=order) == billed - taken_of(billed, held)
    assert "held" not in ledgers(order.region)
    if not early:
        way.complain(order, at)
    if whole:
        withdraw(order, at)
    for _twice in range(2):
        run(at)
    _given_back(order, billed, taken_of(billed, held), bank)
    _shared_out(way.partners, order, at)


def _held(order: Order, told: Proposal, bank: PracticeBank, provider: Provider) -> Decimal:
    """The order costs what was told; so much is held, and what weighed goods may weigh more."""
    assert order.total_incl_tax == told.sums.total
    more = money.ZERO
    for line in order.lines.all():
        if line.catch_weight:
            most = money.to_cents(line.price_per_kg * line.expected_weight_g * line.quantity * 110 / 100 / 1000)
            more += most - line.line_price_before_discounts_incl_tax
    payment = pay(order, bank, provider)
    assert payment.amount == told.sums.total + max(more, money.ZERO) == ledgers(order.region)["held"]
    assert bank.thing(payment.intent)["amount"] == int(payment.amount * 100)
    held: Decimal = payment.amount
    return held


def _given_back(order: Order, billed: Decimal, taken: Decimal, bank: PracticeBank) -> None:
    """What was credited after the invoice was drawn is on corrections, and what was paid for it went back to the card."""
    corrected = total(Invoice.objects.filter(order=order, kind="381"), "gross")
    given = total(Refund.objects.filter(order=order), "amount")
    assert given == Decimal(sum(row["amount"] for row in bank.things("refund"))) / 100 == max(taken - billed + corrected, 0)
    assert journal.balance(order=order) == billed - corrected - taken + given
    paid = total(OnlinePayment.objects.filter(order=order), "taken") - given
    booked = ledgers(order.region)
    assert booked.get("provider", money.ZERO) + booked.get("prov_fees", money.ZERO) == paid


def _shared_out(partners: list[Partner], order: Order, at: Any) -> None:
    """Each producer is owed what its documents say, and the books hold together."""
    settlements.settle_due(today=DECEMBER, at=at)
    agency.settle_due(today=DECEMBER, at=at)
    for partner in partners:
        mine = Invoice.objects.filter(partner=partner, kind="389")
        entrusted = sum((one.amount for one in partner.agency_statements.all()), money.ZERO)
        assert journal.balance(partner=partner) == total(mine, "gross") + entrusted
    assert fresh(order).status == "completed"
    assert in_order(order, at)
