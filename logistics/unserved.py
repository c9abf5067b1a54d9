"""Says to the office which calls of a round are on no tour, and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from logistics.jobs import Call
from logistics.models import DeliveryRound
from logistics.routing import Reason, Unserved

SENTENCES = {
    Reason.NO_VEHICLE: gettext_lazy("no vehicle is in use that could drive."),
    Reason.NO_SKILL: gettext_lazy("no vehicle in use has what is needed: room for frozen goods, or equipment."),
    Reason.TOO_LARGE: gettext_lazy("more crates, or more chilled ones, than fit into any vehicle."),
    Reason.WINDOW_UNREACHABLE: gettext_lazy("no vehicle can be there within the time window."),
    Reason.BACK_AFTER_SHIFT: gettext_lazy("no driver would be back before the end of the shift."),
    Reason.HUB_TIMES: gettext_lazy("does not fit the time by which goods must be at, or leave, the hub."),
    Reason.TOO_FAR: gettext_lazy("farther than any vehicle may drive."),
    Reason.NO_BREAK: gettext_lazy("does not fit in beside the driver's break."),
    Reason.BY_HAND: gettext_lazy("was taken off the plan by hand, or came in later."),
    Reason.ROUND_FULL: gettext_lazy("the vehicles are full, or their drivers have no time left."),
}


def stored(calls_left: Sequence[Unserved], calls: Mapping[str, Call]) -> list[dict[str, Any]]:
    """The plain values that are kept with the round."""
    return [
        {"key": left.job_key, "kind": str(calls[left.job_key].kind), "name": calls[left.job_key].name, "reason": str(left.reason)}
        for left in calls_left
    ]


def first(*, delivery_round: DeliveryRound, most: int = 30) -> list[str]:
    """The first of these sentences, and how many more there are."""
    found = sentences(delivery_round=delivery_round)
    more = len(found) - most
    if more <= 0:
        return found
    words = ngettext("… and %(number)s more", "… and %(number)s more", more) % {"number": more}
    return [*found[:most], words]


def sentences(*, delivery_round: DeliveryRound) -> list[str]:
    """One sentence for each call of the present plan that is on no tour, in the language of whoever reads it."""
    return [
        _("%(name)s: %(reason)s") % {"name": left["name"], "reason": SENTENCES[Reason(left["reason"])]}
        for left in delivery_round.plan.get("unserved", [])
    ]
