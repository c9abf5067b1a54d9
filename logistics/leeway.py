"""Decides what customers may do themselves with an order of a round until its cut-off, and in which words they are told.

What a round announced holds for everybody who has ordered for it: it is never taken back from them (docs/adr/0037). The market's
own people may change and cancel all the time, and the right of withdrawal (section 312g BGB) does not depend on any of this.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from logistics import daytime, rounds
from logistics.models import DeliveryRound
from marketplace.core import audit, wording
from marketplace.regions.models import Region
from marketplace.users.models import User


class NotLaidDown(Exception):
    """It stays as it was; the message is for the office."""


def sentence(*, delivery_round: DeliveryRound, region: Region) -> str:
    """What customers may do with an order of the round, until when, and whom they ask for the rest."""
    told = {**_whom(region), "until": _until(delivery_round)}
    match delivery_round.customers_may_change, delivery_round.customers_may_cancel:
        case True, True:
            return _("Until %(until)s you can add to your order, change or cancel it free of charge.") % told
        case True, False:
            text = _(
                "Until %(until)s you can add to your order and change it. To cancel it, please call us, %(phone)s, or write to "
                "%(email)s."
            )
        case False, True:
            text = _(
                "Until %(until)s you can cancel your order free of charge. For any change please call us, %(phone)s, or write to "
                "%(email)s."
            )
        case _none:
            text = _(
                "You cannot change or cancel this order yourself. Until %(until)s please call us, %(phone)s, or write to "
                "%(email)s."
            )
    return text % told if delivery_round.customers_may_cancel else f"{text % told} {_untouched()}"


def refusal_to_change(*, delivery_round: DeliveryRound, region: Region) -> str:
    """Why customers cannot change an order of the round by themselves; "" when they can."""
    if delivery_round.customers_may_change:
        return ""
    return _("You cannot change this order yourself. Please call us, %(phone)s, or write to %(email)s.") % _whom(region)


def refusal_to_cancel(*, delivery_round: DeliveryRound, region: Region) -> str:
    """Why customers cannot cancel an order of the round by themselves; "" when they can."""
    if delivery_round.customers_may_cancel:
        return ""
    text = _("You cannot cancel this order yourself. Please call us, %(phone)s, or write to %(email)s.") % _whom(region)
    return f"{text} {_untouched()}"


@transaction.atomic
def lay_down(
    *, delivery_round: DeliveryRound, may_change: bool, may_cancel: bool, at: datetime, by: User | None
) -> DeliveryRound:
    """Say for one round what customers may do themselves, whatever its plan says.

    Raises `NotLaidDown` for a round that is closed, and where something would be taken from somebody who has ordered already.
    """
    locked = rounds.lock(round_id=delivery_round.pk)
    if locked.status != DeliveryRound.Status.OPEN or at >= locked.cutoff_at:
        raise NotLaidDown(_("The ordering time of this round is over, so there is nothing left to allow or not."))
    old = {"change": locked.customers_may_change, "cancel": locked.customers_may_cancel}
    new = {"change": may_change, "cancel": may_cancel}
    if any(old[what] and not new[what] for what in old) and rounds.is_booked(delivery_round=locked):
        raise NotLaidDown(
            _(
                "People have ordered for this round, and they were told what they can do themselves. That cannot be taken from "
                "them. If you need the orders to stand, move the end of orders: then everybody is told."
            )
        )
    locked.customers_may_change, locked.customers_may_cancel = may_change, may_cancel
    locked.save(update_fields=["customers_may_change", "customers_may_cancel"])
    if old != new:
        audit.record(action="round.leeway", target=locked, at=at, by=by, old=old, new=new)
    return locked


def _whom(region: Region) -> dict[str, str]:
    return {"phone": region.phone, "email": region.email}


def _until(delivery_round: DeliveryRound) -> str:
    local = delivery_round.cutoff_at.astimezone(daytime.ZONE)
    return f"{wording.weekday_date(local.date())}, {wording.clock(local)}"


def _untouched() -> str:
    return _("A right of withdrawal by law is not touched by this.")
