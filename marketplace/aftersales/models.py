"""What customers say after the delivery: that they withdraw, or that something was not right."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Withdrawal(models.Model):
    """A declaration of withdrawal (section 356a BGB), kept as it was made; the office settles it."""

    class Status(models.TextChoices):
        """How far it is."""

        DECLARED = "declared", _("received")
        SETTLED = "settled", _("settled")
        REFUSED = "refused", _("turned down")

    TRANSITIONS = {Status.DECLARED: frozenset({Status.SETTLED, Status.REFUSED})}

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="withdrawals")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DECLARED)
    # as it was declared
    name = models.CharField(max_length=200)
    number = models.CharField(max_length=40)
    email = models.EmailField()
    #: which goods, in the customer's words; empty and without lines: the whole contract
    goods = models.CharField(max_length=1000, blank=True)
    declared_at = models.DateTimeField()
    receipted_at = models.DateTimeField(null=True, blank=True)
    #: known from the link by which the customer came, or found by the office
    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, null=True, blank=True, related_name="withdrawals")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    #: what the office writes to the customer about it
    answer = models.TextField(blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="declared", decided_at__isnull=True) | (~Q(status="declared") & Q(decided_at__isnull=False)),
                name="decided_withdrawal_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(status="settled") | Q(order__isnull=False), name="settled_withdrawal_has_an_order"
            ),
        ]
        indexes = [models.Index(fields=["region", "status", "declared_at"], name="withdrawal_by_region")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class WithdrawalLine(models.Model):
    """A line of an order in a withdrawal: how many pieces the customer named, and how many the office took back."""

    withdrawal = models.ForeignKey(Withdrawal, on_delete=models.CASCADE, related_name="lines")
    order_line = models.ForeignKey("order.Line", on_delete=models.PROTECT, related_name="withdrawal_lines")
    quantity = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["withdrawal", "order_line"], name="line_once_a_withdrawal")]

    def __str__(self) -> str:
        return f"{self.order_line_id}: {self.quantity}"


class Complaint(models.Model):
    """Something that was wrong with a delivered line; the producer or the office decides, and then it stands."""

    class Reason(models.TextChoices):
        """What was wrong."""

        DAMAGED = "damaged", _("damaged")
        MISSING = "missing", _("missing")
        WRONG = "wrong", _("something else came")
        QUALITY = "quality", _("poor quality")

    class Status(models.TextChoices):
        """How far it is."""

        OPEN = "open", _("is being looked at")
        CREDITED = "credited", _("credited")
        REFUSED = "refused", _("turned down")

    TRANSITIONS = {Status.OPEN: frozenset({Status.CREDITED, Status.REFUSED})}

    order_line = models.ForeignKey("order.Line", on_delete=models.PROTECT, related_name="complaints")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    quantity = models.PositiveIntegerField()
    reason = models.CharField(max_length=10, choices=Reason.choices)
    text = models.CharField(max_length=1000, blank=True)
    reported_at = models.DateTimeField()
    producer_told_at = models.DateTimeField(null=True, blank=True)
    # the decision
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    #: euro including VAT, deposit included
    credit = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    answer = models.TextField(blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order_line"], condition=Q(status="open"), name="one_open_complaint_a_line"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="complaint_is_about_something"),
            models.CheckConstraint(
                condition=Q(status="credited", credit__gt=0, decided_at__isnull=False)
                | Q(status="refused", credit=0, decided_at__isnull=False)
                | Q(status="open", credit=0, decided_at__isnull=True),
                name="decided_complaint_says_what_and_when",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True) | Q(decided_at__gte=F("reported_at")), name="complaint_comes_before_its_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_line_id} {self.reason}"


class ComplaintPhoto(models.Model):
    """What the customer saw. Kept in the database, never among the public pictures: it may show a home."""

    complaint = models.OneToOneField(Complaint, on_delete=models.CASCADE, related_name="photo")
    #: cleaned of position and camera
    content = models.BinaryField()
    media_type = models.CharField(max_length=20)

    def __str__(self) -> str:
        return f"{self.complaint_id}"


class BankDetails(models.Model):
    """Where a customer wants money sent back to; deleted as soon as it was."""

    order = models.OneToOneField("order.Order", on_delete=models.CASCADE, related_name="bank_details")
    holder = models.CharField(max_length=70)
    iban = models.CharField(max_length=34)
    given_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.order_id}"
