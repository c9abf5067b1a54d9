"""Changes the plan of a round by hand: moves, swaps, locks, other vehicles and drivers, and plans of before.

Times, loads and kilometres are reckoned anew at once, as the checker reckons them. What no vehicle can do is refused; what makes
somebody late is done and told. Whoever changes says which plan was on the screen: two people never overwrite each other.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from logistics import rounds
from logistics.models import DeliveryRound, PlanVersion
from logistics.planning import faults, layout, rows
from logistics.planning.layout import Draft, Layout, TourKey
from logistics.routing import (
    Matrices,
    MatrixProvider,
    Plan,
    Reason,
    Unserved,
    Violation,
    arrange,
    violations,
)
from logistics.routing.matrix import UNREACHABLE_METRES
from marketplace.core import audit
from marketplace.regions.models import Membership, Role
from marketplace.users.models import User

Origin = PlanVersion.Origin
Drafts = tuple[Draft, ...]
Change = Callable[[Layout], Drafts]
CHANGEABLE = (DeliveryRound.Status.PLANNED, DeliveryRound.Status.UNDER_WAY)


class ChangeRefused(Exception):
    """The plan cannot be changed like that; the message is for the office."""


class Outdated(ChangeRefused):
    """Somebody else has changed the plan since it was shown."""


def move(
    *,
    delivery_round: DeliveryRound,
    key: str,
    to: TourKey | None,
    place: int | None,
    seen: int,
    at: datetime,
    by: User | None,
    roads: MatrixProvider,
) -> PlanVersion:
    """Put a call on that tour as its `place`-th stop, or where it does least harm; a tour that does not exist is begun.

    None takes it off the plan. Raises `ChangeRefused`, `Outdated`.
    """
    return _change(delivery_round, seen, at, by, roads, lambda paper: _moved(paper, key, to, place, roads))


def shift(
    *, delivery_round: DeliveryRound, key: str, steps: int, seen: int, at: datetime, by: User | None, roads: MatrixProvider
) -> PlanVersion:
    """Call there so many stops later (or earlier, below zero) on the same tour."""

    def shifted(paper: Layout) -> Drafts:
        draft = _where(paper, key)
        spot = max(0, min(len(draft.keys) - 1, draft.keys.index(key) + steps))
        others = [one for one in draft.keys if one != key]
        return _with(paper.drafts, replace(draft, keys=(*others[:spot], key, *others[spot:])))

    return _change(delivery_round, seen, at, by, roads, shifted)


def swap(
    *, delivery_round: DeliveryRound, key: str, other: str, seen: int, at: datetime, by: User | None, roads: MatrixProvider
) -> PlanVersion:
    """Two calls of the same wave change places, on one tour or on two."""

    def swapped(paper: Layout) -> Drafts:
        first, second = _where(paper, key), _where(paper, other)
        if first.wave != second.wave:
            raise ChangeRefused(_("Goods are collected before they are delivered; these two cannot be swapped."))
        turned = {key: other, other: key}
        touched = {first.tour, second.tour}
        return tuple(
            replace(draft, keys=tuple(turned.get(one, one) for one in draft.keys)) if draft.tour in touched else draft
            for draft in paper.drafts
        )

    return _change(delivery_round, seen, at, by, roads, swapped)


def lock_stop(
    *, delivery_round: DeliveryRound, key: str, locked: bool, seen: int, at: datetime, by: User | None, roads: MatrixProvider
) -> PlanVersion:
    """Planning anew leaves the call on its vehicle, or no longer."""

    def pinned(paper: Layout) -> Drafts:
        draft = _where(paper, key)
        return _with(paper.drafts, replace(draft, pinned=draft.pinned | {key} if locked else draft.pinned - {key}))

    return _change(delivery_round, seen, at, by, roads, pinned)


def lock_tour(
    *, delivery_round: DeliveryRound, tour: TourKey, locked: bool, seen: int, at: datetime, by: User | None, roads: MatrixProvider
) -> PlanVersion:
    """Planning anew leaves all tours of this vehicle and wave as they are, or no longer."""

    def kept(paper: Layout) -> Drafts:
        _tour(paper, tour)
        return tuple(
            replace(one, locked=locked) if (one.vehicle, one.wave) == (tour[0], tour[1]) else one for one in paper.drafts
        )

    return _change(delivery_round, seen, at, by, roads, kept)


def change_vehicle(
    *, delivery_round: DeliveryRound, tour: TourKey, vehicle: int, seen: int, at: datetime, by: User | None, roads: MatrixProvider
) -> PlanVersion:
    """Another vehicle drives the tour, with its usual driver; one that has a tour of that wave already takes over in exchange."""

    def exchanged(paper: Layout) -> Drafts:
        mine = _tour(paper, tour)
        if vehicle not in paper.vehicles:
            raise ChangeRefused(_("This vehicle is not in use."))
        goes = {mine.vehicle: vehicle, vehicle: mine.vehicle}
        return tuple(
            replace(one, vehicle=goes[one.vehicle], driver=paper.vehicles[goes[one.vehicle]].driver_id)
            if one.wave == mine.wave and one.vehicle in goes
            else one
            for one in paper.drafts
        )

    return _change(delivery_round, seen, at, by, roads, exchanged)


def change_driver(
    *,
    delivery_round: DeliveryRound,
    tour: TourKey,
    driver: int | None,
    seen: int,
    at: datetime,
    by: User | None,
    roads: MatrixProvider,
) -> PlanVersion:
    """Another driver of the region drives the tour, or nobody yet."""

    def handed(paper: Layout) -> Drafts:
        mine = {"region": paper.round.region_id, "role": Role.DRIVER, "user": driver}
        if driver is not None and not Membership.objects.filter(**mine).exists():
            raise ChangeRefused(_("This person does not drive for the region."))
        return _with(paper.drafts, replace(_tour(paper, tour), driver=driver))

    return _change(delivery_round, seen, at, by, roads, handed)


def take_back(
    *, delivery_round: DeliveryRound, number: int, seen: int, at: datetime, by: User | None, roads: MatrixProvider
) -> PlanVersion:
    """An earlier plan counts again: its tours, as far as their vehicles and calls still exist; what is new is on no tour."""

    def earlier(paper: Layout) -> Drafts:
        kept = PlanVersion.objects.filter(round=paper.round, number=number).first()
        if kept is None:
            raise ChangeRefused(_("There is no such plan."))
        found = (
            Draft(
                vehicle=told["vehicle"],
                wave=told["wave"],
                trip=told["trip"],
                keys=tuple(key for key in told["keys"] if key in paper.calls),
                driver=told["driver"],
                locked=told["locked"],
                pinned=frozenset(told["pinned"]),
            )
            for told in kept.arrangement
        )
        return tuple(draft for draft in found if draft.vehicle in paper.vehicles)

    return _change(delivery_round, seen, at, by, roads, earlier, origin=Origin.TAKEN_BACK)


def drawn(*, paper: Layout, drafts: Sequence[Draft], roads: MatrixProvider) -> tuple[Plan, list[Violation]]:
    """The plan of these tours with its times, and what it does not keep."""
    # All vehicles, as in the search: the road server is asked about the same places, and its answer is still known.
    problem = replace(paper, drafts=tuple(drafts)).problem(vehicles=list(paper.vehicles.values()))
    placed = {key for draft in drafts for key in draft.keys}
    told = {left["key"]: Reason(left["reason"]) for left in paper.round.plan.get("unserved", [])}
    left = [Unserved(key, told.get(key, Reason.BY_HAND)) for key in paper.calls if key not in placed]
    matrices = Matrices.of(problem=problem, provider=roads)
    plan = arrange(problem=problem, matrices=matrices, tours=[draft.arranged for draft in drafts], left=left)
    return plan, violations(problem=problem, plan=plan, matrices=matrices)


@transaction.atomic
def _change(
    delivery_round: DeliveryRound,
    seen: int,
    at: datetime,
    by: User | None,
    roads: MatrixProvider,
    change: Change,
    origin: str = Origin.BY_HAND,
) -> PlanVersion:
    locked = rounds.lock(round_id=delivery_round.pk)
    if locked.status not in CHANGEABLE:
        raise ChangeRefused(_("Tours can be changed once they are planned, and until the round is over."))
    if rows.number(round_id=locked.pk) != seen:
        raise Outdated(_("Somebody else has changed the plan in the meantime. Please look at it again; nothing was changed."))
    paper = layout.load(delivery_round=DeliveryRound.objects.select_related("region", "rule").get(pk=locked.pk))
    drafts = layout.renumbered(drafts=change(paper))
    plan, found = drawn(paper=paper, drafts=drafts, roads=roads)
    _refuse_impossible(paper, plan, found)
    kept = rows.store(layout=paper, locked=locked, drawn=plan, found=found, drafts=drafts, origin=origin, at=at, by=by)
    audit.record(action="round.plan_changed", target=locked, at=at, by=by, old={"plan": seen}, new={"plan": kept.number})
    return kept


def _refuse_impossible(paper: Layout, plan: Plan, found: Sequence[Violation]) -> None:
    names = {str(pk): row.name for pk, row in paper.vehicles.items()}
    if told := faults.refusals(found=found, calls=paper.calls, vehicles=names):
        raise ChangeRefused(" ".join(told))
    if any(tour.distance_m >= UNREACHABLE_METRES for tour in plan.tours):
        raise ChangeRefused(_("No road leads there."))


def _moved(paper: Layout, key: str, to: TourKey | None, place: int | None, roads: MatrixProvider) -> Drafts:
    if key not in paper.calls:
        raise ChangeRefused(_("This stop is no longer part of the plan."))
    rest = tuple(replace(draft, keys=tuple(one for one in draft.keys if one != key)) for draft in paper.drafts)
    if to is None:
        return rest
    vehicle, wave, trip = to
    if vehicle not in paper.vehicles:
        raise ChangeRefused(_("This vehicle is not in use."))
    begun = Draft(vehicle=vehicle, wave=wave, trip=trip, keys=(), driver=paper.vehicles[vehicle].driver_id)
    target = next((draft for draft in rest if draft.tour == to), begun)
    spot = best_place(paper=paper, drafts=rest, target=target, key=key, roads=roads) if place is None else place - 1
    spot = max(0, min(len(target.keys), spot))
    return _with(rest, replace(target, keys=(*target.keys[:spot], key, *target.keys[spot:])))


def best_place(*, paper: Layout, drafts: Sequence[Draft], target: Draft, key: str, roads: MatrixProvider) -> int:
    """Before which stop of the tour the call makes the fewest people late, and then costs the fewest metres."""
    day = [draft for draft in drafts if draft.vehicle == target.vehicle and draft.tour != target.tour and draft.keys]
    problem = paper.problem(vehicles=[paper.vehicles[target.vehicle]])
    wanted = {key, *target.keys, *(one for draft in day for one in draft.keys)}
    problem = replace(problem, jobs=tuple(job for job in problem.jobs if job.key in wanted))
    matrices = Matrices.of(problem=problem, provider=roads)
    found = []
    for spot in range(len(target.keys) + 1):
        tried = replace(target, keys=(*target.keys[:spot], key, *target.keys[spot:]))
        plan = arrange(problem=problem, matrices=matrices, tours=[draft.arranged for draft in (*day, tried)])
        broken = violations(problem=problem, plan=plan, matrices=matrices)
        found.append((len(broken), plan.distance_m, spot))
    return min(found)[2]


def _where(paper: Layout, key: str) -> Draft:
    if draft := paper.where(key):
        return draft
    raise ChangeRefused(_("This stop is on no tour that could still be changed."))


def _tour(paper: Layout, tour: TourKey) -> Draft:
    if draft := next((draft for draft in paper.drafts if draft.tour == tour), None):
        return draft
    raise ChangeRefused(_("This tour can no longer be changed."))


def _with(drafts: Sequence[Draft], changed: Draft) -> Drafts:
    return (*(draft for draft in drafts if draft.tour != changed.tour), changed)
