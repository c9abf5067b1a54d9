"""E-invoices that producers and others send to the operator: the original as it came, and what was read from it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class IncomingInvoice(models.Model):
    """An e-invoice that came in. A database trigger refuses every change but of whose it is and what was decided."""

    class Syntax(models.TextChoices):
        """How it was written."""

        CII = "cii", _("XML (CII)")
        UBL = "ubl", _("XML (UBL)")
        HYBRID = "hybrid", _("PDF with data (ZUGFeRD)")

    class Status(models.TextChoices):
        """What the office decided."""

        OPEN = "open", _("to be checked")
        ACCEPTED = "accepted", pgettext_lazy("incoming invoice", "accepted")
        REFUSED = "refused", pgettext_lazy("incoming invoice", "refused")

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="incoming_invoices")
    partner = models.ForeignKey(
        "partner.Partner", on_delete=models.PROTECT, null=True, blank=True, related_name="incoming_invoices"
    )
    syntax = models.CharField(max_length=6, choices=Syntax.choices)
    kind = models.CharField(max_length=3)  # UNTDID 1001
    number = models.CharField(max_length=100)
    issued_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    seller_name = models.CharField(max_length=200)
    #: VAT id, else tax number, else name: with the number it makes a second arrival of the same invoice known
    seller_key = models.CharField(max_length=200)
    net = models.DecimalField(max_digits=14, decimal_places=2)
    tax = models.DecimalField(max_digits=14, decimal_places=2)
    gross = models.DecimalField(max_digits=14, decimal_places=2)
    due = models.DecimalField(max_digits=14, decimal_places=2)
    #: everything that was read, as `billing.incoming.Reading` in plain JSON
    content = models.JSONField()
    #: what the official rules said: rule, severity, text
    findings = models.JSONField(default=list)
    file_name = models.CharField(max_length=200)
    original = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "sha256"], name="incoming_file_once"),
            models.UniqueConstraint(fields=["region", "seller_key", "number"], name="incoming_invoice_once"),
            models.CheckConstraint(
                condition=Q(status="open", decided_at__isnull=True) | (~Q(status="open") & Q(decided_at__isnull=False)),
                name="decided_incoming_says_when",
            ),
        ]
        indexes = [models.Index(fields=["region", "status", "-received_at"], name="incoming_by_status")]

    def __str__(self) -> str:
        return f"{self.number} {self.seller_name}"
