"""Tables that every part of the house needs: dated VAT rates and the audit trail."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _


class VatCategory(models.TextChoices):
    """The kinds of VAT that goods and services carry; the rate of each is dated data."""

    REDUCED = "reduced", _("reduced rate")
    STANDARD = "standard", _("standard rate")
    FLAT_RATE = "flat_rate", _("flat rate for farmers (section 24)")
    EXEMPT = "exempt", _("exempt (small business, section 19)")


class VatRate(models.Model):
    """The rate in percent that a category has in a span of days."""

    category = models.CharField(max_length=16, choices=VatCategory.choices)
    percent = models.DecimalField(max_digits=5, decimal_places=2)
    valid = DateRangeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(percent__gte=0, percent__lt=100), name="vat_rate_is_a_percentage"),
            ExclusionConstraint(
                name="one_vat_rate_a_day",
                expressions=[("category", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} {self.percent} %"


class AuditEntry(models.Model):
    """One change of state: who did what to which row, when, and what it was before."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    action = models.CharField(max_length=60)
    target_type = models.CharField(max_length=60)
    target_id = models.BigIntegerField()
    old = models.JSONField(default=dict)
    new = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["target_type", "target_id"])]

    def __str__(self) -> str:
        return f"{self.action} {self.target_type} {self.target_id}"
