"""Standing orders: what a customer wants again and again, on which days it came, and how it was ended."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.models import OrderTerms
from logistics.models import Delivery
from marketplace.core.wishes import Substitution


class Rhythm(models.TextChoices):
    """How often something comes."""

    WEEKLY = "weekly", _("every week")
    FORTNIGHTLY = "fortnightly", _("every two weeks")
    MONTHLY = "monthly", _("every month")


class StandingOrderQuerySet(models.QuerySet["StandingOrder"]):
    """Standing orders, as the market speaks of them."""

    def running(self) -> "StandingOrderQuerySet":
        """Those that nobody has ended, of people who are still there; paused ones too."""
        return self.filter(ended_at__isnull=True, user__is_active=True, user__erased_at__isnull=True)


class StandingOrder(models.Model):
    """What a customer wants with every delivery of one round plan, or with some of them. Address and person are copies."""

    class PauseReason(models.TextChoices):
        """Why nothing comes for a while."""

        CUSTOMER = "customer", _("paused by you")
        PAYMENT = "payment", _("paused because the payment is missing")

    number = models.CharField(max_length=12, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="standing_orders")
    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="standing_orders")
    rule = models.ForeignKey("logistics.RoundRule", on_delete=models.PROTECT, related_name="standing_orders")
    rhythm = models.CharField(_("how often"), max_length=12, choices=Rhythm.choices, default=Rhythm.WEEKLY)
    starts_on = models.DateField(_("first day"))
    # where it goes: the wish, and whether somewhere else is better than nothing
    kind = models.CharField(max_length=8, choices=Delivery.Kind.choices)
    pickup_point = models.ForeignKey("logistics.PickupPoint", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    partner = models.ForeignKey("partner.Partner", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    window_starts = models.TimeField(_("preferred time"))
    may_move = models.BooleanField(_("another pickup point will do"), default=True)
    first_name = models.CharField(_("first name"), max_length=100)
    last_name = models.CharField(_("last name"), max_length=100)
    company = models.CharField(_("company"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    street = models.CharField(_("street and number"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=5, blank=True)
    municipality = models.ForeignKey("regions.Municipality", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)
    payment = models.CharField(_("payment"), max_length=10, choices=OrderTerms.Method.choices)
    #: the age in years that whoever takes the goods has reached, as the customer confirmed
    age_confirmed = models.PositiveSmallIntegerField(default=0)
    #: the legal texts as they were accepted
    terms_accepted = models.JSONField(default=dict)
    # nothing comes on delivery days from … to …; without an end until further notice
    paused_from = models.DateField(null=True, blank=True)
    paused_until = models.DateField(null=True, blank=True)
    pause_reason = models.CharField(max_length=10, choices=PauseReason.choices, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    #: when the customer was sent what was agreed
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = StandingOrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(paused_from__isnull=True, pause_reason="", paused_until__isnull=True)
                | (Q(paused_from__isnull=False) & ~Q(pause_reason="")),
                name="standing_pause_has_begin_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(paused_until__isnull=True) | Q(paused_until__gte=models.F("paused_from")),
                name="standing_pause_ends_after_its_begin",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        """The standing order's page in the account."""
        return reverse("standing:detail", args=[self.number])

    def is_paused_on(self, day: date) -> bool:
        """Whether nothing comes on a delivery day because of a pause."""
        if self.paused_from is None or day < self.paused_from:
            return False
        return self.paused_until is None or day <= self.paused_until


class StandingLine(models.Model):
    """One article, how many and how often. Money is gross euro a piece."""

    standing = models.ForeignKey(StandingOrder, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey("catalogue.Product", on_delete=models.SET_NULL, null=True, related_name="+")
    title = models.CharField(max_length=255)
    quantity = models.PositiveSmallIntegerField()
    rhythm = models.CharField(max_length=12, choices=Rhythm.choices)
    #: the day from which the rhythm is counted
    from_day = models.DateField()
    #: what the customer said yes to, and the last price of which he was told
    agreed_price = models.DecimalField(max_digits=10, decimal_places=2)
    told_price = models.DecimalField(max_digits=10, decimal_places=2)
    substitution = models.CharField(max_length=10, choices=Substitution.choices, default=Substitution.LEAVE_OUT)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standing", "product"], name="product_once_a_standing_order"),
            models.CheckConstraint(condition=Q(quantity__gte=1, quantity__lte=999), name="standing_line_has_a_sane_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"


class StandingSkip(models.Model):
    """A delivery day, by the round plan, on which the customer wants nothing."""

    standing = models.ForeignKey(StandingOrder, on_delete=models.CASCADE, related_name="skips")
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["standing", "day"], name="standing_day_skipped_once")]

    def __str__(self) -> str:
        return f"{self.standing_id}: {self.day}"


class StandingPlacement(models.Model):
    """What became of a standing order in one round; there is one of it, so it is ordered once."""

    class Outcome(models.TextChoices):
        """How it went."""

        PLACED = "placed", _("ordered")
        ADDED = "added", _("added to your order")
        NOTHING = "nothing", _("nothing on offer")
        MINIMUM = "minimum", _("below the minimum order")
        WAITING = "waiting", _("no free place yet")
        PAYMENT = "payment", _("payment missing")
        REFUSED = "refused", _("could not be ordered")

    #: what is tried again as long as the round is open
    OPEN_OUTCOMES = (Outcome.WAITING, Outcome.PAYMENT)

    standing = models.ForeignKey(StandingOrder, on_delete=models.CASCADE, related_name="placements")
    round = models.ForeignKey("logistics.DeliveryRound", on_delete=models.CASCADE, related_name="standing_placements")
    order = models.ForeignKey("order.Order", on_delete=models.SET_NULL, null=True, blank=True, related_name="standing_placements")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    #: what differs from the wish: see `standing.notes`
    report = models.JSONField(default=list)
    #: the order's version as the standing order left it
    revision = models.PositiveIntegerField(default=0)
    placed_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    #: when the customer was told how it stood at the cut-off
    final_told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["standing", "round"], name="standing_order_once_a_round"),
            models.CheckConstraint(
                condition=~Q(outcome__in=["placed", "added"]) | Q(revision__gt=0), name="placed_standing_order_knows_its_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.standing_id}: {self.outcome}"


class Ending(models.Model):
    """A declaration that standing orders are to end (section 312k BGB), kept as it was made."""

    class Kind(models.TextChoices):
        """On which ground."""

        ORDINARY = "ordinary", _("without a reason, at once")
        GRAVE = "grave", _("for a grave reason")

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"))
    contract = models.CharField(_("what"), max_length=200)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.ORDINARY)
    reason = models.CharField(max_length=1000, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    declared_at = models.DateTimeField()
    receipted_at = models.DateTimeField(null=True, blank=True)
    #: what was found and ended by it
    ended = models.ManyToManyField(StandingOrder, related_name="endings", blank=True)

    def __str__(self) -> str:
        return f"{self.declared_at:%d.%m.%Y} {self.contract}"
