"""What is paid out to producers by one file for the bank."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class PayoutRun(models.Model):
    """Credit notes that go out together, and the file that says so to the bank."""

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="payout_runs")
    number = models.CharField(max_length=20)
    execution_on = models.DateField()
    total = models.DecimalField(max_digits=12, decimal_places=2)
    #: pain.001, as it was made and checked; the same whenever somebody downloads it
    message = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="payout_number_once_a_region"),
            models.CheckConstraint(condition=Q(total__gt=0), name="payout_is_worth_something"),
        ]

    def __str__(self) -> str:
        return self.number


class PayoutItem(models.Model):
    """One credit note in a run; name and IBAN are copies. A credit note is in one run that stands.

    Without a run it is not in a file for the bank, but is transferred through the payment provider.
    """

    run = models.ForeignKey(PayoutRun, on_delete=models.PROTECT, null=True, blank=True, related_name="items")
    settlement = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="payout_items")
    name = models.CharField(max_length=140)
    iban = models.CharField(max_length=34, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    stands = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["settlement"], condition=Q(stands=True), name="credit_note_in_one_payout"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payout_item_is_worth_something"),
            models.CheckConstraint(condition=Q(run__isnull=True) | ~Q(iban=""), name="payout_by_the_bank_has_an_iban"),
        ]

    def __str__(self) -> str:
        return f"{self.settlement} {self.amount}"
