"""Jobs of logistics. Each finds its work by a query, so that nothing is lost when the queue is emptied, only later."""

import logging
import time
from collections.abc import Callable
from functools import partial

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from logistics import (
    address_mails,
    areas,
    box_photos,
    cancellation_mails,
    closing_notices,
    confirmations,
    host_mails,
    minimum_mails,
    purchases,
    reports,
    rescheduling_mails,
    reservations,
    roads,
    rounds,
    savings,
    shortage_mails,
    shortages,
    tour_ways,
    tours,
    unfetched,
    waiting,
    waiting_mails,
    warm_mails,
)
from logistics.models import Collection, DeliveryRound, PlanningRun, RoundRule, UnfollowedReport
from logistics.planning import runs
from logistics.routing import CalledOff, NoAnswer
from logistics.routing.insertion import NAME as SIMPLE
from marketplace.core import fonts
from marketplace.regions.models import Region

logger = logging.getLogger(__name__)
#: how often a worker that searches says how far it is
SECONDS_BETWEEN_SIGNS = 1.0


@shared_task(acks_late=True)
def announce_rounds() -> None:
    """Announce the rounds of every rule in use; one that fails does not keep the others waiting."""
    for rule in RoundRule.objects.filter(is_active=True).order_by("pk"):
        try:
            rounds.announce(rule=rule, today=timezone.localdate())
        except Exception:
            logger.exception("The rounds of rule %s could not be announced; the next run tries again.", rule.pk)


@shared_task(acks_late=True)
def close_due_rounds() -> None:
    """Close what is due, and have every round planned that is closed and has no tours yet, or whose planner died."""
    rounds.close_due(at=timezone.now())
    for pk in runs.due(at=timezone.now()).values_list("pk", flat=True):
        plan_round.delay(round_id=pk)


@shared_task(acks_late=True)
def plan_round(*, round_id: int) -> None:
    """Search for a plan, unless another worker is at it or it was called off; says how far it is, and stops when told to."""
    delivery_round = DeliveryRound.objects.get(pk=round_id)
    if delivery_round.status == DeliveryRound.Status.CLOSED and not PlanningRun.objects.filter(round_id=round_id).exists():
        runs.ask(delivery_round=delivery_round, at=timezone.now(), by=None)
    run = runs.begin(round_id=round_id, at=timezone.now())
    if run is None:
        return
    if run.attempts > runs.HOPELESS:
        runs.end(round_id=round_id, outcome=runs.Outcome.REFUSED, at=timezone.now())
        return
    try:
        _search(delivery_round, run)
    except CalledOff:
        runs.end(round_id=round_id, outcome=runs.Outcome.CANCELLED, at=timezone.now())
    except tours.TourRefused as refusal:
        runs.end(round_id=round_id, outcome=runs.Outcome.REFUSED, at=timezone.now(), note=str(refusal))


def _search(delivery_round: DeliveryRound, run: PlanningRun) -> None:
    """A worker that died over it before tries the same once more, and then the simple way."""
    told = 0.0

    def watch(share: float) -> bool:
        nonlocal told
        if time.monotonic() - told < SECONDS_BETWEEN_SIGNS:
            return True
        told = time.monotonic()
        return runs.note(round_id=delivery_round.pk, percent=min(99, int(100 * share)), at=timezone.now())

    tours.plan(
        delivery_round=delivery_round,
        at=timezone.now(),
        by=run.by,
        provider=roads.provider(servers=settings.ROAD_SERVERS),
        watch=watch,
        simple=run.attempts > runs.DEADLY,
    )
    simple = delivery_round.plan.get("engine") == SIMPLE
    runs.end(round_id=delivery_round.pk, outcome=runs.Outcome.SIMPLE if simple else runs.Outcome.PLANNED, at=timezone.now())
    if any(settings.ROAD_SERVERS.values()):
        draw_ways.delay()


@shared_task
def draw_ways() -> None:
    """Ask the road server for the ways of tours, for their maps; when it is silent, the next run asks again."""
    for pk in tour_ways.undrawn(servers=settings.ROAD_SERVERS, today=timezone.localdate()).values_list("pk", flat=True):
        try:
            tour_ways.draw(tour_id=pk, servers=settings.ROAD_SERVERS, at=timezone.now())
        except NoAnswer as error:
            logger.warning("The road server gave no way, maps show straight lines until it does: %s", error)
            return


@shared_task
def tell_of_warm_goods() -> None:
    """Write to the office when goods are too warm; a mail that fails stays due and keeps nobody waiting."""
    for region in Region.objects.order_by("pk"):
        for reading_id in warm_mails.untold(region=region):
            _try(partial(warm_mails.tell, reading_id=reading_id, at=timezone.now()))


@shared_task
def give_back_places() -> None:
    """Give back what nobody came for, move the waiting lists up, and tell whom a place is offered."""
    reservations.expire_due(at=timezone.now())
    waiting.advance(at=timezone.now())
    waiting.forget(at=timezone.now())
    _tell_offers()


@shared_task
def offer_place(*, window_id: int) -> None:
    """A place has become free: the next in line gets it."""
    if waiting.move_up(window_id=window_id, at=timezone.now()):
        _tell_offers()


@shared_task
def tell_of_minimums() -> None:
    """Tell customers and producers of goods that nobody packs; a mail that fails stays due and keeps nobody waiting."""
    at = timezone.now()
    for order_id in minimum_mails.untold_customers(at=at):
        _try(partial(minimum_mails.tell_customer, order_id=order_id, at=at))
    for collection_id in minimum_mails.untold_producers(at=at):
        _try(partial(minimum_mails.tell_producer, collection_id=collection_id, at=at))


@shared_task
def settle_shortages() -> None:
    """Confirm what nobody cut in time, leave out what nobody wanted in time, reckon purchases anew, and tell customers.

    A failure waits for the next run.
    """
    at = timezone.now()
    for collection in Collection.objects.filter(pk__in=confirmations.silent(at=at)).order_by("pk"):
        _try(partial(confirmations.confirm, collection=collection, at=at, by=None))
    for delivery_round in DeliveryRound.objects.filter(pk__in=purchases.stale(at=at)).order_by("pk"):
        _try(partial(purchases.reckon, delivery_round=delivery_round, at=at))
    for shortage_id in shortages.unanswered(at=at):
        _try(partial(shortages.lapse, shortage_id=shortage_id, at=at))
    for order_id in shortage_mails.untold(at=at):
        _try(partial(shortage_mails.tell, order_id=order_id, at=at))


@shared_task
def tell_what_to_pack() -> None:
    """Send producers what they pack for rounds that have closed; a mail that fails stays due and keeps nobody waiting."""
    at = timezone.now()
    for collection_id in closing_notices.untold(at=at):
        folder = fonts.prepare(settings.TYPESETTING_FONTS)
        _try(partial(closing_notices.tell, collection_id=collection_id, at=at, folder=folder))


@shared_task(acks_late=True)
def compute_savings() -> None:
    """Work out what rounds that are over have saved; one that fails does not keep the others waiting."""
    for delivery_round in savings.due().select_related("region"):
        try:
            savings.compute(delivery_round=delivery_round, at=timezone.now())
        except Exception:
            logger.exception("What round %s saved could not be computed; the next run tries again.", delivery_round.pk)


@shared_task
def see_to_reports() -> None:
    """Try what drivers reported and could not be followed once more, and erase photos that are old enough."""
    waiting = UnfollowedReport.objects.filter(settled_at__isnull=True, stop__isnull=False)
    for round_id in sorted(set(waiting.values_list("stop__tour__round", flat=True))):
        reports.try_again(round_id=round_id, at=timezone.now())
    box_photos.erase_old(at=timezone.now())


@shared_task
def tell_of_moved_rounds() -> None:
    """Tell customers whose round was moved, farms and drivers of one that does not take place; a mail that fails stays due."""
    at = timezone.now()
    for order_id in rescheduling_mails.untold(at=at):
        _try(partial(rescheduling_mails.tell, order_id=order_id, at=at))
    for order_id in rescheduling_mails.untold_cutoffs(at=at):
        _try(partial(rescheduling_mails.tell_cutoff, order_id=order_id, at=at))
    for notice in cancellation_mails.untold(at=at):
        _try(partial(cancellation_mails.tell, notice=notice, at=at))


def _try(send: Callable[[], bool]) -> None:
    try:
        send()
    except Exception:
        logger.exception("Something could not be done; it stays due: %s", send)


@shared_task
def ask_addresses_back() -> None:
    """Ask the owners of addresses whether the wishes are theirs; one that fails stays due and keeps nobody waiting."""
    for entry_id in address_mails.unasked_places():
        _write(address_mails.ask_about_place, entry_id)
    for interest_id in address_mails.unasked_areas():
        _write(address_mails.ask_about_area, interest_id)


@shared_task
def tell_served_areas() -> None:
    """Write to those to whose village a round comes now, and forget addresses that are of no use any more."""
    for interest_id in address_mails.untold_areas(at=timezone.now()):
        _write(address_mails.tell_area, interest_id)
    areas.forget(at=timezone.now())


@shared_task(acks_late=True)
def give_back_unfetched() -> None:
    """Goods that nobody fetched at a pickup point go back; one that fails stays due and keeps the others from nothing."""
    at = timezone.now()
    for delivery_id in unfetched.due(at=at):
        _try(partial(unfetched.give_back, delivery_id=delivery_id, at=at))


@shared_task
def invite_hosts() -> None:
    """Ask those whom the office wants at a pickup point; a mail that fails stays due and keeps nobody waiting."""
    for host_id in host_mails.unasked():
        _try(partial(host_mails.ask, host_id=host_id, at=timezone.now()))


def _write(send: Callable[..., bool], pk: int) -> None:
    try:
        send(pk=pk, at=timezone.now())
    except Exception:
        logger.exception("The mail about row %s of logistics could not be sent; it stays due.", pk)


def _tell_offers() -> None:
    """Write to everybody who has an offer and does not know; a mail that fails stays due and keeps nobody waiting."""
    for entry_id in waiting_mails.untold(at=timezone.now()):
        try:
            waiting_mails.send_offer(entry_id=entry_id, at=timezone.now())
        except Exception:
            logger.exception("The offer to waiting entry %s could not be told; it stays due.", entry_id)
