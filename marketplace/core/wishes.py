"""The choices that travel with an article from its page through basket and order to the paper."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Substitution(models.TextChoices):
    """What a customer wants when an article is missing in the end."""

    LEAVE_OUT = "leave_out", _("leave it out")
    SIMILAR = "similar", _("something similar from the same farm")
    ASK = "ask", _("call me")


def wish_fields(*, substitution: str, note: str) -> dict[str, Any]:
    """What `components/basket_line.html` needs to ask for both."""
    return {
        "wishes": [{"value": value, "label": label, "chosen": value == substitution} for value, label in Substitution.choices],
        "wish_note": note,
        "has_wish": bool(note) or substitution != Substitution.LEAVE_OUT,
    }


class WithdrawalGround(models.TextChoices):
    """Why a consumer cannot withdraw from the purchase of an article (section 312g (2) BGB); empty means that he can."""

    # in the order of the section: no. 2, 1, 3 and 9
    PERISHABLE = "perishable", _("perishable")
    MADE_TO_ORDER = "made_to_order", _("made to your wishes")
    SEALED = "sealed", _("sealed for hygiene, once opened")
    DATED_SERVICE = "dated_service", _("service on a fixed date")
