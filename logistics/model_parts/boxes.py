"""The boxes that a producer packs for a customer, and what anybody saw of them on their way."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from logistics.model_parts.deliveries import Collection, Delivery
from logistics.model_parts.rounds import DeliveryRound, PickupPoint
from logistics.model_parts.tours import Stop


class Box(models.Model):
    """One producer's goods for one customer in one container, with a label. What is chilled never shares a box with the rest.

    `status` follows from the events (`logistics.boxes`); nobody sets it by hand.
    """

    class Status(models.TextChoices):
        """Where the box is."""

        EXPECTED = "expected", _("to be packed")
        PACKED = "packed", _("packed")
        COLLECTED = "collected", _("on the way to the hub")
        AT_HUB = "at_hub", _("at the hub")
        LOADED = "loaded", _("in the vehicle")
        AT_POINT = "at_point", _("at the pickup point")
        RETURNED = "returned", _("brought back")
        HANDED_OVER = "handed_over", _("handed over")
        MISSING = "missing", _("missing")
        #: nothing of what belongs in it was packed
        EMPTY = "empty", _("stays empty")

    round = models.ForeignKey(DeliveryRound, on_delete=models.PROTECT, related_name="boxes")
    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="boxes")
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="boxes")
    number = models.PositiveSmallIntegerField()
    is_cold = models.BooleanField(default=False)
    #: four letters under the square code, for those who cannot scan it
    code = models.CharField(max_length=4)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.EXPECTED)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "code"], name="box_code_once_a_round"),
            models.UniqueConstraint(fields=["collection", "delivery", "number"], name="box_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.status})"


class BoxEvent(models.Model):
    """What somebody saw of a box, once, however often a phone sends it. Never changed; a slip is undone by another event."""

    class Kind(models.TextChoices):
        """What was seen."""

        EMPTY = "empty", _("stays empty")
        PACKED = "packed", _("packed")
        COLLECTED = "collected", _("taken along by the driver")
        AT_HUB = "at_hub", _("has come to the hub")
        LOADED = "loaded", _("loaded")
        AT_POINT = "at_point", _("put on the shelf of the pickup point")
        RETURNED = "returned", _("brought back")
        HANDED_OVER = "handed_over", _("handed over")
        MISSING = "missing", _("was not there")
        UNDO = "undo", _("was a slip")

    uuid = models.UUIDField(primary_key=True)
    box = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    #: of a missing box: what would have been seen had it been there
    instead_of = models.CharField(max_length=12, choices=Kind.choices, blank=True)
    #: of an undone event: which one
    undoes = models.UUIDField(null=True, blank=True)
    stop = models.ForeignKey(Stop, on_delete=models.SET_NULL, null=True, blank=True, related_name="box_events")
    pickup_point = models.ForeignKey(PickupPoint, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    reported_at = models.DateTimeField()  # by the phone's clock
    received_at = models.DateTimeField()  # by ours
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind="missing") & ~Q(instead_of="")) | (~Q(kind="missing") & Q(instead_of="")),
                name="missing_box_says_where_it_was_missed",
            ),
            models.CheckConstraint(
                condition=Q(kind="undo", undoes__isnull=False) | (~Q(kind="undo") & Q(undoes__isnull=True)),
                name="undo_says_what_it_undoes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"
