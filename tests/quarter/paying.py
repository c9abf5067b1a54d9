"""Customers who pay online: at once, later, never, with cards that fail; who order more, complain, and go to their banks."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from billing import credits, worth
from billing.models import Credit, Dispute, Invoice, OnlinePayment, OrderTerms
from billing.online import connection, following, opening
from billing.online.opening import NothingToPay
from billing.online.provider import Provider, Unreachable
from logistics.models import DeliveryRound
from marketplace.checkout import amendment, changes
from marketplace.checkout.problems import Refused
from marketplace.demo.shopping import Shopper
from marketplace.order.models import Line, Order
from marketplace.partner.models import Partner
from tests.billing.online.story import BACK, LEAVE, fresh

if TYPE_CHECKING:
    from tests.quarter.quarter import Quarter

Way, Status = OnlinePayment.Way, OnlinePayment.Status
#: of a hundred who do not buy on account, those who pay online; of a hundred of these: never pay, come back from the page
ONLINE, NEVER, COMES_BACK = 40, 6, 60
#: what they pay with, and how many of a hundred
MEANS = (("karte", 52), ("karte_spaeter", 14), ("karte_bestaetigung", 10), ("karte_abgelehnt", 12), ("lastschrift", 8))
LAST = "lastschrift_zurueck"
#: of a hundred that are paid: raised or lowered; let run out; taken back by the bank; complained of; paid when it failed
CHANGED, RUN_OUT, DISPUTED, COMPLAINED, PAY_NOW = 30, 12, 7, 15, 60
#: where something may go wrong on the way to the provider
PATHS = ("/v1/checkout", "/v1/payment_intents", "/v1/refunds", "/v1/transfers", "/v1/balance_transactions", "/v1/")
FAULTS = ("timeout", "drop", "500", "429")


@dataclass(frozen=True)
class Payer(Shopper):
    """A customer who pays online, with that means."""

    means: str = "karte"

    @property
    def usual_payment(self) -> str:
        """Never anything else."""
        return str(OrderTerms.Method.ONLINE)


def payer(*, quarter: "Quarter", shopper: Shopper) -> Shopper:
    """The same customer, some of them as payers."""
    dice = quarter.dice("payer", shopper.customer.slug)
    if shopper.on_account or dice.randrange(100) >= ONLINE:
        return shopper
    names, weights = zip(*MEANS, (LAST, 100 - sum(weight for _name, weight in MEANS)), strict=True)
    means = dice.choices(names, weights)[0]
    return Payer(shopper.customer, shopper.region, shopper.village, shopper.user, shopper.on_account, means=means)


def provider(quarter: "Quarter") -> Provider:
    """The market's way to its account."""
    found = connection.of(region=quarter.rule.region)
    assert found is not None
    return found


def pay(quarter: "Quarter", order: Order, payer: Payer, at: datetime) -> None:
    """The customer is sent to the page and pays there; some have a card that fails first, some never pay."""
    dice = quarter.dice("pay", order.pk)
    if dice.randrange(100) < NEVER:
        quarter.told["never paid"] += 1
        return
    means = payer.means
    page = _page(quarter, fresh(order), at)
    if page is None:
        return
    quarter.bank.pay(page, means)
    if means == "karte_abgelehnt" or (means.startswith("lastschrift") and _waits(page, quarter)):
        quarter.told["declined"] += 1
        quarter.bank.pay(page, "karte")
    if dice.randrange(100) < COMES_BACK:
        payment = opening.live(target=order)
        if payment is not None:
            _try(quarter, "back", partial(following.follow, payment=payment, provider=provider(quarter), at=at))
    quarter.told["went to pay"] += 1


def change_minds(quarter: "Quarter", row: DeliveryRound, at: datetime) -> None:
    """Some order more before the cut-off, so that more is to be held; some order less."""
    for payment in _of(row, Status.AUTHORISED, Status.KEPT):
        dice = quarter.dice("minds", payment.pk)
        if dice.randrange(100) < CHANGED:
            more = dice.random() < 0.7
            done = quarter.mishaps.work("change", partial(_change, quarter, payment.order_id, 3 if more else -1, at))
            quarter.told["raised" if more else "lowered"] += done


def let_holds_run_out(quarter: "Quarter", row: DeliveryRound) -> None:
    """Banks let go of some amounts before the goods are delivered; with second holds more often."""
    raised = set(_of(row, Status.AUTHORISED).filter(way=Way.MORE).values_list("order", flat=True))
    for payment in _of(row, Status.AUTHORISED):
        often = 3 * RUN_OUT if payment.order_id in raised else RUN_OUT
        if quarter.dice("run out", payment.pk).randrange(100) < often:
            quarter.bank.do("let_hold_end", intent=payment.intent)
            quarter.told["ran out"] += 1


def pay_what_failed(quarter: "Quarter", row: DeliveryRound, at: datetime) -> None:
    """Some follow the link in the mail; the others transfer it some day."""
    failed = _of(row, Status.FAILED).exclude(told_at=None).filter(way__in=(Way.LATER, Way.KEEP, Way.HOLD))
    invoices = Invoice.objects.filter(order__in=failed.values("order"), kind=Invoice.Kind.INVOICE, seller=None)
    for invoice in invoices.select_related("region__site", "order__user", "account").order_by("pk"):
        dice = quarter.dice("pay now", invoice.pk)
        if dice.randrange(100) >= PAY_NOW:
            continue
        page = _page(quarter, invoice, at)
        if page is not None:
            quarter.bank.pay(page, dice.choice(("karte", "lastschrift", LAST)))
            quarter.told["paid by the link"] += 1


def go_to_the_bank(quarter: "Quarter", row: DeliveryRound) -> None:
    """Some have their bank take the money back."""
    for payment in _of(row, Status.CAPTURED).filter(refunds=None, disputes=None):
        if quarter.dice("dispute", payment.pk).randrange(100) < DISPUTED:
            quarter.bank.do("dispute", intent=payment.intent)
            quarter.told["disputed"] += 1


def decide_disputes(quarter: "Quarter") -> None:
    """What banks have decided since the last round."""
    for dispute in Dispute.objects.filter(status=Dispute.Status.OPEN).order_by("pk"):
        won = quarter.dice("decide", dispute.pk).random() < 0.5
        quarter.bank.do("decide", dispute=dispute.number, won=won)
        quarter.told["disputes won" if won else "disputes lost"] += 1


def complain(quarter: "Quarter", row: DeliveryRound, at: datetime) -> None:
    """Something was not good: a piece of it is credited, the producer bears it."""
    for payment in _of(row, Status.CAPTURED).exclude(way=Way.MORE).filter(disputes=None):
        if quarter.dice("complain", payment.pk).randrange(100) < COMPLAINED:
            line = Line.objects.select_related("partner", "order").filter(order=payment.order_id).order_by("pk")[0]
            quarter.told["complained"] += quarter.mishaps.work("complain", partial(_credit, line, 1, f"complaint:{line.pk}", at))


def send_back(quarter: "Quarter", *, partner: Partner, at: datetime) -> None:
    """All that a producer delivered to those who paid online was bad; by now the producer has been paid for it."""
    paid = OnlinePayment.objects.filter(status=Status.CAPTURED, order__isnull=False).exclude(disputes__isnull=False)
    lines = Line.objects.filter(partner=partner, order__in=paid.values("order")).select_related("partner", "order")
    for line in lines.order_by("pk"):
        known = worth.of(order=line.order).lines.get(line.pk)
        pieces = known.pieces - known.credited_pieces if known else 0
        if pieces:
            quarter.told["sent back"] += quarter.mishaps.work(
                "send back", partial(_credit, line, pieces, f"recall:{line.pk}", at)
            )


def plan_faults(quarter: "Quarter", *what: object) -> None:
    """Something goes wrong on the next ways to the provider."""
    dice = quarter.dice("fault", *what)
    for _turn in range(dice.randint(0, 2)):
        methods = dice.choice((("GET",), ("POST",), ("GET", "POST")))
        quarter.bank.fault(dice.choice(PATHS), dice.choice(FAULTS), times=dice.randint(1, 2), methods=methods)
        quarter.told["faults"] += 1


def _of(row: DeliveryRound, *states: str) -> QuerySet[OnlinePayment]:
    return OnlinePayment.objects.filter(order__delivery__round=row, status__in=states).order_by("pk")


def _waits(page: str, quarter: "Quarter") -> bool:
    """Whether the page is open still: for a hold it takes no debits."""
    return bool(quarter.bank.thing(page.rpartition("/")[2])["status"] == "open")


def _page(quarter: "Quarter", target: Order | Invoice, at: datetime) -> str | None:
    quarter.bank.set_clock(at)
    ask = partial(opening.page_for, target=target, provider=provider(quarter), at=at, back=BACK, leave=LEAVE)
    for _turn in range(4):
        try:
            return quarter.mishaps.work("page", ask)
        except Unreachable:
            quarter.told["tried again"] += 1
        except NothingToPay:
            return None
    return None


def _try(quarter: "Quarter", name: str, job: Callable[[], object]) -> None:
    """Who sees "please try again" comes back some day."""
    try:
        quarter.mishaps.work(name, job)
    except Unreachable:
        quarter.told["tried again"] += 1


def _change(quarter: "Quarter", order_id: int | None, pieces: int, at: datetime) -> bool:
    """So many more of the first article, or fewer; False when there are no more, or none would be left."""
    order = fresh(Order.objects.get(pk=order_id))
    if order.amended_at is not None or order.status != Order.Status.PLACED:
        return False
    stands = changes.as_it_stands(order=order)
    first, quantity = next(iter(stands.wanted.items()))
    if quantity + pieces < 1:
        return False
    wanted = replace(stands, wanted={**stands.wanted, first: quantity + pieces})
    seen = changes.propose(order=order, change=wanted, at=at)
    try:
        amendment.amend(
            order=order,
            change=wanted,
            fingerprint=seen.fingerprint,
            at=at,
            by=None,
            terms_accepted=quarter.shelf.terms,
            age_confirmed=True,
        )
    except Refused:
        return False
    return True


def _credit(line: Line, pieces: int, key: str, at: datetime) -> bool:
    known = worth.of(order=line.order).lines.get(line.pk)
    if known is None or known.pieces - known.credited_pieces < pieces:
        return False
    goods, deposit = known.goods_of(pieces=pieces), known.deposit_of(pieces=pieces)
    if not goods + deposit:
        return False
    told = {"bearer": line.partner, "cause": Credit.Cause.COMPLAINT, "key": key, "at": at}
    credits.on_line(order_line=line, pieces=pieces, goods=goods, deposit=deposit, **told)
    return True
