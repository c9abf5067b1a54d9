"""Who hands goods out at a pickup point, when the hub was through with a round, and how cold the goods were on their way."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from logistics.model_parts.deliveries import Collection
from logistics.model_parts.rounds import DeliveryRound, PickupPoint
from logistics.model_parts.tours import Tour


class PickupHost(models.Model):
    """A person who hands out goods at a pickup point; invited by e-mail, host from the moment the invitation is accepted."""

    pickup_point = models.ForeignKey(PickupPoint, on_delete=models.CASCADE, related_name="hosts")
    email = models.EmailField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="hosted_points"
    )
    invited_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    #: when the mail with the invitation went out
    asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pickup_point", "email"], name="host_invited_once_a_point"),
            models.UniqueConstraint(fields=["pickup_point", "user"], condition=Q(user__isnull=False), name="host_once_a_point"),
            models.CheckConstraint(
                condition=Q(user__isnull=False, accepted_at__isnull=False) | Q(user__isnull=True, accepted_at__isnull=True),
                name="accepted_host_is_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.pickup_point}"


class HubCheck(models.Model):
    """That all goods of a round were looked at in the hub; whatever had not come by then is missing."""

    round = models.OneToOneField(DeliveryRound, on_delete=models.CASCADE, related_name="hub_check")
    finished_at = models.DateTimeField()
    finished_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.round} {self.finished_at:%H:%M}"


class ColdLimits(models.Model):
    """How warm chilled and frozen goods may be on their way in a region, in tenths of a degree Celsius."""

    region = models.OneToOneField("regions.Region", on_delete=models.CASCADE, related_name="cold_limits")
    cool_at_most = models.SmallIntegerField(default=70)
    frozen_at_most = models.SmallIntegerField(default=-180)
    #: so much warmer frozen goods may be for a short while on the road
    frozen_tolerance = models.PositiveSmallIntegerField(default=30)

    def __str__(self) -> str:
        return f"{self.cool_at_most / 10} °C, {self.frozen_at_most / 10} °C"


class Reading(models.Model):
    """A temperature that somebody read somewhere on the goods' way, once, however often a phone sends it."""

    class Place(models.TextChoices):
        """Where it was read."""

        PRODUCER = "producer", _("at the producer")
        HUB = "hub", _("at the hub")
        VEHICLE = "vehicle", _("in the vehicle")
        POINT = "point", _("at the pickup point")

    class Storage(models.TextChoices):
        """Which goods."""

        COOL = "cool", _("chilled")
        FROZEN = "frozen", _("frozen")

    uuid = models.UUIDField(primary_key=True)
    round = models.ForeignKey(DeliveryRound, on_delete=models.CASCADE, related_name="readings")
    place = models.CharField(max_length=8, choices=Place.choices)
    storage = models.CharField(max_length=6, choices=Storage.choices)
    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, null=True, blank=True, related_name="readings")
    tour = models.ForeignKey(Tour, on_delete=models.SET_NULL, null=True, blank=True, related_name="readings")
    pickup_point = models.ForeignKey(PickupPoint, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    #: tenths of a degree Celsius
    tenths = models.SmallIntegerField()
    measured_at = models.DateTimeField()  # by the phone's clock, never later than ours
    received_at = models.DateTimeField()  # by ours
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    #: when the office was written to because it was too warm
    office_told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(tenths__gte=-600, tenths__lte=600), name="reading_is_of_this_world"),
            models.CheckConstraint(
                condition=Q(place="producer", collection__isnull=False) | ~Q(place="producer"),
                name="reading_at_a_producer_says_whose",
            ),
            models.CheckConstraint(
                condition=Q(place="point", pickup_point__isnull=False) | ~Q(place="point"), name="reading_at_a_point_says_which"
            ),
        ]
        indexes = [models.Index(fields=["round", "measured_at"], name="reading_by_round")]

    def __str__(self) -> str:
        return f"{self.get_place_display()}: {self.tenths / 10:.1f} °C"
