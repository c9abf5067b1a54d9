"""Confirm or cut: until a deadline, line by line; the customer's wish is followed, and money follows what comes."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail

from billing import charges
from billing.models import OrderTerms
from billing.rates import RateTable
from logistics import confirmations, deliveries, packing, shortage_mails, shortages, stock
from logistics.confirmations import CutRefused
from logistics.models import Box, Collection, Delivery, PackedLine, Shortage
from logistics.shortages import AnswerRefused, ReplacingRefused
from marketplace.catalogue.models import Product
from marketplace.core.wishes import Substitution
from marketplace.order import statement
from marketplace.order.models import Line, Order
from tests.logistics.market import CLOSING, PACKING, Market

pytestmark = pytest.mark.django_db
SOON = CLOSING + timedelta(minutes=20)
LATE = CLOSING + timedelta(hours=3)


def goods(market: Market, price: str = "4.00", **given: Any) -> Product:
    return market.product(offer__price=Decimal(price), **given)


def ordered(market: Market, wish: str, *more: tuple[Product, int]) -> PackedLine:
    """Three of an article at 4 euro with that wish, in a round that has closed."""
    delivery = market.order((goods(market), 3), *more)
    Line.objects.filter(order=delivery.order).update(substitution=wish)
    market.close()
    return PackedLine.objects.get(delivery=delivery, order_line__quantity=3)


def cut(line: PackedLine, quantity: int = 0, **offer: Any) -> Shortage:
    return confirmations.cut(packed_line=line, quantity=quantity, at=SOON, by=None, **offer)


def confirm(line: PackedLine) -> bool:
    return confirmations.confirm(collection=line.collection, at=SOON, by=None)


def total(line: PackedLine) -> Decimal:
    return statement.read(order=Order.objects.get(pk=line.order_line.order_id)).current.total


def test_cut_promises_fewer_and_nothing_is_packed_beyond() -> None:
    line = ordered(Market(), Substitution.LEAVE_OUT)
    cut(line, 2)
    line.refresh_from_db()
    assert (line.promised, line.packed, line.problem) == (2, None, "cut")
    assert total(line) == Decimal("8.00")
    with pytest.raises(packing.PackingRefused):
        packing.record(packed_line=line, quantity=3, weight_g=None, at=PACKING, by=None)
    packed = packing.record(packed_line=line, quantity=2, weight_g=None, at=PACKING, by=None)
    assert (packed.packed, packed.problem) == (2, "cut")
    fewer = packing.record(packed_line=line, quantity=1, weight_g=None, at=PACKING, by=None)
    assert fewer.problem == "missing"


def test_restore_takes_a_cut_back() -> None:
    line = ordered(Market(), Substitution.LEAVE_OUT)
    cut(line)
    confirmations.restore(packed_line=line, at=SOON, by=None)
    line.refresh_from_db()
    assert (line.promised, line.packed, line.problem, Shortage.objects.count()) == (None, None, "", 0)
    assert total(line) == Decimal("12.00")


@pytest.mark.parametrize("quantity", [-1, 3, 4])
def test_cut_refuses_what_is_no_cut(quantity: int) -> None:
    with pytest.raises(CutRefused):
        cut(ordered(Market(), Substitution.LEAVE_OUT), quantity)


def test_after_the_deadline_silence_has_confirmed() -> None:
    line = ordered(Market(), Substitution.LEAVE_OUT)
    with pytest.raises(CutRefused):
        confirmations.cut(packed_line=line, quantity=0, at=LATE, by=None)
    assert confirmations.silent(at=SOON) == []
    assert confirmations.silent(at=LATE) == [line.collection_id]
    assert [confirmations.confirm(collection=line.collection, at=LATE, by=None) for _twice in range(2)] == [True, False]
    assert confirmations.silent(at=LATE) == []


def test_cut_after_confirming_is_refused() -> None:
    line = ordered(Market(), Substitution.LEAVE_OUT)
    confirm(line)
    with pytest.raises(CutRefused):
        cut(line)


def test_finishing_confirms() -> None:
    line = ordered(Market(), Substitution.LEAVE_OUT)
    packing.record(packed_line=line, quantity=3, weight_g=None, at=SOON, by=None)
    packing.finish(collection=line.collection, crates=1, cold_crates=0, at=SOON, by=None)
    assert Collection.objects.get().confirmed_at == SOON


def similar(market: Market, line: PackedLine, price: str = "5.00", **given: Any) -> Product:
    return goods(market, price, partner=line.collection.partner, **given)


def test_something_similar_comes_as_a_line_of_its_own_and_is_paid() -> None:
    market = Market()
    line = ordered(market, Substitution.SIMILAR)
    parsnips = similar(market, line, storage=Product.Storage.COOL)
    cut(line, 0, offer=parsnips.stockrecords.get(), offer_quantity=2)
    assert Line.objects.count() == 1
    confirm(line)
    instead = PackedLine.objects.get(order_line__instead_of=line.order_line)
    line.refresh_from_db()
    assert (instead.ordered, instead.packed, instead.delivery, line.problem) == (2, None, line.delivery, "replaced")
    read = statement.read(order=line.delivery.order)
    assert (read.ordered.total, read.current.total) == (Decimal("12.00"), Decimal("10.00"))
    assert set(Box.objects.values_list("is_cold", flat=True)) == {False, True}
    market.pack()
    assert total(line) == Decimal("10.00")


def test_an_offer_is_never_dearer_and_only_of_the_same_farm() -> None:
    market = Market()
    line = ordered(market, Substitution.SIMILAR)
    dear = similar(market, line, "6.01").stockrecords.get()
    with pytest.raises(CutRefused, match="12,02"):
        cut(line, 0, offer=dear, offer_quantity=2)
    foreign = goods(market, "1.00").stockrecords.get()
    brandy = similar(market, line, "1.00", age_limit=18).stockrecords.get()
    same = line.order_line.stockrecord
    for offer in (foreign, brandy, same):
        with pytest.raises(CutRefused):
            cut(line, 0, offer=offer, offer_quantity=1)
    with pytest.raises(CutRefused):
        cut(line, 0, offer=dear, offer_quantity=0)
    assert Shortage.objects.count() == 0


def test_the_customer_may_decline_and_think_again_until_it_is_packed() -> None:
    market = Market()
    line = ordered(market, Substitution.SIMILAR, (goods(market, "1.00"), 1))
    shortage = cut(line, 0, offer=similar(market, line).stockrecords.get(), offer_quantity=2)
    confirm(line)
    for wanted, due in ((False, "1.00"), (False, "1.00"), (True, "11.00"), (False, "1.00")):
        shortages.answer(shortage=shortage, wanted=wanted, at=SOON, by=None)
        assert total(line) == Decimal(due)
    shortages.answer(shortage=shortage, wanted=True, at=SOON, by=None)
    market.pack()
    with pytest.raises(AnswerRefused):
        shortages.answer(shortage=shortage, wanted=False, at=SOON, by=None)


@pytest.mark.parametrize("kind", ["limited", "per_round"])
def test_what_comes_instead_is_taken_from_the_stock_and_never_oversold(kind: str) -> None:
    market = Market()
    line = ordered(market, Substitution.ASK, (goods(market, "1.00"), 1))
    few = {"offer__num_in_stock": 2, "offer__num_allocated": 0} if kind == "limited" else {"offer__per_round": 2}
    offer = similar(market, line, "4.00", offer__stock_kind=kind, **few).stockrecords.get()

    def left() -> int | None:
        record = type(offer).objects.get(pk=offer.pk)
        return stock.available_in(delivery_round=market.round, stockrecords=[record])[offer.pk]

    with pytest.raises(CutRefused, match="2 da"):
        cut(line, 0, offer=offer, offer_quantity=3)
    shortage = cut(line, 0, offer=offer, offer_quantity=2)
    confirm(line)
    assert left() == 2
    for wanted, there in ((True, 0), (False, 2), (True, 0), (False, 2)):
        shortages.answer(shortage=shortage, wanted=wanted, at=SOON, by=None)
        assert left() == there
    stock.take(delivery_round=market.round, stockrecord=offer, quantity=1)
    with pytest.raises(AnswerRefused):
        shortages.answer(shortage=shortage, wanted=True, at=SOON, by=None)
    assert total(line) == Decimal("1.00")


def test_who_wants_to_be_asked_gets_it_only_after_a_yes() -> None:
    market = Market()
    line = ordered(market, Substitution.ASK)
    shortage = cut(line, 1, offer=similar(market, line).stockrecords.get(), offer_quantity=1)
    confirm(line)
    assert PackedLine.objects.count() == 1
    shortages.answer(shortage=shortage, wanted=True, at=SOON, by=None)
    assert (PackedLine.objects.count(), total(line)) == (2, Decimal("9.00"))


def test_silence_leaves_out_and_an_emptied_order_ends() -> None:
    market = Market()
    line = ordered(market, Substitution.ASK)
    shortage = cut(line, 0, offer=similar(market, line).stockrecords.get(), offer_quantity=1)
    confirm(line)
    assert Order.objects.get().status == Order.Status.CLOSED
    shortage.refresh_from_db()
    assert shortage.answer_until is not None
    assert shortages.unanswered(at=SOON) == []
    assert shortages.unanswered(at=shortage.answer_until) == [shortage.pk]
    ended = [shortages.lapse(shortage_id=shortage.pk, at=shortage.answer_until) for _twice in range(2)]
    assert ended == [True, False]
    assert (Order.objects.get().status, Delivery.objects.get().status) == (Order.Status.CANCELLED, Delivery.Status.CANCELLED)
    with pytest.raises(AnswerRefused):
        shortages.answer(shortage=shortage, wanted=True, at=SOON, by=None)


def test_an_order_of_which_nothing_is_left_is_cancelled_with_its_place() -> None:
    market = Market()
    line = ordered(market, Substitution.LEAVE_OUT)
    cut(line)
    confirm(line)
    market.window.refresh_from_db()
    assert (Order.objects.get().status, Delivery.objects.get().status) == (Order.Status.CANCELLED, Delivery.Status.CANCELLED)
    assert market.window.taken == 0


def missing(market: Market, wish: str) -> PackedLine:
    """One of three cannot be found while packing."""
    line = ordered(market, wish)
    return packing.record(packed_line=line, quantity=2, weight_g=None, at=PACKING, by=None)


def test_what_is_missing_while_packing_is_replaced_for_whoever_wished_it() -> None:
    market = Market()
    line = missing(market, Substitution.SIMILAR)
    offer = similar(market, line, "3.50").stockrecords.get()
    instead = shortages.replace(packed_line=line, offer=offer, quantity=1, agreed=False, at=PACKING, by=None)
    line.refresh_from_db()
    assert (line.packed, line.problem, instead.ordered, instead.packed) == (2, "replaced", 1, None)
    with pytest.raises(ReplacingRefused):
        shortages.replace(packed_line=line, offer=offer, quantity=1, agreed=False, at=PACKING, by=None)
    packing.record(packed_line=instead, quantity=1, weight_g=None, at=PACKING, by=None)
    assert total(line) == Decimal("11.50")
    assert shortage_mails.untold(at=PACKING) == [line.order_line.order_id]


def test_who_did_not_wish_it_must_have_said_yes() -> None:
    market = Market()
    line = missing(market, Substitution.LEAVE_OUT)
    offer = similar(market, line, "3.50").stockrecords.get()
    with pytest.raises(ReplacingRefused):
        shortages.replace(packed_line=line, offer=offer, quantity=1, agreed=False, at=PACKING, by=None)
    shortages.replace(packed_line=line, offer=offer, quantity=1, agreed=True, at=PACKING, by=None)
    assert PackedLine.objects.count() == 2


def test_customers_are_told_once_with_the_offer_the_link_and_the_new_total() -> None:
    market = Market()
    line = ordered(market, Substitution.SIMILAR)
    order = line.order_line.order
    OrderTerms.objects.create(order=order, method="transfer")
    Order.objects.filter(pk=order.pk).update(guest_email="femke@post.example", confirmation_sent_at=CLOSING)
    cut(line, 1, offer=similar(market, line, title="Pastinaken").stockrecords.get(), offer_quantity=1)
    assert shortage_mails.untold(at=SOON) == []
    confirm(line)
    assert [shortage_mails.tell(order_id=order.pk, at=SOON) for _twice in range(2)] == [True, False]
    assert shortage_mails.untold(at=SOON) == []
    body = str(mail.outbox[0].body)
    assert "1 von 3 kommen" in body
    assert "1 × Pastinaken" in body
    assert "/ersatz/" in body
    assert "Neue Summe: 9,00\u00a0€ statt 12,00\u00a0€" in body


def test_a_substitute_is_billed_like_any_goods_and_vouchers_follow_it() -> None:
    market = Market()
    line = ordered(market, Substitution.SIMILAR)
    cut(line, 0, offer=similar(market, line).stockrecords.get(), offer_quantity=2)
    confirm(line)
    market.pack()
    deliveries.complete(delivery=line.delivery, at=PACKING, by=None, handed_to="Femke", age_checked=False, outcomes={})
    charged = charges.of(packed=charges.delivered(), rates=RateTable.load())
    assert [row.gross for row in charged] == [Decimal("10.00")]
