"""Plays the weeks before today, event by event in the order of the clock; what lies after the told moment has not happened."""

import heapq
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import count
from random import Random
from typing import Any

from django.db.models import F

from logistics import daytime, rounds
from logistics.models import Delivery, DeliveryRound, DeliveryWindow, RoundRule
from marketplace.aftersales.models import Complaint, Withdrawal
from marketplace.demo import (
    banking,
    bookkeeping,
    choosing,
    grievances,
    habits,
    hubwork,
    opinions,
    owing,
    people,
    roundwork,
    shopping,
    telephone,
)
from marketplace.demo.roundwork import Due
from marketplace.demo.setup import Ground
from marketplace.demo.shopping import Shelf, Shopper
from marketplace.desk import numbers
from marketplace.order.models import Line, Order
from marketplace.partner import offers
from marketplace.partner.models import StockRecord
from marketplace.reviews.models import Review
from marketplace.users.models import User

WEEKS_PER_MONTH = 4.35
#: of a hundred orders those in the days before the cut-off, the last day first
HABIT = (34, 22, 14, 9, 8, 7, 6)
#: on which day of a month the producers are paid for the one before
PAYING_DAY = 2
#: the least that stands in the round that is open now
OPEN_ORDERS = 12
Action = Callable[[datetime], None]


@dataclass
class Story:
    """The ground, what still happens (by its moment), and what has happened."""

    ground: Ground
    now: datetime
    share: float = 1.0  # of the customers who would order
    agenda: list[tuple[datetime, int, Action]] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    shelves: dict[str, Shelf] = field(default_factory=dict)
    _numbers: "count[int]" = field(default_factory=count)

    def at(self, moment: datetime, action: Action) -> None:
        """Something will happen."""
        heapq.heappush(self.agenda, (moment, next(self._numbers), action))

    def dice(self, *what: object) -> Random:
        """Dice that fall the same way for the same thing."""
        return Random(":".join(str(part) for part in what))  # noqa: S311 - dice, not secrets

    def office(self, region_slug: str) -> User:
        """Who acts for the operator."""
        return self.ground.users[people.OFFICE[region_slug]]


def play(*, ground: Ground, start: date, now: datetime, share: float, tell: Callable[[], object]) -> Story:
    """Everything from the first day until now; `tell` is called after each day. `share` of the customers take part."""
    story = Story(ground=ground, now=now, share=share)
    story.shelves = {slug: Shelf.of(region=region) for slug, region in ground.regions.items()}
    today = now.astimezone(daytime.ZONE).date()
    for number in range((today - start).days + 1):
        day = start + timedelta(days=number)
        story.at(daytime.on(day, time(0, 1)), partial(_begin_day, story, day))
        story.at(daytime.on(day, time(22)), partial(_end_day, story, day, tell))
    while story.agenda and story.agenda[0][0] <= now:
        moment, _number, action = heapq.heappop(story.agenda)
        action(moment)
    _fill_open_rounds(story)
    for slug, region in ground.regions.items():
        banking.send_statement(region=region, at=now - timedelta(minutes=80), by=story.office(slug))
        opinions.leave_one(region=region, at=now - timedelta(minutes=50))
    owing.want_an_account(shoppers=shoppers(ground=ground, region_slug=next(iter(ground.regions))), at=now)
    tell()
    return story


def shoppers(*, ground: Ground, region_slug: str) -> list[Shopper]:
    """The customers of a region."""
    return [
        Shopper(
            customer=customer,
            region=ground.regions[region_slug],
            village=ground.villages[region_slug, customer.municipality],
            user=None if customer.guest else ground.users[customer.email],
            on_account=customer.slug in ground.accounts,
        )
        for customer in ground.market.customers
        if customer.region == region_slug
    ]


def _begin_day(story: Story, day: date, at: datetime) -> None:
    """Rounds are announced, credit notes drawn, shelves filled up; whoever orders for a round throws the dice for the day."""
    for slug, rule in story.ground.rules.items():
        rounds.announce(rule=rule, today=day)
        for row in DeliveryRound.objects.filter(rule=rule, cutoff_at__gte=at).order_by("delivery_day"):
            if (row.cutoff_at - at).days == min(len(HABIT) - 1, (row.cutoff_at - row.opens_at).days):
                _expect_orders(story, slug, row)
    if day.day == 1:
        for due in bookkeeping.settle(today=day, at=at + timedelta(hours=3)):
            story.at(due.at, partial(_pay_out, due.row))
    if day.day == PAYING_DAY:
        for slug, region in story.ground.regions.items():
            banking.pay_producers(region=region, today=day, at=at + timedelta(hours=9), by=story.office(slug))
    owing.begin_day(day=day, at=at, regions=story.ground.regions, office=story.office, later=story.at)
    if day.isoweekday() == 1:
        _restock(story, at + timedelta(hours=7))


def _expect_orders(story: Story, rule_slug: str, delivery_round: DeliveryRound) -> None:
    """Decide who orders for a round, and when."""
    plan = next(rule for rule in story.ground.market.round_rules if rule.slug == rule_slug)
    every_weeks = 1 if plan.frequency == "weekly" else 2
    rivals = sum(1 for rule in story.ground.market.round_rules if rule.region == plan.region)
    for shopper in shoppers(ground=story.ground, region_slug=plan.region):
        dice = story.dice(shopper.customer.slug, rule_slug, delivery_round.delivery_day)
        chance = shopper.customer.orders_per_month / WEEKS_PER_MONTH * every_weeks * story.share
        if rivals > 1:
            chance *= 0.85 if every_weeks == 1 else 0.3
        if dice.random() < chance:
            at = _ordering_moment(delivery_round, dice, kitchen=shopper.on_account)
            story.at(at, partial(_order_due, story, shopper, plan.region, delivery_round.pk, dice))
    story.at(
        delivery_round.cutoff_at + rounds.GRACE + timedelta(seconds=20), partial(_close, story, plan.region, delivery_round.pk)
    )


def _ordering_moment(delivery_round: DeliveryRound, dice: Random, *, kitchen: bool) -> datetime:
    """Kitchens order early in the week, the others late."""
    weights = HABIT[::-1] if kitchen else HABIT
    days = dice.choices(range(len(HABIT)), weights)[0]
    cutoff = delivery_round.cutoff_at.astimezone(daytime.ZONE)
    if days == 0:
        return cutoff - timedelta(minutes=dice.randint(12, 640))
    clock = time(dice.choice((7, 9, 11, 12, 15, 17, 19, 20, 20, 21)), dice.randint(0, 59), dice.randint(0, 59))
    return max(daytime.on(cutoff.date() - timedelta(days=days), clock), delivery_round.opens_at + timedelta(minutes=5))


def _order_due(story: Story, shopper: Shopper, region_slug: str, round_id: int, dice: Random, at: datetime) -> None:
    _order(story, shopper, region_slug, round_id, dice, at)


def _order(story: Story, shopper: Shopper, region_slug: str, round_id: int, dice: Random, at: datetime) -> bool:
    row = DeliveryRound.objects.select_related("rule").get(pk=round_id)
    windows = DeliveryWindow.objects.filter(round=row, taken__lt=F("capacity")).select_related("pickup_point").order_by("pk")
    taken_by = story.office(region_slug) if shopper.customer.slug in telephone.CALLERS else None
    placed = shopping.order(
        shopper=shopper,
        shelf=story.shelves[region_slug],
        delivery_round=row,
        windows=list(windows),
        at=at,
        dice=dice,
        taken_by=taken_by,
    )
    if placed and taken_by:
        _called(story, placed, row, taken_by, at)
    story.done["orders" if placed else "refused"] += 1
    if placed and shopper.usual_payment == "transfer" and dice.random() < 0.6:
        story.at(at + timedelta(hours=dice.randint(14, 40)), partial(_pay_ahead, placed))
    return placed is not None


def _called(story: Story, order: Order, row: DeliveryRound, by: User, at: datetime) -> None:
    """The letter goes out the next day; some call again when the goods come."""
    dice = story.dice("called", order.pk)
    story.done["by telephone"] += 1
    story.at(at + timedelta(hours=20), lambda moment: telephone.post(order=order, at=moment, by=by))
    if dice.random() < telephone.ASKED:
        morning = daytime.on(row.delivery_day, time(8, dice.randint(0, 59)))
        story.at(morning, lambda moment: telephone.ask(order=order, at=moment, by=by, dice=dice))


def _pay_ahead(order: Order, at: datetime) -> None:
    bookkeeping.pay_ahead(order=order, at=at)


def _pay_out(settlement: Any, at: datetime) -> None:
    bookkeeping.pay_out(settlement=settlement, at=at)


def _close(story: Story, region_slug: str, round_id: int, at: datetime) -> None:
    """The cut-off: from now on it is known who packs, and when the tours are drawn and driven."""
    roundwork.close_due(at=at)
    row = DeliveryRound.objects.select_related("rule", "region").get(pk=round_id)
    if not row.collections.exists():
        roundwork.plan(delivery_round=row, at=at)
        return
    for due in roundwork.packing_times(delivery_round=row, dice=story.dice("packing", round_id)):
        story.at(due.at, partial(_pack, story, due))
    story.at(at + timedelta(minutes=6), partial(_plan, story, row))
    morning = daytime.on(row.delivery_day, time(4))
    story.at(morning, partial(_go, story, region_slug, row))
    story.at(daytime.on(row.delivery_day, time(21)), partial(_clear_up, story, region_slug, row))


def _pack(story: Story, due: Due, at: datetime) -> None:
    roundwork.pack(collection=due.row, at=at, dice=story.dice("pack", due.row.pk))
    story.done["collections"] += 1


def _plan(story: Story, row: DeliveryRound, at: datetime) -> None:
    story.done["unserved"] += len(roundwork.plan(delivery_round=row, at=at))


def _go(story: Story, region_slug: str, row: DeliveryRound, at: datetime) -> None:
    """The delivery day begins: goods come to the hub, and every stop has its moment."""
    dice = story.dice("drive", row.pk)
    for due in roundwork.brought_times(delivery_round=row, dice=dice):
        story.at(due.at, partial(_bring, story, region_slug, due))
    sorting = partial(hubwork.sort, delivery_round=row, by=story.office(region_slug), dice=story.dice("sort", row.pk))
    story.at(daytime.on(row.delivery_day, row.rule.hub_sorted_by), sorting)
    for due in roundwork.stop_times(delivery_round=row, dice=dice):
        story.at(due.at, partial(_drive, story, due))


def _bring(story: Story, region_slug: str, due: Due, at: datetime) -> None:
    roundwork.bring(collection=due.row, at=at, by=story.office(region_slug))


def _drive(story: Story, due: Due, at: datetime) -> None:
    dice = story.dice("stop", due.row.pk)
    for delivery in roundwork.drive(stop=due.row, at=at, dice=dice):
        if delivery.kind == Delivery.Kind.HOME:
            by, tosses = due.row.tour.driver, story.dice("empties", delivery.pk)
            story.done["empties"] += grievances.give_back(delivery=delivery, at=at, by=by, dice=tosses)
        _received(story, delivery, dice, at)
    for fetch in hubwork.fetches(stop=due.row, at=at, dice=story.dice("fetches", due.row.pk)):
        story.at(fetch.at, partial(_hand_out, story, fetch.row))


def _hand_out(story: Story, delivery: Delivery, at: datetime) -> None:
    hubwork.hand_out(delivery=delivery, at=at, by=hubwork.host_of(delivery=delivery))
    _received(story, delivery, story.dice("hand_out", delivery.pk), at)


def _received(story: Story, delivery: Delivery, dice: Random, at: datetime) -> None:
    """The goods are with their customer, who pays, and may complain or praise later."""
    story.done["deliveries"] += 1
    bookkeeping.pay_at_the_door(delivery=delivery, at=at)
    for trouble in grievances.troubles(delivery=delivery, at=at, dice=story.dice("trouble", delivery.pk)):
        story.at(trouble.at, partial(_complain if isinstance(trouble.row, Line) else _withdraw, story, trouble))
    for thought in opinions.thoughts(delivery=delivery, at=at, dice=story.dice("thought", delivery.pk)):
        story.at(thought.at, partial(_review, story, thought))


def _review(story: Story, due: Due, at: datetime) -> None:
    """Within two days the office has looked at it; then the producer answers, and somebody may find it wrong."""
    dice = story.dice("review", due.row.pk)
    review = opinions.say(line=due.row, at=at, dice=dice)
    story.done["reviews"] += 1
    by = story.office(review.partner.region.slug)
    story.at(at + timedelta(hours=dice.randint(6, 48)), partial(_look_at_review, story, review, by, dice))


def _look_at_review(story: Story, review: Review, by: User, dice: Random, at: datetime) -> None:
    if not opinions.look(review=review, at=at, by=by):
        return
    if dice.random() < opinions.ANSWER:
        story.at(at + timedelta(hours=dice.randint(8, 60)), partial(_answer_review, review, dice))
    if review.stars <= opinions.POOR and dice.random() < opinions.REPORT:
        story.at(at + timedelta(hours=dice.randint(20, 70)), partial(_report_review, story, review, by))


def _answer_review(review: Review, dice: Random, at: datetime) -> None:
    opinions.answer(review=review, at=at, by=review.partner.users.order_by("pk").first(), dice=dice)


def _report_review(story: Story, review: Review, by: User, at: datetime) -> None:
    if opinions.complain(review=review, at=at):
        story.at(at + timedelta(days=3), partial(_judge_review, review, by))


def _judge_review(review: Review, by: User, at: datetime) -> None:
    opinions.judge(review=review, at=at, by=by)


def _complain(story: Story, due: Due, at: datetime) -> None:
    """A day or two later the office has answered, unless that lies ahead."""
    dice = story.dice("complaint", due.row.pk)
    complaint = grievances.complain(line=due.row, at=at, dice=dice)
    story.done["complaints"] += 1
    by = story.office(complaint.order_line.order.region.slug)
    story.at(at + timedelta(hours=dice.randint(20, 50)), partial(_answer, complaint, by, dice))


def _answer(complaint: Complaint, by: User, dice: Random, at: datetime) -> None:
    grievances.answer(complaint=complaint, at=at, by=by, dice=dice)


def _withdraw(story: Story, due: Due, at: datetime) -> None:
    """The goods come back with one of the next rounds."""
    withdrawal = grievances.withdraw(order=due.row, at=at)
    story.done["withdrawals"] += 1
    story.at(at + timedelta(days=6), partial(_settle, withdrawal, story.office(due.row.region.slug)))


def _settle(withdrawal: Withdrawal, by: User, at: datetime) -> None:
    grievances.settle(withdrawal=withdrawal, at=at, by=by)


def _clear_up(story: Story, region_slug: str, row: DeliveryRound, at: datetime) -> None:
    """What was on no tour goes back or is fetched; of those who were not met, most come on a later day."""
    for delivery in roundwork.left_over(delivery_round=row):
        dice = story.dice("left", delivery.pk)
        if delivery.status != Delivery.Status.FAILED:
            _fetch(story, region_slug, delivery, at)
        elif dice.random() < 0.6:
            story.at(at + timedelta(days=2, hours=-9), partial(_fetch, story, region_slug, delivery))


def _fetch(story: Story, region_slug: str, delivery: Delivery, at: datetime) -> None:
    roundwork.fetch_later(delivery=delivery, at=at, by=story.office(region_slug))
    bookkeeping.pay_at_the_door(delivery=delivery, at=at)
    story.done["fetched"] += 1


def _end_day(story: Story, day: date, tell: Callable[[], object], at: datetime) -> None:
    for due in bookkeeping.draw(today=day, at=at, dice=story.dice("transfers", day)):
        story.at(due.at, partial(bookkeeping.received, due.row))
    tell()


def _restock(story: Story, at: datetime) -> None:
    """Producers fill up what is limited and half gone."""
    plans = {story.ground.products[article.slug].pk: article for article in story.ground.market.articles}
    low = StockRecord.objects.filter(stock_kind=StockRecord.StockKind.LIMITED).select_related("product").order_by("pk")
    for record in low:
        usual = plans[record.product_id].stock or 0
        free = (record.num_in_stock or 0) - (record.num_allocated or 0)
        if free * 2 <= usual:
            by = story.ground.users[_owner(story, plans[record.product_id].producer)]
            quantity = usual + (record.num_allocated or 0)
            offers.set_stock(stockrecord=record, stock_kind=record.stock_kind, quantity=quantity, at=at, by=by)


def _owner(story: Story, producer_slug: str) -> str:
    return next(producer.email for producer in story.ground.market.producers if producer.slug == producer_slug)


def _fill_open_rounds(story: Story) -> None:
    """The next weekly round of each region has its first orders, whatever day it is today."""
    for slug, region in story.ground.regions.items():
        coming = rounds.open_rounds(region=region, at=story.now)
        row = next((row for row in coming if row.rule.frequency == RoundRule.Frequency.WEEKLY), None)
        if row is None:
            continue
        everybody = shoppers(ground=story.ground, region_slug=slug)
        habits.begin(shoppers=everybody, shelf=story.shelves[slug], delivery_round=row, now=story.now)
        known = set(row.deliveries.values_list("order__phone", flat=True))
        waiting = [one for one in everybody if not known & {one.customer.phone, numbers.shown(number=one.customer.phone)}]
        missing = round(OPEN_ORDERS * story.share) - row.deliveries.count()
        _order_now(story, slug, row, _early_ones(waiting), missing)
        choosing.show(
            delivery_round=row,
            shelf=story.shelves[slug],
            shoppers=_early_ones(waiting)[::-1],
            now=story.now,
            dice=story.dice("farm", row.delivery_day),
        )


def _early_ones(waiting: Sequence[Shopper]) -> list[Shopper]:
    """Kitchens first, then those who order often."""
    return sorted(
        waiting, key=lambda shopper: (not shopper.on_account, -shopper.customer.orders_per_month, shopper.customer.slug)
    )


def _order_now(story: Story, region_slug: str, row: DeliveryRound, waiting: Sequence[Shopper], missing: int) -> None:
    earliest = max(row.opens_at, story.now - timedelta(days=3))
    span = (story.now - earliest) * 0.9
    for number, shopper in enumerate(waiting):
        if missing <= 0:
            return
        at = earliest + span * ((number + 1) / (len(waiting) + 1))
        dice = story.dice("early", shopper.customer.slug, row.delivery_day)
        missing -= _order(story, shopper, region_slug, row.pk, dice, at)
