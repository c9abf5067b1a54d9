"""What was handed to the tax adviser: each money fact once, and every file as it was."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.model_parts.money import JournalEntry


class Bookkeeping(models.Model):
    """How a region's tax adviser keeps its books."""

    class Chart(models.TextChoices):
        """DATEV's standard charts of accounts."""

        SKR03 = "03", "SKR03"
        SKR04 = "04", "SKR04"

    region = models.OneToOneField("regions.Region", on_delete=models.CASCADE, related_name="bookkeeping")
    chart = models.CharField(_("chart of accounts"), max_length=2, choices=Chart.choices, default=Chart.SKR03)
    adviser = models.PositiveIntegerField(
        _("adviser's number"), validators=[MinValueValidator(1001), MaxValueValidator(9_999_999)]
    )
    client = models.PositiveIntegerField(_("client's number"), validators=[MinValueValidator(1), MaxValueValidator(99_999)])

    def __str__(self) -> str:
        return f"{self.adviser}/{self.client}"


class LedgerExport(models.Model):
    """One file of bookings, kept as it was made."""

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="ledger_exports")
    number = models.PositiveIntegerField()
    first = models.DateField()
    last = models.DateField()
    content = models.BinaryField()
    lines = models.PositiveIntegerField()
    total = models.DecimalField(max_digits=14, decimal_places=2)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="export_number_once_a_region"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="export_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.first}–{self.last}"


class ExportedEntry(models.Model):
    """Which file an entry of the journal went out with: one, whatever runs twice."""

    export = models.ForeignKey(LedgerExport, on_delete=models.PROTECT, related_name="entries")
    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="exported")

    def __str__(self) -> str:
        return f"{self.export_id}: {self.entry_id}"
