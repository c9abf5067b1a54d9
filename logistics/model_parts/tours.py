"""Vehicles, their tours and stops, and what the driver reports."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from logistics.model_parts.rounds import DeliveryRound


class Vehicle(models.Model):
    """What drives the rounds. Space in crates of 40 litres."""

    class Profile(models.TextChoices):
        """How it moves."""

        VAN = "van", _("van")
        CAR = "car", _("car")
        BIKE = "bike", _("cargo bike")

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="vehicles", verbose_name=_("region"))
    name = models.CharField(_("name"), max_length=100)
    profile = models.CharField(_("kind"), max_length=8, choices=Profile.choices, default=Profile.VAN)
    capacity_crates = models.PositiveSmallIntegerField(_("crates"))
    capacity_cold = models.PositiveSmallIntegerField(_("chilled crates"), default=0)
    carries_frozen = models.BooleanField(_("carries frozen goods"), default=False)
    #: compared with `PickupPoint.needs`
    equipment = models.CharField(
        _("equipment"), max_length=120, blank=True, help_text=_("What places may ask for, with commas: tail lift, narrow.")
    )
    shift_starts = models.TimeField(_("shift from"))
    shift_ends = models.TimeField(_("shift until"))
    break_minutes = models.PositiveSmallIntegerField(
        _("break in minutes"),
        default=0,
        validators=[MaxValueValidator(120)],
        help_text=_("From six hours on the law asks for 30."),
    )
    #: none is the hub
    starts_in = models.ForeignKey(
        "regions.Municipality", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("starts in")
    )
    ends_in = models.ForeignKey(
        "regions.Municipality", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("ends in")
    )
    max_trips = models.PositiveSmallIntegerField(
        _("tours a day from the hub"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text=_("More than one: it comes back to the hub to load again."),
    )
    speed_percent = models.PositiveSmallIntegerField(
        _("speed in percent of what is usual for its kind"),
        default=100,
        validators=[MinValueValidator(20), MaxValueValidator(200)],
    )
    detour_percent = models.PositiveSmallIntegerField(
        _("length of its ways in percent of the usual ones"),
        default=100,
        validators=[MinValueValidator(80), MaxValueValidator(200)],
    )
    max_distance_m = models.PositiveIntegerField(_("range in metres"), null=True, blank=True)
    capacity_g = models.PositiveIntegerField(_("load in grams"), null=True, blank=True)
    fixed_cost_m = models.PositiveIntegerField(_("cost of use in metres"), default=3000)
    #: none is what the region reckons with (`RoadCosts`)
    euro_per_km = models.DecimalField(
        _("Euros for each kilometre"), max_digits=5, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    euro_per_hour = models.DecimalField(
        _("Euros for each hour"), max_digits=5, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    driver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("usual driver"),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    def __str__(self) -> str:
        return self.name


class Tour(models.Model):
    """One vehicle's route in a round: the collecting wave to the hub, the delivering wave from it, or both in one without it."""

    class Wave(models.TextChoices):
        """Which way the goods go."""

        COLLECT = "collect", _("collect")
        DELIVER = "deliver", _("deliver")
        DIRECT = "direct", _("fetch and bring")

    class Status(models.TextChoices):
        """How far the tour is."""

        PLANNED = "planned", _("planned")
        UNDER_WAY = "under_way", _("under way")
        DONE = "done", _("done")

    TRANSITIONS = {
        Status.PLANNED: frozenset({Status.UNDER_WAY}),
        Status.UNDER_WAY: frozenset({Status.DONE}),
    }

    round = models.ForeignKey(DeliveryRound, on_delete=models.CASCADE, related_name="tours")
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="tours")
    driver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="tours")
    wave = models.CharField(max_length=8, choices=Wave.choices)
    #: a vehicle that comes back to the hub to load again drives a second tour of the same wave
    trip = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    distance_m = models.PositiveIntegerField()
    #: when the driver has the break, if it falls into this tour
    break_at = models.DateTimeField(null=True, blank=True)
    #: planning anew leaves it as it is
    is_locked = models.BooleanField(default=False)
    #: what is not kept since somebody changed the plan by hand: fault and stop each
    faults = models.JSONField(default=list)
    started_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    #: latitude and longitude of points on the roads along it, empty without any; asked for once after each change of plan
    way = models.JSONField(default=list)
    way_asked_at = models.DateTimeField(null=True, blank=True)
    #: engine, version, seed, iterations, matrix hash, whether times are estimates: the same input gives the same plan
    plan = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "vehicle", "wave", "trip"], name="one_tour_a_vehicle_wave_and_trip"),
            models.CheckConstraint(condition=~Q(status="done") | Q(done_at__isnull=False), name="done_tour_says_when"),
        ]

    def __str__(self) -> str:
        return f"{self.vehicle} · {self.get_wave_display()}"


class Stop(models.Model):
    """One halt of a tour: a producer, a door or a pickup point (with all its deliveries)."""

    class Kind(models.TextChoices):
        """What happens there."""

        COLLECT = "collect", _("collect")
        DELIVER = "deliver", _("deliver")
        PICKUP = "pickup", _("stock the pickup point")

    tour = models.ForeignKey(Tour, on_delete=models.CASCADE, related_name="stops")
    sequence = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=250)
    address = models.CharField(max_length=300)
    latitude = models.FloatField()
    longitude = models.FloatField()
    planned_arrival = models.DateTimeField()
    planned_departure = models.DateTimeField()
    distance_m = models.PositiveIntegerField(default=0)
    #: planning anew leaves it on its vehicle
    is_locked = models.BooleanField(default=False)
    arrived_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    #: when the driver last chose to come back later; such stops come last
    put_off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tour", "sequence"], name="one_stop_a_sequence")]

    def __str__(self) -> str:
        return f"{self.sequence}. {self.name}"


class StopEvent(models.Model):
    """What a driver's phone reported, once, however often it was sent."""

    uuid = models.UUIDField(primary_key=True)
    stop = models.ForeignKey(Stop, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=20)
    reported_at = models.DateTimeField()  # by the phone's clock
    received_at = models.DateTimeField()  # by ours
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    data = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"
