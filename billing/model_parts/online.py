"""Payments through the provider: what was asked for, what the provider told, and what it moved."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class OnlinePayment(models.Model):
    """One attempt to be paid through the provider: for an order, or for an invoice that is open."""

    class Way(models.TextChoices):
        """When the money is taken."""

        HOLD = "hold", _("held now, taken after the delivery")
        KEEP = "keep", _("means of payment kept, taken after the delivery")
        NOW = "now", _("taken at once")
        LATER = "later", _("taken from what was kept")
        #: the order was raised above what is held
        MORE = "more", _("held on top, taken after the delivery")

    class Status(models.TextChoices):
        """How far it is; the provider is asked, nobody else is believed."""

        OPENED = "opened", _("waits for the customer")
        PROCESSING = "processing", _("under way")
        AUTHORISED = "authorised", _("held")
        KEPT = "kept", _("means of payment kept")
        CAPTURED = "captured", _("paid")
        RELEASED = "released", _("released")
        FAILED = "failed", _("failed")

    #: the customer has done what is to be done; the rest is the banks' and the market's
    UNDER_WAY = (Status.PROCESSING, Status.AUTHORISED, Status.KEPT)
    TRANSITIONS = {
        Status.OPENED: frozenset(
            {Status.PROCESSING, Status.AUTHORISED, Status.KEPT, Status.CAPTURED, Status.RELEASED, Status.FAILED}
        ),
        Status.PROCESSING: frozenset({Status.CAPTURED, Status.FAILED}),
        Status.AUTHORISED: frozenset({Status.CAPTURED, Status.RELEASED, Status.FAILED}),
        Status.KEPT: frozenset({Status.RELEASED}),
    }

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="online_payments")
    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, null=True, blank=True, related_name="online_payments")
    invoice = models.ForeignKey(
        "billing.Invoice", on_delete=models.PROTECT, null=True, blank=True, related_name="online_payments"
    )
    #: what makes a question asked twice the same question
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    way = models.CharField(max_length=5, choices=Way.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPENED)
    #: what was asked for; of a hold the most that may be taken
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    taken = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    #: how the provider calls its page, the payment, the customer, and the means that was kept
    page = models.CharField(max_length=100, blank=True)
    intent = models.CharField(max_length=100, blank=True)
    payer = models.CharField(max_length=100, blank=True)
    means = models.CharField(max_length=100, blank=True)
    opened_at = models.DateTimeField()
    authorised_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    #: why it failed, in the provider's word
    failure = models.CharField(max_length=100, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0, taken__gte=0), name="online_payment_is_worth_something"),
            models.CheckConstraint(condition=Q(taken__lte=models.F("amount")), name="never_more_taken_than_asked"),
            models.CheckConstraint(
                condition=Q(order__isnull=False, invoice__isnull=True) | Q(order__isnull=True, invoice__isnull=False),
                name="online_payment_is_for_an_order_or_an_invoice",
            ),
            models.CheckConstraint(condition=Q(status="captured") | Q(taken=0), name="taken_when_captured"),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(status__in=("opened", "processing", "authorised", "kept"), way__in=("hold", "keep", "now")),
                name="one_live_online_payment_an_order",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(status__in=("opened", "processing"), way="later"),
                name="one_live_later_payment_an_order",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(status__in=("opened", "processing"), way="more"),
                name="one_opened_hold_on_top_an_order",
            ),
            models.UniqueConstraint(
                fields=["invoice"],
                condition=Q(status__in=("opened", "processing")),
                name="one_live_online_payment_an_invoice",
            ),
            models.UniqueConstraint(fields=["intent"], condition=~Q(intent=""), name="one_row_an_intent"),
        ]
        indexes = [models.Index(fields=["region", "status"], name="online_by_status")]

    def __str__(self) -> str:
        return f"{self.way} {self.amount} {self.status}"

    @property
    def is_off_session(self) -> bool:
        """Whether it is asked for without the customer, from the means that were kept."""
        return self.way == self.Way.LATER or (self.way == self.Way.MORE and bool(self.means) and not self.page)


class OnlineRefund(models.Model):
    """Money that goes back the way it came; it is booked when it is asked for, and booked back when the provider refuses."""

    class Status(models.TextChoices):
        """How far it is."""

        ASKED = "asked", _("under way")
        DONE = "done", _("paid back")
        FAILED = "failed", _("failed")

    TRANSITIONS = {
        Status.ASKED: frozenset({Status.DONE, Status.FAILED}),
        Status.DONE: frozenset({Status.FAILED}),
    }

    payment = models.ForeignKey(OnlinePayment, on_delete=models.PROTECT, related_name="refunds")
    refund = models.OneToOneField("billing.Refund", on_delete=models.PROTECT, related_name="online")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASKED)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    number = models.CharField(max_length=100, blank=True)
    failure = models.CharField(max_length=100, blank=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="online_refund_is_positive")]

    def __str__(self) -> str:
        return f"{self.amount} {self.status}"


class ProviderEvent(models.Model):
    """What the provider reported, stored before anything is done with it. It only says what to ask the provider about."""

    number = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=100)
    #: what it is about, and the payment behind that
    about = models.CharField(max_length=100)
    intent = models.CharField(max_length=100, blank=True)
    received_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["received_at"], condition=Q(done_at__isnull=True), name="provider_events_to_do")]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}"


class Dispute(models.Model):
    """A customer's bank took a payment back; the money is away until it is decided."""

    class Status(models.TextChoices):
        """How it stands."""

        OPEN = "open", _("open")
        WON = "won", _("decided for us")
        LOST = "lost", _("decided against us")

    TRANSITIONS = {Status.OPEN: frozenset({Status.WON, Status.LOST})}

    payment = models.ForeignKey(OnlinePayment, on_delete=models.PROTECT, related_name="disputes")
    number = models.CharField(max_length=100, unique=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    reason = models.CharField(max_length=100, blank=True)
    answer_until = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="dispute_is_positive")]

    def __str__(self) -> str:
        return f"{self.number} {self.status}"


class ProviderPayout(models.Model):
    """What the provider transfers to the operator's bank account; it is booked when the bank tells of it."""

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="provider_payouts")
    number = models.CharField(max_length=100, unique=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    arrives_on = models.DateField()
    seen_at = models.DateTimeField()
    bank_line = models.ForeignKey(
        "billing.BankLine", on_delete=models.PROTECT, null=True, blank=True, related_name="provider_payouts"
    )
    entry = models.OneToOneField(
        "billing.JournalEntry", on_delete=models.PROTECT, null=True, blank=True, related_name="provider_payout"
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="provider_payout_is_positive")]

    def __str__(self) -> str:
        return f"{self.number} {self.amount}"


class ProviderMovement(models.Model):
    """One line of the operator's account with the provider, each taken in once."""

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="provider_movements")
    number = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=40)
    #: what moved, what the provider kept of it; the difference changes the balance
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    fee = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    #: the charge, refund, dispute or payout behind it, and the payment behind that
    source = models.CharField(max_length=100, blank=True)
    intent = models.CharField(max_length=100, blank=True)
    moved_at = models.DateTimeField()
    #: somebody of the office knows what it was
    settled_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.number} {self.amount}"
