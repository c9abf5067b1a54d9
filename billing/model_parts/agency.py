"""What producers that sell themselves (agency) are paid: the customers' money that was held for them, less commission."""

from django.db import models
from django.db.models import F, Q


class AgencyStatement(models.Model):
    """A producer's month: the invoices in its name, the operator's commission invoice, and what is paid out. Never changed."""

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="agency_statements")
    partner = models.ForeignKey("partner.Partner", on_delete=models.PROTECT, related_name="agency_statements")
    #: the operator's invoice (380) on its commission
    commission = models.OneToOneField("billing.Invoice", on_delete=models.PROTECT, related_name="agency_statement")
    period_from = models.DateField()
    period_until = models.DateField()
    part = models.PositiveSmallIntegerField(default=1)
    #: what customers owe and paid for the producer's goods, including VAT
    entrusted = models.DecimalField(max_digits=12, decimal_places=2)
    #: what is left once the commission invoice is taken off
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(period_until__gte=F("period_from")), name="agency_period_ends_after_start"),
            models.UniqueConstraint(
                fields=["partner", "period_from", "period_until", "part"], name="one_agency_statement_a_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} {self.period_from:%Y-%m}"


class AgencyItem(models.Model):
    """A document in the producer's name that a statement counts; each is counted once."""

    statement = models.ForeignKey(AgencyStatement, on_delete=models.PROTECT, related_name="items")
    invoice = models.OneToOneField("billing.Invoice", on_delete=models.PROTECT, related_name="agency_item")
    #: with its sign: corrections and cancellations take off
    gross = models.DecimalField(max_digits=12, decimal_places=2)

    def __str__(self) -> str:
        return f"{self.statement_id} {self.invoice_id}"
