"""What customers get back: what is taken off a delivered line afterwards, and money that went out to them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.model_parts.documents import InvoiceLine
from billing.model_parts.money import JournalEntry, Payment


class Credit(models.Model):
    """Something a customer need not pay after all: a line of the next invoice, or of a correction of the last one."""

    class Cause(models.TextChoices):
        """Why."""

        WITHDRAWAL = "withdrawal", _("withdrawal")
        COMPLAINT = "complaint", _("complaint")

    #: what makes a second credit for the same decision impossible, e.g. "complaint:17:goods"
    key = models.CharField(max_length=80, unique=True)
    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="credits")
    order_line = models.ForeignKey("order.Line", on_delete=models.PROTECT, null=True, blank=True, related_name="credits")
    fee = models.ForeignKey("order.Fee", on_delete=models.PROTECT, null=True, blank=True, related_name="credits")
    charge = models.CharField(max_length=10, choices=InvoiceLine.Charge.choices)
    cause = models.CharField(max_length=10, choices=Cause.choices)
    quantity = models.PositiveIntegerField()
    gross = models.DecimalField(max_digits=12, decimal_places=2)
    #: what it takes off the supply of its bearer: more than `gross` where a voucher of the operator had paid a part
    borne = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    #: whose next credit note it lowers; empty: the operator bears it
    bearer = models.ForeignKey("partner.Partner", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(gross__gt=0, quantity__gte=1), name="credit_is_worth_something"),
            models.CheckConstraint(
                condition=Q(bearer__isnull=True, borne=0) | Q(bearer__isnull=False, borne__gt=0),
                name="borne_credit_names_its_bearer",
            ),
            models.CheckConstraint(
                condition=Q(charge="fee", fee__isnull=False, order_line__isnull=True, bearer__isnull=True)
                | Q(charge__in=("goods", "deposit"), order_line__isnull=False, fee__isnull=True),
                name="credit_is_for_a_line_or_a_fee",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.gross}"


class Refund(models.Model):
    """Money that went back to a customer who had a credit balance: on an order, or on an account."""

    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, null=True, blank=True, related_name="refunds")
    account = models.ForeignKey("billing.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="refunds")
    method = models.CharField(max_length=10, choices=Payment.Method.choices)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    paid_on = models.DateField()
    #: where it went, for a transfer
    iban = models.CharField(max_length=34, blank=True)
    reference = models.CharField(max_length=140, blank=True)
    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="refund")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_is_positive"),
            models.CheckConstraint(
                condition=Q(order__isnull=False, account__isnull=True) | Q(order__isnull=True, account__isnull=False),
                name="refund_is_for_an_order_or_an_account",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paid_on} {self.amount}"
