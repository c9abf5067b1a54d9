"""Says in words what a plan does not keep, and which of it no vehicle can do at all."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from logistics.jobs import Call
from logistics.models import Tour
from logistics.routing import Fault, PlannedTour, Violation

#: what cannot be done, whoever wants it
PHYSICAL = frozenset({Fault.CRATES, Fault.COLD, Fault.WEIGHT, Fault.SKILL, Fault.WRONG_WAVE, Fault.TOO_FAR, Fault.TRIPS})
SENTENCES = {
    Fault.CRATES: gettext_lazy("more crates than fit in."),
    Fault.COLD: gettext_lazy("more chilled crates than it has room for."),
    Fault.WEIGHT: gettext_lazy("heavier than it may be loaded."),
    Fault.SKILL: gettext_lazy("it lacks what is needed there: room for frozen goods, or equipment."),
    Fault.WRONG_WAVE: gettext_lazy("goods are collected before they are delivered."),
    Fault.TOO_FAR: gettext_lazy("farther than the vehicle can drive."),
    Fault.TRIPS: gettext_lazy("it may not come back to the hub so often."),
    Fault.WINDOW: gettext_lazy("later than the time window."),
    Fault.SHIFT: gettext_lazy("back after the end of the shift."),
    Fault.HUB: gettext_lazy("the goods are at the hub too late to be sorted."),
    Fault.BREAK: gettext_lazy("no break within six hours."),
}


def stored(
    *, found: Iterable[Violation], tours: Sequence[PlannedTour], calls: Mapping[str, Call]
) -> dict[tuple[str, str, int], list[dict[str, Any]]]:
    """What is kept with each tour, by vehicle, wave and trip: the call's name where it is about one call."""
    kept: dict[tuple[str, str, int], list[dict[str, Any]]] = {}
    for one in found:
        for tour in tours:
            on_it = one.job_key is None or any(stop.job_key == one.job_key for stop in tour.stops)
            if tour.vehicle_key == one.vehicle_key and on_it:
                call = calls.get(one.job_key or "")
                entry = {"fault": str(one.fault), "key": one.job_key or "", "name": call.name if call else ""}
                kept.setdefault((tour.vehicle_key, str(tour.wave), tour.trip), []).append(entry)
                break
    return kept


def sentences(*, tour: Tour) -> list[str]:
    """What the tour does not keep, one sentence each."""
    return [_told(entry.get("name") or tour.vehicle.name, entry["fault"]) for entry in tour.faults]


def refusals(*, found: Iterable[Violation], calls: Mapping[str, Call], vehicles: Mapping[str, str]) -> list[str]:
    """A sentence for everything that no vehicle can do."""
    told = []
    for one in found:
        if one.fault in PHYSICAL:
            call = calls.get(one.job_key or "")
            name = call.name if call else vehicles.get(one.vehicle_key or "", "")
            told.append(_told(name, one.fault))
    return list(dict.fromkeys(told))


def _told(name: str, fault: str) -> str:
    return _("%(name)s: %(reason)s") % {"name": name, "reason": SENTENCES[Fault(fault)]}
