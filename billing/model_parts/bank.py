"""What a bank says has come in and gone out."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class BankLine(models.Model):
    """One booking on the account of a region, as a statement told it; never changed but for what was decided about it."""

    class Status(models.TextChoices):
        """What was decided."""

        OPEN = "open", _("to be assigned")
        BOOKED = "booked", _("booked")
        SET_ASIDE = "set_aside", _("set aside")

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="bank_lines")
    #: the same booking has the same key, in whatever statement and however often it is told
    key = models.CharField(max_length=64)
    booked_on = models.DateField()
    #: euro; below zero when it went out
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    name = models.CharField(max_length=140, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    purpose = models.CharField(max_length=500, blank=True)
    #: the code by which a bank sends a direct debit back, e.g. AM04 (ISO 20022), and what it was known by
    return_reason = models.CharField(max_length=4, blank=True)
    end_to_end = models.CharField(max_length=35, blank=True)
    #: what the bank kept for it; part of `amount`
    charges = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    note = models.CharField(max_length=200, blank=True)
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    #: nobody when the purpose left no doubt
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "key"], name="bank_line_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="bank_line_is_worth_something"),
            models.CheckConstraint(
                condition=Q(status="open", decided_at__isnull=True) | (~Q(status="open") & Q(decided_at__isnull=False)),
                name="decided_bank_line_says_when",
            ),
        ]
        indexes = [models.Index(fields=["region", "status", "booked_on"], name="bank_line_by_status")]

    def __str__(self) -> str:
        return f"{self.booked_on} {self.amount} {self.name}"
