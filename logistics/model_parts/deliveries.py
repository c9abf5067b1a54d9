"""An order's place in a round, a producer's goods for a round, and each line between the two."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from logistics.model_parts.rounds import DeliveryRound, DeliveryWindow
from marketplace.core.models import VatCategory


class RoundStock(models.Model):
    """How many of an article that is limited for each round are taken in one round. Never oversold."""

    round = models.ForeignKey(DeliveryRound, on_delete=models.CASCADE, related_name="stock")
    stockrecord = models.ForeignKey("partner.StockRecord", on_delete=models.CASCADE, related_name="round_stock")
    available = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "stockrecord"], name="round_stock_once"),
            models.CheckConstraint(condition=Q(taken__lte=F("available")), name="round_stock_is_never_oversold"),
        ]

    def __str__(self) -> str:
        return f"{self.taken}/{self.available}"


class Delivery(models.Model):
    """An order's place in a round: at the door or at a pickup point. The address is a copy."""

    class Kind(models.TextChoices):
        """Where the customer gets the goods."""

        HOME = "home", _("to your door")
        PICKUP = "pickup", _("pickup point")
        FARM = "farm", _("at the farm")

    class Drop(models.TextChoices):
        """What to do at the door when nobody opens, as the customer wishes it."""

        HAND = "hand", _("hand it over in person")
        DOOR = "door", _("leave it at the door")
        COOL_BOX = "cool_box", _("put it into the cool box")
        NEIGHBOUR = "neighbour", _("give it to a neighbour")

    class Status(models.TextChoices):
        """How far the goods are."""

        BOOKED = "booked", _("booked")
        LOADED = "loaded", _("on the way")
        COMPLETED = "completed", _("handed over")
        FAILED = "failed", _("not handed over")
        CANCELLED = "cancelled", _("cancelled")

    TRANSITIONS = {
        Status.BOOKED: frozenset({Status.LOADED, Status.COMPLETED, Status.FAILED, Status.CANCELLED}),
        Status.LOADED: frozenset({Status.COMPLETED, Status.FAILED}),
        Status.FAILED: frozenset({Status.COMPLETED}),
    }

    order = models.OneToOneField("order.Order", on_delete=models.PROTECT, related_name="delivery")
    round = models.ForeignKey(DeliveryRound, on_delete=models.PROTECT, related_name="deliveries")
    window = models.ForeignKey(DeliveryWindow, on_delete=models.PROTECT, related_name="deliveries")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.BOOKED)
    #: what stands on the crate: producers and drivers see it and the first name, no more than they need
    code = models.CharField(max_length=6)
    recipient = models.CharField(max_length=250)
    street = models.CharField(max_length=200)
    postal_code = models.CharField(max_length=5)
    city = models.CharField(max_length=100)
    municipality = models.ForeignKey("regions.Municipality", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    latitude = models.FloatField()
    longitude = models.FloatField()
    phone = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=300, blank=True)
    drop = models.CharField(max_length=10, choices=Drop.choices, default=Drop.HAND)
    drop_note = models.CharField(max_length=200, blank=True)
    needs_age_check = models.PositiveSmallIntegerField(null=True, blank=True)  # 16 or 18
    #: the room it takes: estimated when ordered, corrected when packed
    crates = models.PositiveSmallIntegerField(default=0)
    cold_crates = models.PositiveSmallIntegerField(default=0)
    weight_g = models.PositiveIntegerField(default=0)
    stop = models.ForeignKey("logistics.Stop", on_delete=models.SET_NULL, null=True, blank=True, related_name="deliveries")
    booked_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    handed_to = models.CharField(max_length=100, blank=True)
    handover_note = models.CharField(max_length=300, blank=True)
    age_checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "code"], name="code_once_a_round"),
            models.CheckConstraint(
                condition=Q(status="completed", completed_at__isnull=False)
                | (~Q(status="completed") & Q(completed_at__isnull=True)),
                name="completed_delivery_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(status="cancelled") | Q(cancelled_at__isnull=False), name="cancelled_delivery_says_when"
            ),
        ]
        indexes = [models.Index(fields=["status", "completed_at"], name="delivery_by_completion")]

    def __str__(self) -> str:
        return f"{self.code} {self.recipient}"

    @property
    def first_name(self) -> str:
        """What stands on the crate beside the code; of a gift the name of whoever receives it."""
        return self.recipient.split(" ")[0] if self.order.is_gift else self.order.first_name


class Collection(models.Model):
    """One producer's goods for one round."""

    class Status(models.TextChoices):
        """How far the goods are."""

        OPEN = "open", _("to be packed")
        PACKED = "packed", _("packed")
        COLLECTED = "collected", _("handed over")
        #: fewer orders than the producer packs for: nothing to do
        CALLED_OFF = "called_off", _("called off")

    TRANSITIONS = {
        Status.OPEN: frozenset({Status.PACKED, Status.CALLED_OFF}),
        Status.PACKED: frozenset({Status.OPEN, Status.COLLECTED, Status.CALLED_OFF}),
        Status.COLLECTED: frozenset({Status.CALLED_OFF}),
    }

    round = models.ForeignKey(DeliveryRound, on_delete=models.PROTECT, related_name="collections")
    partner = models.ForeignKey("partner.Partner", on_delete=models.PROTECT, related_name="collections")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    crates = models.PositiveSmallIntegerField(default=0)
    cold_crates = models.PositiveSmallIntegerField(default=0)
    stop = models.ForeignKey("logistics.Stop", on_delete=models.SET_NULL, null=True, blank=True, related_name="collections")
    #: until then the producer may say what does not come; silence confirms all of it
    confirm_until = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    packed_at = models.DateTimeField(null=True, blank=True)
    collected_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "partner"], name="one_collection_a_round_and_producer")]

    def __str__(self) -> str:
        return f"{self.partner} · {self.round}"


class PackedLine(models.Model):
    """One order line on its way: what was ordered, what was packed (and weighed), what was handed over."""

    class Problem(models.TextChoices):
        """Why less arrived than was ordered."""

        NONE = "", _("all there")
        MISSING = "missing", _("missing")
        DAMAGED = "damaged", _("damaged")
        REFUSED = "refused", _("refused")
        MINIMUM = "minimum", _("too few orders for this farm")
        CUT = "cut", _("the farm has too little of it")
        REPLACED = "replaced", _("replaced by something similar")

    collection = models.ForeignKey(Collection, on_delete=models.PROTECT, related_name="lines")
    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="packed_lines")
    order_line = models.OneToOneField("order.Line", on_delete=models.PROTECT, related_name="packed_line")
    ordered = models.PositiveIntegerField()
    #: how many still come after the farm said that it has fewer; empty: all
    promised = models.PositiveIntegerField(null=True, blank=True)
    packed = models.PositiveIntegerField(null=True, blank=True)
    packed_weight_g = models.PositiveIntegerField(null=True, blank=True)
    packed_at = models.DateTimeField(null=True, blank=True)
    packed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    over_tolerance_agreed = models.BooleanField(default=False)
    delivered = models.PositiveIntegerField(null=True, blank=True)
    delivered_weight_g = models.PositiveIntegerField(null=True, blank=True)
    problem = models.CharField(max_length=10, choices=Problem.choices, default=Problem.NONE, blank=True)
    #: the farm's mark of what was made or harvested together, by which goods are called back
    batch = models.CharField(max_length=40, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["batch"], name="packed_line_by_batch", condition=~Q(batch=""))]
        constraints = [
            models.CheckConstraint(
                condition=Q(promised__isnull=True) | Q(promised__lte=F("ordered")), name="no_more_promised_than_ordered"
            ),
            models.CheckConstraint(
                condition=Q(packed__isnull=True) | Q(packed__lte=F("ordered")), name="no_more_packed_than_ordered"
            ),
            models.CheckConstraint(
                condition=Q(delivered__isnull=True) | Q(packed__isnull=False, delivered__lte=F("packed")),
                name="no_more_delivered_than_packed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_line_id}: {self.delivered}/{self.packed}/{self.ordered}"

    @property
    def coming(self) -> int:
        """How many are there: as packed, else as promised, else as ordered."""
        return next(number for number in (self.packed, self.promised, self.ordered) if number is not None)

    @property
    def expected(self) -> int:
        """How many are to be packed."""
        return self.ordered if self.promised is None else self.promised


class DepositReturn(models.Model):
    """Empties that a customer gave back at a delivery; the money comes back on the next document."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="deposit_returns")
    #: an id made by the device that noted it, so that a repeated report counts once
    uuid = models.UUIDField(unique=True)
    text = models.CharField(max_length=100)
    #: whose packaging it is, if that is known: the producer was credited the deposit when it was sold
    partner = models.ForeignKey("partner.Partner", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    quantity = models.PositiveSmallIntegerField()
    deposit_each = models.DecimalField(max_digits=6, decimal_places=2)
    vat_category = models.CharField(max_length=16, choices=VatCategory.choices)
    noted_at = models.DateTimeField()
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1, deposit_each__gt=0), name="deposit_return_is_worth_something")
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.text}"
