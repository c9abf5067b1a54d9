"""The choices that travel with an article from its page through basket and order to the paper."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Substitution(models.TextChoices):
    """What a customer wants when an article is missing in the end."""

    LEAVE_OUT = "leave_out", _("leave it out")
    SIMILAR = "similar", _("something similar from the same farm")
    ASK = "ask", _("call me")


class WithdrawalGround(models.TextChoices):
    """Why a consumer cannot withdraw from the purchase of an article; empty means that he can."""

    PERISHABLE = "perishable", _("perishable goods (section 312g (2) no. 2 BGB)")
    MADE_TO_ORDER = "made_to_order", _("made to your wishes (section 312g (2) no. 1 BGB)")
    SEALED = "sealed", _("sealed for hygiene, once opened (section 312g (2) no. 3 BGB)")
    DATED_SERVICE = "dated_service", _("service on a fixed date (section 312g (2) no. 9 BGB)")
