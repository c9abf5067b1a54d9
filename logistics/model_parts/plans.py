"""What became of the plan of a round: each one that counted, and the search that runs at present."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from logistics.model_parts.rounds import DeliveryRound


class PlanVersion(models.Model):
    """A plan that counts or has counted: its figures, and which call was where, so that it can be compared and taken back."""

    class Origin(models.TextChoices):
        """How it came about."""

        SOLVED = "solved", _("planned by the computer")
        SIMPLE = "simple", _("planned in the simple way")
        BY_HAND = "by_hand", _("changed by hand")
        TAKEN_BACK = "taken_back", _("an earlier plan")

    round = models.ForeignKey(DeliveryRound, on_delete=models.CASCADE, related_name="plan_versions")
    number = models.PositiveIntegerField()
    origin = models.CharField(max_length=10, choices=Origin.choices)
    made_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    tours = models.PositiveSmallIntegerField()
    served = models.PositiveIntegerField()
    unserved = models.PositiveIntegerField()
    distance_m = models.PositiveIntegerField()
    duration_s = models.PositiveIntegerField()
    #: whole cents by the costs of the vehicles
    cents = models.PositiveIntegerField()
    faults = models.PositiveSmallIntegerField(default=0)
    #: per tour: vehicle, wave, trip, driver, locked, and the calls in their order
    arrangement = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="plan_number_once_a_round")]

    def __str__(self) -> str:
        return f"{self.round_id}/{self.number}"


class PlanningRun(models.Model):
    """The latest search for a plan of a round: asked for, at work, over."""

    class Outcome(models.TextChoices):
        """How it ended."""

        PLANNED = "planned", _("planned")
        SIMPLE = "simple", _("planned in the simple way")
        CANCELLED = "cancelled", _("called off")
        REFUSED = "refused", _("not possible")

    round = models.OneToOneField(DeliveryRound, on_delete=models.CASCADE, related_name="planning_run")
    asked_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    begun_at = models.DateTimeField(null=True, blank=True)
    #: the worker's last sign of life
    seen_at = models.DateTimeField(null=True, blank=True)
    #: how often a worker has begun; more than once: the one before died over it
    attempts = models.PositiveSmallIntegerField(default=0)
    percent = models.PositiveSmallIntegerField(default=0)
    is_called_off = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    note = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.round_id}: {self.percent} %"
