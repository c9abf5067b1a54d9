"""Producers' own accounts with the payment provider, and what is transferred to them there instead of by the bank."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class ConnectedAccount(models.Model):
    """A producer's account with the provider, below the operator's; what it may do is what the provider said last."""

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="connected_accounts")
    partner = models.OneToOneField("partner.Partner", on_delete=models.PROTECT, related_name="connected_account")
    #: what makes opening it twice the same question
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=100, blank=True)
    #: the producer has told the provider what it asks
    is_told = models.BooleanField(default=False)
    #: it can be given money, and the provider pays that on to the producer's bank
    can_receive = models.BooleanField(default=False)
    can_pay_out = models.BooleanField(default=False)
    #: why not, in the provider's word
    hindrance = models.CharField(max_length=100, blank=True)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    #: since when the office wants this producer to be paid like that
    chosen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="one_row_a_connected_account"),
            models.CheckConstraint(
                condition=Q(can_receive=False, can_pay_out=False) | ~Q(number=""), name="nothing_is_paid_to_no_account"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} {self.number}"

    @property
    def is_payable(self) -> bool:
        """Whether money that is transferred to it reaches the producer."""
        return self.can_receive and self.can_pay_out


class ProviderTransfer(models.Model):
    """What a producer is paid on a statement through the provider; booked when the provider has done it."""

    class Status(models.TextChoices):
        """How far it is."""

        ASKED = "asked", _("under way")
        DONE = "done", _("transferred")
        FAILED = "failed", _("refused")

    TRANSITIONS = {Status.ASKED: frozenset({Status.DONE, Status.FAILED})}

    account = models.ForeignKey(ConnectedAccount, on_delete=models.PROTECT, related_name="transfers")
    #: as long as this stands, no file for the bank can hold the same statement
    item = models.OneToOneField("billing.PayoutItem", on_delete=models.PROTECT, related_name="transfer")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    #: how often it was refused for want of money; each try is a question of its own
    refused = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASKED)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    #: how the provider calls it, and what ties it to the statement there
    number = models.CharField(max_length=100, blank=True)
    group = models.CharField(max_length=100)
    failure = models.CharField(max_length=100, blank=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="provider_transfer_is_positive"),
            models.CheckConstraint(condition=Q(status="done") ^ Q(number=""), name="a_done_transfer_has_a_number"),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="one_row_a_transfer"),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.amount} {self.status}"


class TransferReversal(models.Model):
    """What comes back of a transfer because its producer owes the market; booked when the provider has done it."""

    class Status(models.TextChoices):
        """How far it is."""

        ASKED = "asked", _("under way")
        DONE = "done", _("brought back")
        FAILED = "failed", _("refused")

    TRANSITIONS = {Status.ASKED: frozenset({Status.DONE, Status.FAILED})}

    transfer = models.ForeignKey(ProviderTransfer, on_delete=models.PROTECT, related_name="reversals")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASKED)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    number = models.CharField(max_length=100, blank=True)
    failure = models.CharField(max_length=100, blank=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    entry = models.OneToOneField(
        "billing.JournalEntry", on_delete=models.PROTECT, null=True, blank=True, related_name="transfer_reversal"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="transfer_reversal_is_positive"),
            models.CheckConstraint(
                condition=Q(status="done", entry__isnull=False) | ~Q(status="done") & Q(entry__isnull=True),
                name="what_came_back_is_booked",
            ),
            models.UniqueConstraint(
                fields=["transfer"], condition=Q(status="asked"), name="one_reversal_of_a_transfer_at_a_time"
            ),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="one_row_a_transfer_reversal"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.status}"
