"""When and where a region delivers, and how much fits in."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from marketplace.partner.models import Partner


class PickupPoint(models.Model):
    """A place where customers fetch their crates."""

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="pickup_points", verbose_name=_("region"))
    municipality = models.ForeignKey(
        "regions.Municipality", on_delete=models.PROTECT, related_name="pickup_points", verbose_name=_("municipality")
    )
    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("slug"))
    street = models.CharField(_("street"), max_length=200)
    postal_code = models.CharField(_("postal code"), max_length=5)
    city = models.CharField(_("city"), max_length=100)
    latitude = models.FloatField(_("latitude"))
    longitude = models.FloatField(_("longitude"))
    opening_text = models.CharField(_("opening hours"), max_length=200, blank=True)
    access_note = models.CharField(_("access"), max_length=200, blank=True)
    cold_storage = models.BooleanField(_("can keep goods chilled"), default=False)
    #: compared with `Vehicle.equipment`
    needs = models.CharField(
        _("what a vehicle must have"), max_length=120, blank=True, help_text=_("With commas, as it is written with the vehicles.")
    )
    #: what nobody has fetched so many hours after the window has ended goes back
    kept_hours = models.PositiveSmallIntegerField(_("hours for which goods are kept after the window"), default=24)
    #: how much fits in for one round; empty is no limit
    capacity_orders = models.PositiveSmallIntegerField(_("orders for each round"), null=True, blank=True)
    capacity_crates = models.PositiveSmallIntegerField(_("crates for each round"), null=True, blank=True)
    capacity_cold = models.PositiveSmallIntegerField(_("chilled crates for each round"), null=True, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("pickup point")
        verbose_name_plural = _("pickup points")
        constraints = [models.UniqueConstraint(fields=["region", "slug"], name="pickup_point_once_a_region")]

    def __str__(self) -> str:
        return self.name


class RoundRule(models.Model):
    """The rule from which rounds arise by themselves."""

    class Frequency(models.TextChoices):
        """How often."""

        WEEKLY = "weekly", _("every week")
        FORTNIGHTLY = "fortnightly", _("every two weeks")
        MONTHLY = "monthly", _("once a month")
        ONCE = "once", _("only once")

    class OnHoliday(models.TextChoices):
        """What becomes of a delivery day that is a public holiday."""

        KEEP = "keep", _("deliver all the same")
        BEFORE = "before", _("on the working day before")
        AFTER = "after", _("on the working day after")
        SKIP = "skip", _("no round")

    class WeekOfMonth(models.IntegerChoices):
        """Which weekday of a month, for plans of once a month."""

        FIRST = 1, _("the first")
        SECOND = 2, _("the second")
        THIRD = 3, _("the third")
        FOURTH = 4, _("the fourth")
        LAST = -1, _("the last")

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="round_rules", verbose_name=_("region"))
    name = models.CharField(_("name"), max_length=100)
    frequency = models.CharField(_("how often"), max_length=12, choices=Frequency.choices, default=Frequency.WEEKLY)
    first_day = models.DateField(_("first delivery day"), help_text=_("Its weekday is the weekday of all rounds of this rule."))
    week_of_month = models.SmallIntegerField(
        _("which one of the month"), choices=WeekOfMonth.choices, null=True, blank=True, help_text=_("Only for once a month.")
    )
    last_day = models.DateField(_("last delivery day"), null=True, blank=True)
    on_holiday = models.CharField(_("on public holidays"), max_length=6, choices=OnHoliday.choices, default=OnHoliday.KEEP)
    cutoff_hours = models.PositiveSmallIntegerField(
        _("hours from the cut-off to midnight before the delivery day"), help_text=_("30 means 18:00 two days before.")
    )
    confirm_hours = models.PositiveSmallIntegerField(
        _("hours after the cut-off in which producers may say what they do not have"),
        default=2,
        help_text=_("Silence confirms everything. Packing may begin before."),
    )
    announce_days = models.PositiveSmallIntegerField(_("days ahead in which rounds are announced"), default=21)
    minimum_order = models.DecimalField(_("minimum order"), max_digits=6, decimal_places=2, default=0)
    customers_may_change = models.BooleanField(_("customers may change their orders themselves"), default=True)
    customers_may_cancel = models.BooleanField(_("customers may cancel their orders themselves"), default=True)
    is_direct = models.BooleanField(
        _("straight from the farms to the customers, without the hub"),
        default=False,
        help_text=_("For small rounds, hot or late goods: one vehicle fetches and brings everything that belongs together."),
    )
    collect_from = models.TimeField(_("goods are fetched from the farms from"), null=True, blank=True)
    collect_until = models.TimeField(_("goods are fetched from the farms until"), null=True, blank=True)
    hub_open_from = models.TimeField(_("hub opens at"))
    hub_sorted_by = models.TimeField(_("goods are sorted by"))
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(frequency="monthly", week_of_month__isnull=False)
                | (~Q(frequency="monthly") & Q(week_of_month__isnull=True)),
                name="monthly_rule_says_which_week",
                violation_error_message=_("Please say which one of the month."),
            ),
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day")),
                name="rule_ends_after_start",
                violation_error_message=_("The last delivery day lies before the first."),
            ),
            models.CheckConstraint(
                condition=Q(collect_from__isnull=True) | Q(collect_until__isnull=True) | Q(collect_until__gt=F("collect_from")),
                name="rule_collects_until_after_from",
                violation_error_message=_("Fetching goods from the farms ends before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RuleWindow(models.Model):
    """A window that each round of a rule offers: at home, or at a pickup point."""

    rule = models.ForeignKey(RoundRule, on_delete=models.CASCADE, related_name="windows")
    pickup_point = models.ForeignKey(PickupPoint, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    #: the goods of this producer, fetched at the farm
    partner = models.ForeignKey("partner.Partner", on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))
    capacity = models.PositiveSmallIntegerField(_("places"))
    capacity_crates = models.PositiveSmallIntegerField(_("crates"), null=True, blank=True)
    fee = models.DecimalField(_("fee"), max_digits=6, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="rule_window_ends_after_start"),
            models.CheckConstraint(
                condition=Q(pickup_point__isnull=True) | Q(partner__isnull=True), name="rule_window_is_at_one_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts:%H:%M}–{self.ends:%H:%M}"


class RuleArea(models.Model):
    """Villages and postal codes to which the rounds of a rule drive, with what it costs there.

    A rule without areas drives to all of its region for the fee of the window. Otherwise the fee of the area comes on top.
    """

    rule = models.ForeignKey(RoundRule, on_delete=models.CASCADE, related_name="areas")
    name = models.CharField(_("name"), max_length=100)
    municipalities = models.ManyToManyField("regions.Municipality", related_name="+", blank=True, verbose_name=_("villages"))
    postal_codes = ArrayField(models.CharField(max_length=5), default=list, blank=True, verbose_name=_("postal codes"))
    fee = models.DecimalField(_("fee"), max_digits=6, decimal_places=2, default=0)
    minimum_order = models.DecimalField(_("minimum order"), max_digits=6, decimal_places=2, default=0)
    #: goods for so much are brought for nothing
    free_from = models.DecimalField(_("free of charge from"), max_digits=6, decimal_places=2, null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "name"], name="one_area_a_name")]

    def __str__(self) -> str:
        return self.name


class RoundException(models.Model):
    """A delivery day that is moved or does not take place, e.g. for a holiday."""

    rule = models.ForeignKey(RoundRule, on_delete=models.CASCADE, related_name="exceptions")
    day = models.DateField(_("day by the rule"))
    moved_to = models.DateField(_("moved to"), null=True, blank=True, help_text=_("Empty: no round."))
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "day"], name="one_exception_a_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.reason}"


def is_open(*, at: datetime, way: str = "") -> models.Q:
    """Whether one can order at that moment for the round that is reached that way (`round__`)."""
    asked = {"status": DeliveryRound.Status.OPEN, "opens_at__lte": at, "cutoff_at__gt": at}
    return models.Q(**{f"{way}{name}": value for name, value in asked.items()})


class DeliveryRoundQuerySet(models.QuerySet["DeliveryRound"]):
    """Rounds, as the market speaks of them."""

    def open_at(self, at: datetime) -> "DeliveryRoundQuerySet":
        """Rounds for which one can order at that moment, the next first."""
        return self.filter(is_open(at=at)).order_by("delivery_day", "pk")

    def due_to_close(self, at: datetime) -> "DeliveryRoundQuerySet":
        """Rounds whose cut-off has passed and which nobody has closed yet, the oldest first."""
        return self.filter(status=DeliveryRound.Status.OPEN, cutoff_at__lte=at).order_by("cutoff_at", "pk")


class DeliveryRound(models.Model):
    """One delivery day of a region with its ordering window."""

    class Status(models.TextChoices):
        """How far the round is."""

        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")
        PLANNED = "planned", _("tours planned")
        UNDER_WAY = "under_way", _("under way")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")

    TRANSITIONS = {
        Status.OPEN: frozenset({Status.CLOSED, Status.CANCELLED}),
        Status.CLOSED: frozenset({Status.PLANNED, Status.DONE, Status.CANCELLED}),
        Status.PLANNED: frozenset({Status.PLANNED, Status.UNDER_WAY, Status.CANCELLED}),
        Status.UNDER_WAY: frozenset({Status.DONE}),
    }

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="rounds")
    rule = models.ForeignKey(RoundRule, on_delete=models.PROTECT, related_name="rounds")
    rule_day = models.DateField()  # the day by the rule; differs from delivery_day when an exception moved it
    delivery_day = models.DateField(_("delivery day"))
    opens_at = models.DateTimeField(_("orders from"))
    cutoff_at = models.DateTimeField(_("orders until"))
    #: the office has set the cut-off of this round by hand; then it does not follow the rule
    cutoff_is_set = models.BooleanField(default=False)
    #: without the hub, as the rule said when it was announced
    is_direct = models.BooleanField(default=False)
    #: what customers may do themselves until the cut-off, as the rule said or the office for this round (see `leeway`)
    customers_may_change = models.BooleanField(default=True)
    customers_may_cancel = models.BooleanField(default=True)
    #: the areas as they were announced (see `tariffs`): name, municipalities, postal_codes, fee, minimum_order, free_from each
    areas = models.JSONField(default=list, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.OPEN)
    closed_at = models.DateTimeField(null=True, blank=True)
    planned_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    #: how the tours were planned: engine, version, seed, iterations, matrix hash, and which stops are on no tour and why
    plan = models.JSONField(default=dict, blank=True)

    objects = DeliveryRoundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "rule_day"], name="one_round_a_rule_and_day"),
            models.CheckConstraint(condition=Q(cutoff_at__gt=F("opens_at")), name="round_closes_after_it_opens"),
            models.CheckConstraint(
                condition=Q(status__in=["open", "cancelled"]) | Q(closed_at__isnull=False), name="closed_round_says_when"
            ),
            models.CheckConstraint(condition=~Q(status="done") | Q(done_at__isnull=False), name="done_round_says_when"),
        ]
        indexes = [models.Index(fields=["region", "status", "cutoff_at"], name="round_by_region")]

    def __str__(self) -> str:
        return f"{self.rule} {self.delivery_day:%d.%m.%Y}"


class DeliveryWindow(models.Model):
    """A stretch of time of a round, at home or at a pickup point, with so many places. Never overbooked."""

    round = models.ForeignKey(DeliveryRound, on_delete=models.CASCADE, related_name="windows")
    pickup_point = models.ForeignKey(PickupPoint, on_delete=models.PROTECT, null=True, blank=True, related_name="windows")
    #: the goods of this producer, fetched at the farm
    partner = models.ForeignKey("partner.Partner", on_delete=models.PROTECT, null=True, blank=True, related_name="farm_windows")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    capacity = models.PositiveSmallIntegerField(_("places"))
    taken = models.PositiveSmallIntegerField(_("places taken"), default=0)
    fee = models.DecimalField(_("fee"), max_digits=6, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="window_is_never_overbooked"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="window_ends_after_start"),
            models.CheckConstraint(
                condition=Q(pickup_point__isnull=True) | Q(partner__isnull=True), name="window_is_at_one_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%H:%M}–{self.ends_at:%H:%M}"

    @property
    def free(self) -> int:
        """How many places are left."""
        return self.capacity - self.taken

    @property
    def place(self) -> "PickupPoint | Partner | None":
        """The pickup point or farm where one fetches the goods; None when they are brought."""
        return self.pickup_point or self.partner
