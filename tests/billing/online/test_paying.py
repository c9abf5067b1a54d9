"""From the provider's page to the books: held, taken, released, given back; whatever goes wrong on the way."""

from datetime import date, time, timedelta
from decimal import Decimal

import pytest

from billing.models import OnlinePayment, OrderTerms, Payment, Refund
from billing.online import collecting, following, giving_back, opening
from billing.online.opening import NothingToPay
from billing.online.provider import Provider, Unreachable
from marketplace.checkout import cancellation, unpaid
from marketplace.order.models import Order
from tests.billing.online.bank import PracticeBank
from tests.billing.online.story import bill, fresh, hand_over, in_order, ledgers, page, pay
from tests.factories import orders
from tests.factories.market import NOW, local

pytestmark = pytest.mark.django_db
D = Decimal
LATER = NOW + timedelta(minutes=31)


def test_page_for_asked_twice_is_one_page(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    order = till.place()
    assert page(order, provider) == page(order, provider)
    assert OnlinePayment.objects.count() == 1
    pay(order, bank, provider)
    with pytest.raises(NothingToPay):
        page(order, provider)


def test_page_for_survives_an_answer_that_never_came(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    order = till.place()
    bank.fault("/v1/checkout/sessions", "timeout")
    with pytest.raises(Unreachable):
        page(order, provider)
    page(order, provider)
    assert len(bank.things("checkout.session")) == 1


def test_authorised_holds_and_confirms(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    order = till.place()
    assert fresh(order).terms.unpaid_until == NOW + timedelta(minutes=30)
    assert not Order.objects.unconfirmed().exists()
    payment = pay(order, bank, provider)
    assert (payment.status, payment.amount, payment.way) == ("authorised", D("33.30"), "hold")
    assert fresh(order).terms.unpaid_until is None
    assert Order.objects.unconfirmed().get() == order
    assert ledgers() == {"held": D("33.30"), "held_against": D("-33.30")}


def test_collect_takes_what_was_handed_over(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    order = till.place()
    payment = pay(order, bank, provider)
    at = hand_over(order, missing=1)
    for _twice in range(2):
        collecting.collect_due(region=till.region, provider=provider, at=at)
    payment.refresh_from_db()
    assert (payment.status, payment.taken) == ("captured", D("28.40"))
    assert bank.thing(payment.intent)["amount_received"] == 2840
    assert Payment.objects.get().amount == D("28.40")
    invoice = bill(order, at)
    assert invoice.gross == D("28.40")
    assert {"provider": D("28.40")}.items() <= ledgers().items()
    assert "held" not in ledgers()
    assert in_order(order, at)
    collecting.forget_due(region=till.region, provider=provider, at=at)
    assert [row["customer"] for row in bank.things("payment_method")] == [None]


@pytest.mark.parametrize("kind", ["timeout", "drop", "500"])
def test_collect_goes_on_where_it_broke_off(till: orders.Till, bank: PracticeBank, provider: Provider, kind: str) -> None:
    order = till.place()
    payment = pay(order, bank, provider)
    at = hand_over(order)
    bank.fault(f"/v1/payment_intents/{payment.intent}/capture", kind)
    collecting.collect_due(region=till.region, provider=provider, at=at)
    payment.refresh_from_db()
    assert payment.status == "authorised"
    collecting.collect_due(region=till.region, provider=provider, at=at)
    payment.refresh_from_db()
    assert (payment.status, Payment.objects.get().amount) == ("captured", D("33.30"))


def test_more_than_was_held_is_taken_from_the_means_that_was_kept(
    till: orders.Till, bank: PracticeBank, provider: Provider
) -> None:
    order = till.place()
    pay(order, bank, provider)
    order.fees.update(gross=D("8.90"))
    Order.objects.filter(pk=order.pk).update(total_incl_tax=D("38.30"))
    at = hand_over(order)
    collecting.collect_due(region=till.region, provider=provider, at=at)
    assert sorted(Payment.objects.values_list("amount", flat=True)) == [D("5.00"), D("33.30")]
    assert bill(order, at).gross == D("38.30")
    assert in_order(order, at)


def test_a_far_delivery_keeps_the_means_and_charges_it_later(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    order = till.place()
    order.delivery.round.__class__.objects.update(delivery_day=date(2026, 12, 12), rule_day=date(2026, 12, 12))
    payment = pay(order, bank, provider)
    assert (payment.way, payment.status) == ("keep", "kept")
    at = hand_over(order)
    collecting.collect_due(region=till.region, provider=provider, at=at)
    payment.refresh_from_db()
    assert (payment.status, Payment.objects.get().amount) == ("released", D("33.30"))


@pytest.mark.parametrize("means", ["karte_spaeter", "karte_bestaetigung"])
def test_a_charge_that_fails_leaves_an_open_invoice_and_tells_the_customer(
    till: orders.Till, bank: PracticeBank, provider: Provider, mailoutbox: list[object], means: str
) -> None:
    from billing.online import reminding

    order = till.place()
    order.delivery.round.__class__.objects.update(delivery_day=date(2026, 12, 12), rule_day=date(2026, 12, 12))
    pay(order, bank, provider, means)
    at = hand_over(order)
    for _twice in range(2):
        collecting.collect_due(region=till.region, provider=provider, at=at)
    assert OnlinePayment.objects.get(way="later").status == "failed"
    invoice = bill(order, at)
    for _twice in range(2):
        reminding.send_due(region=till.region, at=at)
    assert ["/konto/zahlen/" in str(getattr(mail, "body", "")) for mail in mailoutbox] == [True]
    bank.set_clock(at)
    bank.pay(page(invoice, provider, at))
    following.follow(payment=OnlinePayment.objects.get(invoice=invoice), provider=provider, at=at)
    assert Payment.objects.get().amount == D("33.30")
    assert in_order(order, at)


def test_a_hold_that_ran_out_is_taken_from_the_means(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    order = till.place()
    payment = pay(order, bank, provider)
    bank.do("let_hold_end", intent=payment.intent)
    at = hand_over(order)
    collecting.collect_due(region=till.region, provider=provider, at=at)
    payment.refresh_from_db()
    assert (payment.status, Payment.objects.get().amount) == ("released", D("33.30"))


def test_cancelled_order_lets_go(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    order = till.place()
    payment = pay(order, bank, provider)
    cancellation.cancel(order=order, at=NOW)
    collecting.collect_due(region=till.region, provider=provider, at=NOW)
    payment.refresh_from_db()
    assert (payment.status, ledgers()) == ("released", {})
    assert bank.thing(payment.intent)["status"] == "canceled"


@pytest.mark.parametrize("far", [False, True])
def test_goods_that_nobody_took_are_never_taken_for_and_the_card_is_forgotten(
    till: orders.Till, bank: PracticeBank, provider: Provider, mailoutbox: list[object], far: bool
) -> None:
    from billing.online import jobs
    from logistics.models import Delivery, DeliveryRound

    order = till.place()
    if far:
        DeliveryRound.objects.update(delivery_day=date(2026, 12, 12), rule_day=date(2026, 12, 12))
    payment = pay(order, bank, provider)
    at = local(DeliveryRound.objects.get().delivery_day, time(18))
    Order.objects.filter(pk=order.pk).update(status=Order.Status.CLOSED, closed_at=at)
    Delivery.objects.filter(order=order).update(status=Delivery.Status.FAILED, failed_at=at)
    jobs.follow(at=at + timedelta(days=6))  # they may be fetched still
    assert OnlinePayment.objects.get().status == payment.status
    for _twice in range(2):
        jobs.follow(at=at + timedelta(days=8))
    payment.refresh_from_db()
    assert (payment.status, payment.means, ledgers()) == ("released", "", {})
    assert [row["customer"] for row in bank.things("payment_method")] == [None]
    hand_over(order)  # somebody comes for them after all
    late = at + timedelta(days=9)
    assert bill(order, late).gross == D("33.30")
    for _twice in range(2):
        jobs.follow(at=late)
    assert ["/konto/zahlen/" in str(getattr(mail, "body", "")) for mail in mailoutbox] == [True]
    assert in_order(order, at)


def test_unpaid_order_ends_by_itself(till: orders.Till, bank: PracticeBank, provider: Provider, mailoutbox: list[object]) -> None:
    from marketplace.order import mails

    order = till.place()
    url = page(order, provider)
    assert unpaid.end_due(at=NOW) == 0
    assert unpaid.end_due(at=LATER) == 1
    order.refresh_from_db()
    till.window.refresh_from_db()
    assert (order.status, till.window.taken) == ("cancelled", 0)
    bank.pay(url)
    assert OnlinePayment.objects.get().status == "released"
    mails.send_cancellation(order_id=order.pk, at=LATER)
    assert "nicht rechtzeitig" in str(getattr(mailoutbox[0], "body", ""))


def test_paid_in_the_last_second_holds(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    order = till.place()
    bank.pay(page(order, provider))
    assert unpaid.end_due(at=LATER) == 0
    assert (fresh(order).status, OnlinePayment.objects.get().status) == ("placed", "authorised")


def test_provider_away_is_waited_for_but_not_for_ever(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    order = till.place()
    bank.pay(page(order, provider))
    bank.fault("/v1/", "500", times=20)
    assert unpaid.end_due(at=LATER) == 0
    assert fresh(order).status == "placed"
    assert unpaid.end_due(at=LATER + timedelta(minutes=10)) == 1
    bank.do("no_faults")
    following.follow(payment=OnlinePayment.objects.get(), provider=provider, at=LATER)
    collecting.collect_due(region=till.region, provider=provider, at=LATER)
    assert (OnlinePayment.objects.get().status, ledgers()) == ("released", {})


def test_a_correction_goes_back_the_same_way(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    from billing import corrections, credits
    from billing.models import Credit

    order = till.place()
    payment = pay(order, bank, provider)
    at = hand_over(order)
    collecting.collect_due(region=till.region, provider=provider, at=at)
    bill(order, at)
    line = order.lines.order_by("pk").first()
    credits.on_line(
        order_line=line, pieces=1, goods=D("4.90"), deposit=D(0), bearer=None, cause=Credit.Cause.COMPLAINT, key="c:1", at=at
    )
    corrections.draw(order=fresh(order), today=at.date(), at=at)
    bank.fault("/v1/refunds", "timeout")
    for _again in range(3):
        giving_back.give_back_due(region=till.region, provider=provider, at=at)
    assert [row["amount"] for row in bank.things("refund")] == [490]
    assert Refund.objects.get().amount == D("4.90")
    assert payment.refunds.get().status == "done"
    assert ledgers()["provider"] == D("28.40")
    assert in_order(order, at)


def test_a_refund_that_is_refused_is_booked_back_and_left_to_the_office(
    till: orders.Till, bank: PracticeBank, provider: Provider
) -> None:
    from billing import refunds

    order = till.place()
    payment = pay(order, bank, provider)
    at = hand_over(order)
    collecting.collect_due(region=till.region, provider=provider, at=at)
    from billing import payments

    payments.receive(order=order, amount=D("33.30"), method="transfer", received_on=at.date(), at=at)
    bill(order, at)
    bank.do("dispute", intent=payment.intent)
    for _again in range(3):
        giving_back.give_back_due(region=till.region, provider=provider, at=at)
    assert payment.refunds.get().status == "failed"
    assert [row.credit_balance for row in refunds.orders(region=till.region)] == [D("33.30")]
    assert in_order(order, at)


def test_pay_now_changes_how_an_order_is_paid(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    order = till.having(payment="handover").place()
    page(order, provider)
    assert OrderTerms.objects.get().method == "handover"
    pay(order, bank, provider)
    assert OrderTerms.objects.get().method == "online"


def test_some_of_the_demo_pay_online(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    from marketplace.demo import online

    till.having(payment="handover").place()
    online.play(region=till.region, at=NOW)
    assert OnlinePayment.objects.get().status == "authorised"


def test_most_holds_what_weighed_goods_may_come_to(till: orders.Till) -> None:
    order = till.place()
    order.lines.filter(pk=order.lines.order_by("pk").first().pk).update(
        catch_weight=True, expected_weight_g=1000, price_per_kg=D("4.90")
    )
    assert opening.most(order=fresh(order)) == D("33.30") + D("0.98")


def test_another_way_to_pay_lets_go_of_what_is_held(till: orders.Till, bank: PracticeBank, provider: Provider) -> None:
    from billing import terms

    order = till.place()
    payment = pay(order, bank, provider)
    terms.revise(order=fresh(order), method="handover", total_before=D("33.30"))
    collecting.collect_due(region=till.region, provider=provider, at=NOW)
    payment.refresh_from_db()
    assert (payment.status, bank.thing(payment.intent)["status"]) == ("released", "canceled")
    with pytest.raises(terms.TermsRefused):
        terms.revise(order=fresh(order), method="online", total_before=D("33.30"))


def test_a_round_waits_for_who_is_at_the_provider_but_not_for_ever(
    till: orders.Till, bank: PracticeBank, provider: Provider
) -> None:
    """Authorised within the grace after the cut-off, the order is honoured."""
    from logistics import rounds

    cutoff = till.window.round.cutoff_at
    order = till.having(at=cutoff - timedelta(minutes=2)).place()
    assert fresh(order).terms.unpaid_until == cutoff + rounds.GRACE
    assert rounds.close_due(at=cutoff + rounds.GRACE) == 0
    bank.set_clock(cutoff)
    pay(order, bank, provider, at=cutoff + timedelta(minutes=9))
    assert unpaid.end_due(at=cutoff + rounds.GRACE) == 0
    assert rounds.close_due(at=cutoff + rounds.GRACE) == 1
    assert fresh(order).status == "closed"


def test_unpaid_at_the_cut_off_is_ended_before_the_round_closes(
    till: orders.Till, bank: PracticeBank, provider: Provider
) -> None:
    from logistics import rounds

    cutoff = till.window.round.cutoff_at
    order = till.having(at=cutoff - timedelta(minutes=2)).place()
    after = cutoff + rounds.GRACE
    assert (rounds.close_due(at=after), unpaid.end_due(at=after), rounds.close_due(at=after)) == (0, 1, 1)
    assert fresh(order).status == "cancelled"
