"""Places and goods that are kept for somebody for a while, and who waits for one."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from logistics.model_parts.rounds import DeliveryWindow


class Reservation(models.Model):
    """A place in a window, and the goods of a basket, kept during the checkout. It counts as taken until it is given back.

    Whoever changes or ends it locks the basket first. With an `offer` the place is that of the waiting list and stays with it.
    """

    basket = models.OneToOneField("basket.Basket", on_delete=models.CASCADE, related_name="reservation")
    window = models.ForeignKey(DeliveryWindow, on_delete=models.CASCADE, related_name="reservations")
    #: when it was first kept: nobody keeps goods for ever by looking at them again
    since = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    #: the room that is kept with it
    crates = models.PositiveSmallIntegerField(default=0)
    cold_crates = models.PositiveSmallIntegerField(default=0)
    weight_g = models.PositiveIntegerField(default=0)
    offer = models.OneToOneField(
        "logistics.WaitingEntry", on_delete=models.SET_NULL, null=True, blank=True, related_name="reservation"
    )

    def __str__(self) -> str:
        return f"{self.basket_id}: {self.window}"


class ReservedStock(models.Model):
    """How much of an article a reservation keeps."""

    reservation = models.ForeignKey(Reservation, on_delete=models.CASCADE, related_name="stock")
    stockrecord = models.ForeignKey("partner.StockRecord", on_delete=models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reservation", "stockrecord"], name="reserved_once")]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.stockrecord_id}"


class WaitingEntry(models.Model):
    """Somebody who waits for a place in a full window. While it is offered, the place counts as taken."""

    class Status(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("waiting")
        OFFERED = "offered", _("offered")
        TAKEN = "taken", _("taken")
        EXPIRED = "expired", _("expired")
        WITHDRAWN = "withdrawn", _("withdrawn")

    TRANSITIONS = {
        Status.WAITING: frozenset({Status.OFFERED, Status.WITHDRAWN, Status.EXPIRED}),
        Status.OFFERED: frozenset({Status.TAKEN, Status.EXPIRED, Status.WITHDRAWN}),
    }

    window = models.ForeignKey(DeliveryWindow, on_delete=models.CASCADE, related_name="waiting")
    email = models.EmailField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    entered_at = models.DateTimeField()
    #: when the mail with the confirming link went out; only for addresses without an account
    asked_back_at = models.DateTimeField(null=True, blank=True)
    #: nobody gets a place, or a further mail, before the owner of the address has said yes
    confirmed_at = models.DateTimeField(null=True, blank=True)
    offered_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["window", "email"], condition=Q(status__in=["waiting", "offered"]), name="waits_once_for_a_window"
            ),
            models.CheckConstraint(
                condition=~Q(status="offered") | Q(offered_at__isnull=False, expires_at__isnull=False),
                name="offered_place_says_until_when",
            ),
            models.CheckConstraint(
                condition=~Q(status="offered") | Q(confirmed_at__isnull=False), name="only_confirmed_waiting_is_offered"
            ),
        ]
        indexes = [models.Index(fields=["window", "status", "entered_at"], name="waiting_by_window")]

    def __str__(self) -> str:
        return f"{self.window_id}: {self.status}"


class AreaInterest(models.Model):
    """Somebody at an address that no round serves yet, who wants to know when one does."""

    region = models.ForeignKey("regions.Region", on_delete=models.CASCADE, related_name="area_interests")
    email = models.EmailField()
    postal_code = models.CharField(max_length=5)
    place = models.CharField(max_length=100, blank=True)
    entered_at = models.DateTimeField()
    #: when the mail with the confirming link went out; only for addresses without an account
    asked_back_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    #: when it was written that a round comes there
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "email", "postal_code"], name="interest_once_a_place"),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True) | Q(confirmed_at__isnull=False), name="only_confirmed_interest_is_told"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.postal_code} {self.place}"
