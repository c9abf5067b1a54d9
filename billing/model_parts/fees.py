"""What was taken of producers for somebody else, and on which statement that was credited to whom it belongs."""

from django.db import models
from django.db.models import Q


class PassedFee(models.Model):
    """A line by which a fee was taken, counted on a statement of who receives it. Never changed.

    Each line is counted once by the statements that stand; of one that was cancelled the next edition is on another.
    """

    statement = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="passed_fees")
    line = models.ForeignKey("billing.InvoiceLine", on_delete=models.PROTECT, related_name="passed")
    edition = models.PositiveSmallIntegerField(default=1)
    #: without VAT; below zero where the document that took it was cancelled
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "edition"], name="fee_is_passed_on_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="passed_fee_is_worth_something"),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.amount}"
