"""What was handed out of the books for a period: each once, kept as it was made."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class PeriodExport(models.Model):
    """One export of a period. Where the content is large and never changes, its hash alone is kept and it is built anew."""

    class Kind(models.TextChoices):
        """What it holds."""

        AUDIT = "audit", _("for an audit")
        DOCUMENTS = "documents", _("documents for the tax adviser")
        MASTER = "master", _("debtors and creditors")
        VAT = "vat", _("VAT return")
        SELLERS = "sellers", _("report on sellers")

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="period_exports")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    first = models.DateField()
    last = models.DateField()
    content = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "kind", "first", "last"], name="period_exported_once"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="period_export_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first}–{self.last}"
