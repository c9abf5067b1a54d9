"""Plays the rounds of a quarter one after the other: ordered, called off, closed, packed, planned, driven, billed."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random
from typing import Any

from django.db.models import F

from billing import agency, bank_lines, corrections, files, invoicing, offsets, payouts, settlements
from billing.models import SupplyContract
from billing.online import jobs
from logistics import boxes, daytime, packing, rounds, savings, tours
from logistics.models import Collection, Delivery, DeliveryRound, DeliveryWindow, RoundRule, Tour
from marketplace.checkout import cancellation
from marketplace.demo import bookkeeping, gallery, people, roundwork, setup, shopping
from marketplace.demo.progress import Progress
from marketplace.demo.setup import Ground
from marketplace.demo.shopping import Shelf, Shopper
from marketplace.order.models import Order
from marketplace.partner import offers
from marketplace.partner.models import Partner, StockRecord
from marketplace.users.models import User
from tests.billing.online.bank import PracticeBank
from tests.quarter import bank_jobs, crowd, goods, paying, phones
from tests.quarter.mishaps import Mishaps
from tests.quarter.paying import Payer
from tests.quarter.phones import Report

#: of a hundred orders: called off again; of a hundred lines: something is missing when they are packed
CALLED_OFF, SHORT = 3, 4
PLAN_ITERATIONS, PLAN_SECONDS = 60, 20.0
#: how often the provider is asked while people order; after rounds of which days it pays out, once a month
BEATS, PAYS_OUT = 3, range(8, 15)
PICTURE_WIDTH = 64
#: besides the roastery, whose coffee is bad in the end, the bakery sells in its own name
ROASTERY, BAKERY = "roesterei-fruehschicht", "backstube-krumenreich"


@dataclass
class Quarter:
    """A market, the dice, and what has happened."""

    ground: Ground
    mishaps: Mishaps
    seed: int
    #: what everybody sees, and what kitchens see
    shelf: Shelf
    large: Shelf
    shoppers: list[Shopper]
    bank: PracticeBank
    #: up to when the provider has been asked
    clock: datetime
    told: Counter[str] = field(default_factory=Counter)
    reported: list[Report] = field(default_factory=list)
    #: what the provider reported, by its number, and what is on its way
    heard: dict[str, dict[str, Any]] = field(default_factory=dict)
    delayed: list[dict[str, Any]] = field(default_factory=list)

    @property
    def rule(self) -> RoundRule:
        """The plan of the rounds."""
        return next(iter(self.ground.rules.values()))

    @property
    def office(self) -> User:
        """Who acts for the operator."""
        return self.ground.users[people.OFFICE[crowd.REGION]]

    def dice(self, *what: object) -> Random:
        """Dice that fall the same way for the same thing."""
        return Random(":".join(str(part) for part in (self.seed, *what)))


def lay(*, orders: int, first: date, seed: int, deaths: float, bank: PracticeBank) -> Quarter:
    """The market before its first order; `deaths` is the share of jobs whose worker is killed in the middle."""
    market = crowd.market(orders=orders)
    album = gallery.Album(pool=None, width=PICTURE_WIDTH)
    album.order(wanted=gallery.first(market=market))
    start = first - timedelta(days=8)
    ground = setup.lay(
        market=market,
        album=album,
        base_url="http://localhost:8000",
        start=start,
        first_round=first,
        today=start,
        progress=Progress(quiet=True),
    )
    region = ground.regions[crowd.REGION]
    SupplyContract.objects.filter(partner__slug=BAKERY).update(mode=SupplyContract.Mode.AGENCY)
    at = daytime.on(start, time(9))
    goods.buy_in_cases(ground=ground, at=at)
    large = goods.hide(ground=ground, region=region, at=at, by=ground.users[people.OFFICE[crowd.REGION]])
    shoppers = [
        Shopper(
            customer=row,
            region=region,
            village=ground.villages[row.region, row.municipality],
            user=None if row.guest else ground.users[row.email],
            on_account=row.slug in ground.accounts,
        )
        for row in market.customers
    ]
    mishaps = Mishaps(dice=Random(f"mishaps:{seed}"), share=deaths)
    shelf = Shelf.of(region=region)
    quarter = Quarter(ground, mishaps, seed, shelf=shelf, large=large, shoppers=[], bank=bank, clock=at)
    quarter.shoppers += [paying.payer(quarter=quarter, shopper=shopper) for shopper in shoppers]
    bank_jobs.connect(quarter, at)
    return quarter


def play_round(quarter: Quarter, *, day: date, orders: int, tell: Callable[[str], object]) -> DeliveryRound:
    """One round from its announcement to its invoices; returns it as it is in the end."""
    opens = day - timedelta(days=7)
    work = quarter.mishaps.work
    work("announce", partial(rounds.announce, rule=quarter.rule, today=opens))
    _restock(quarter, daytime.on(opens, time(6)))
    row = DeliveryRound.objects.select_related("rule", "region").get(rule=quarter.rule, delivery_day=day)
    paying.decide_disputes(quarter)
    _order(quarter, row, orders)
    tell("ordered")
    bank_jobs.beat(quarter, row.cutoff_at + rounds.GRACE + timedelta(seconds=20))
    at = row.cutoff_at + 3 * rounds.GRACE
    bank_jobs.beat(quarter, at, faults=False)
    work("close", partial(rounds.close_due, at=at))
    goods.order_cases(quarter, row, at + timedelta(hours=1))
    for collection in Collection.objects.filter(round=row, status=Collection.Status.OPEN).select_related("partner", "round"):
        work("pack", partial(_pack, quarter, collection.pk, at + timedelta(hours=3)))
    tell("packed")
    work("plan", partial(_plan, row, at + timedelta(hours=6)))
    tell("planned")
    paying.let_holds_run_out(quarter, row)
    _drive(quarter, row)
    bank_jobs.beat(quarter, daytime.on(day, time(22)))
    tell("driven")
    _clear_up(quarter, row)
    _bill(quarter, row)
    work("savings", partial(_save, row, daytime.on(day, time(23))))
    tell("billed")
    row.refresh_from_db()
    return row


def end_month(quarter: Quarter, *, today: date) -> None:
    """Everything that is due at the first of a month; what nobody ordered for is closed too.

    Coffee and bread were bad; the baker's money is with the bakery's bank by then and cannot be brought back.
    """
    at = daytime.on(today, time(5))
    quarter.mishaps.work("close", partial(rounds.close_due, at=at))
    paying.decide_disputes(quarter)
    bank_jobs.beat(quarter, at - timedelta(days=4))
    bank_jobs.pay_on(quarter, BAKERY)
    for slug in (ROASTERY, BAKERY):
        paying.send_back(quarter, partner=Partner.objects.get(slug=slug), at=at - timedelta(days=3))
    draw_due(quarter, at=at - timedelta(days=3))
    bank_jobs.beat(quarter, at - timedelta(days=2))
    draw_due(quarter, at=at)
    bank_jobs.settle_up(quarter, at)
    draw_due(quarter, at=at)


def draw_due(quarter: Quarter, *, at: datetime) -> None:
    """As the task for documents does: take, bill, correct, use what is to the good, settle, set off."""
    today = at.astimezone(daytime.ZONE).date()
    work = quarter.mishaps.work
    work("collect", partial(jobs.collect, at=at))
    work("bill", partial(invoicing.draw_due, today=today, at=at))
    work("correct", partial(corrections.draw_due, today=today, at=at))
    work("use", partial(offsets.use_due, today=today, at=at))
    work("settle", partial(settlements.settle_due, today=today, at=at))
    work("settle agency", partial(agency.settle_due, today=today, at=at))
    work("set off", partial(payouts.set_off_due, today=today, at=at))


def everything_again(quarter: Quarter, *, today: date, statement: bytes) -> None:
    """Every job once more, and every report of every phone and of the provider; nothing of it may change anything."""
    at = daytime.on(today, time(6))
    rounds.close_due(at=at)
    for report in quarter.reported:
        driver = report.stop.tour.driver or quarter.office
        phones.take_in(region=quarter.rule.region, told=[report], received_at=at, by=driver)
    for row in DeliveryRound.objects.filter(status=DeliveryRound.Status.DONE):
        boxes.lay_out(delivery_round=row)
        _save(row, at)
    goods.reckon(at=at)
    draw_due(quarter, at=at)
    bank_jobs.again(quarter, quarter.clock)
    files.make_due(at=at)
    bank_lines.take_in(region=quarter.rule.region, content=statement, at=at, by=None)


def make_files(quarter: Quarter, *, at: datetime) -> int:
    """Make the files of all documents that have none; says how many were due."""
    number = files.due().count()
    while files.due().exists():
        quarter.mishaps.work("files", partial(files.make_due, at=at))
    return number


def _order(quarter: Quarter, row: DeliveryRound, orders: int) -> None:
    dice = quarter.dice("orders", row.delivery_day)
    span = (row.cutoff_at - row.opens_at) * 0.98
    placed: list[Order] = []
    for number, shopper in enumerate(dice.sample(quarter.shoppers, len(quarter.shoppers))):
        if len(placed) >= orders:
            break
        at = row.opens_at + span * min(1.0, number / orders) ** 0.4  # most of them in the last days
        order = quarter.mishaps.work("order", partial(_order_one, quarter, row, shopper, at))
        if order is None:
            continue
        placed.append(order)
        if isinstance(shopper, Payer):
            paying.pay(quarter, order, shopper, at + timedelta(minutes=1))
        if len(placed) % -(-orders // BEATS) == 0:
            bank_jobs.beat(quarter, at + timedelta(minutes=40))
    paying.change_minds(quarter, row, row.cutoff_at - timedelta(hours=3))
    bank_jobs.beat(quarter, row.cutoff_at - timedelta(hours=2))
    for order in placed:
        if quarter.dice("off", order.pk).randrange(100) < CALLED_OFF:
            quarter.mishaps.work("call off", partial(_call_off, order, row.cutoff_at - timedelta(minutes=5)))
            quarter.told["called off"] += 1
    quarter.told["orders"] += len(placed)


def _order_one(quarter: Quarter, row: DeliveryRound, shopper: Shopper, at: datetime) -> Order | None:
    windows = DeliveryWindow.objects.filter(round=row, taken__lt=F("capacity")).select_related("pickup_point").order_by("pk")
    dice = quarter.dice("order", shopper.customer.slug, row.delivery_day)
    shelf = quarter.shelf
    if shopper.on_account or quarter.dice("tempted", shopper.customer.slug, row.delivery_day).randrange(100) < goods.TEMPTED:
        shelf = quarter.large
        quarter.told["looked at large packs"] += 1
    return shopping.order(shopper=shopper, shelf=shelf, delivery_round=row, windows=list(windows), at=at, dice=dice)


def _call_off(order: Order, at: datetime) -> None:
    order.refresh_from_db()
    if order.status == Order.Status.PLACED:
        cancellation.cancel(order=order, at=at)


def _pack(quarter: Quarter, pk: int, at: datetime) -> None:
    """Whoever goes on after a worker's death sees what is recorded already."""
    collection = Collection.objects.select_related("partner", "round").get(pk=pk)
    if collection.status != Collection.Status.OPEN:
        return
    goods.receive(quarter, collection, at)
    anything = False
    for line in packing.lines_of(collection=collection):
        dice = quarter.dice("pack", line.order_line_id)
        quantity = line.expected
        if quantity and dice.randrange(100) < SHORT:
            quantity -= dice.randint(1, quantity)
        weight = None
        if line.order_line.catch_weight and quantity:
            weight = round((line.order_line.expected_weight_g or 0) * quantity * dice.uniform(0.85, 1.14))
        packing.record(packed_line=line, quantity=quantity, weight_g=weight, at=at, by=None, agreed=True)
        anything = anything or quantity > 0
    crates = max(collection.crates, 1) if anything else 0
    packing.finish(collection=collection, crates=crates, cold_crates=min(collection.cold_crates, crates), at=at, by=None)


def _plan(row: DeliveryRound, at: datetime) -> None:
    tours.plan(delivery_round=row, at=at, iterations=PLAN_ITERATIONS, cpu_seconds=PLAN_SECONDS)


def _drive(quarter: Quarter, row: DeliveryRound) -> None:
    """Everybody drives; the reports of each tour come in when its phone finds a network, some of them days later."""
    work, opens = quarter.mishaps.work, daytime.on(row.delivery_day, time(6))
    for collection in Collection.objects.filter(round=row, stop__isnull=True, status=Collection.Status.PACKED).order_by("pk"):
        work("bring", partial(roundwork.bring, collection=collection, at=opens, by=quarter.office))
    for tour in Tour.objects.filter(round=row).select_related("driver").order_by("wave", "starts_at", "pk"):
        dice = quarter.dice("drive", tour.pk)
        reports = phones.tour_reports(tour=tour, dice=dice)
        arriving = phones.sent(told=reports, dice=dice)
        away = timedelta(seconds=dice.randint(0, int(phones.AWAY.total_seconds())))
        while arriving:
            batch = [arriving.pop() for _turn in range(min(len(arriving), dice.randint(1, 6)))]
            received = tour.ends_at + away
            driver = tour.driver or quarter.office
            work("drive", partial(phones.take_in, region=row.region, told=batch, received_at=received, by=driver))
        quarter.reported += reports
        quarter.told["reports"] += len(reports)


def _clear_up(quarter: Quarter, row: DeliveryRound) -> None:
    """Whoever was not met fetches the goods, or they stay; what was on no tour is fetched at the hub."""
    at = daytime.on(row.delivery_day + timedelta(days=3), time(9))
    for delivery in roundwork.left_over(delivery_round=row):
        failed = delivery.status == Delivery.Status.FAILED
        if failed and quarter.dice("left", delivery.pk).random() < 0.5:
            quarter.told["not fetched"] += 1
            continue
        quarter.told["fetched"] += 1
        quarter.mishaps.work("fetch", partial(roundwork.fetch_later, delivery=delivery, at=at, by=quarter.office))
    for delivery in Delivery.objects.filter(round=row, status=Delivery.Status.COMPLETED).select_related("order__terms"):
        quarter.mishaps.work("door", partial(bookkeeping.pay_at_the_door, delivery=delivery, at=at))


def _bill(quarter: Quarter, row: DeliveryRound) -> None:
    """What was delivered is taken and billed; some complain, some have their bank take the money back, some pay late."""
    at = daytime.on(row.delivery_day + timedelta(days=3), time(20))
    draw_due(quarter, at=at)
    bank_jobs.beat(quarter, at + timedelta(minutes=10))
    paying.complain(quarter, row, at + timedelta(minutes=20))
    paying.go_to_the_bank(quarter, row)
    paying.pay_what_failed(quarter, row, at + timedelta(minutes=30))
    draw_due(quarter, at=at + timedelta(hours=1))
    bank_jobs.beat(quarter, at + timedelta(hours=2))
    if row.delivery_day.day in PAYS_OUT:
        bank_jobs.pay_out(quarter, at + timedelta(hours=3))


def _save(row: DeliveryRound, at: datetime) -> None:
    for due in savings.due().filter(pk=row.pk).select_related("region"):
        savings.compute(delivery_round=due, at=at)


def _restock(quarter: Quarter, at: datetime) -> None:
    """Producers fill up what is limited and half gone."""
    plans = {quarter.ground.products[article.slug].pk: article for article in quarter.ground.market.articles}
    for record in StockRecord.objects.filter(stock_kind=StockRecord.StockKind.LIMITED).order_by("pk"):
        usual = plans[record.product_id].stock or 0
        if 2 * ((record.num_in_stock or 0) - (record.num_allocated or 0)) <= usual:
            quantity = usual + (record.num_allocated or 0)
            offers.set_stock(stockrecord=record, stock_kind=record.stock_kind, quantity=quantity, at=at, by=quarter.office)
