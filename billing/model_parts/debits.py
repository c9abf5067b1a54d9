"""Direct debits: who allowed them, what is collected together, and what came back."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.model_parts.money import JournalEntry, Payment


class DebitTerms(models.Model):
    """How a region collects: under which name at the bank, and how many days before it says so."""

    region = models.OneToOneField("regions.Region", on_delete=models.CASCADE, related_name="debit_terms")
    creditor_id = models.CharField(_("creditor identifier"), max_length=35)
    #: instead of the 14 days of the rulebook; agreed on in the mandate
    notice_days = models.PositiveSmallIntegerField(_("days between notice and collection"), default=5)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(notice_days__gte=1, notice_days__lte=30), name="notice_of_some_days")]

    def __str__(self) -> str:
        return self.creditor_id


class Mandate(models.Model):
    """A customer's word that a region may collect from an account. What was signed is kept as it was shown."""

    class Scheme(models.TextChoices):
        """The two kinds of SEPA direct debit."""

        CORE = "CORE", _("SEPA core direct debit")
        B2B = "B2B", _("SEPA business-to-business direct debit")

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="mandates")
    # whose invoices it pays: exactly one of the two
    account = models.ForeignKey("billing.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="mandates")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="mandates")
    reference = models.CharField(max_length=35)
    scheme = models.CharField(max_length=4, choices=Scheme.choices, default=Scheme.CORE)
    holder = models.CharField(max_length=70)
    iban = models.CharField(max_length=34)
    creditor_id = models.CharField(max_length=35)
    # the evidence
    signed_name = models.CharField(max_length=70)
    signed_on = models.DateField()
    signed_at = models.DateTimeField()
    #: who ticked it, or who in the office filed the paper
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    on_paper = models.BooleanField(default=False)
    text = models.TextField()
    text_version = models.CharField(max_length=20)
    # what became of it
    revoked_at = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "reference"], name="mandate_reference_once_a_region"),
            models.CheckConstraint(
                condition=Q(account__isnull=False, user__isnull=True) | Q(account__isnull=True, user__isnull=False),
                name="mandate_is_an_accounts_or_a_persons",
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(account__isnull=False, revoked_at__isnull=True), name="one_mandate_an_account"
            ),
            models.UniqueConstraint(
                fields=["region", "user"], condition=Q(user__isnull=False, revoked_at__isnull=True), name="one_mandate_a_person"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class DebitRun(models.Model):
    """What is collected by one file for the bank (pain.008)."""

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="debit_runs")
    number = models.CharField(max_length=20)
    collect_on = models.DateField()
    total = models.DecimalField(max_digits=12, decimal_places=2)
    #: the file, as it was made and checked; the same whenever somebody downloads it
    message = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="debit_number_once_a_region"),
            models.CheckConstraint(condition=Q(total__gt=0), name="debit_run_is_worth_something"),
        ]

    def __str__(self) -> str:
        return self.number


class DebitItem(models.Model):
    """One invoice in a run. It is in one run that stands; what came back or was dropped does not."""

    run = models.ForeignKey(DebitRun, on_delete=models.PROTECT, related_name="items")
    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="debit_items")
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="items")
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="debit_item")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    #: FRST for the first of a mandate, RCUR for the rest
    sequence = models.CharField(max_length=4)
    stands = models.BooleanField(default=True)
    #: when the customer was told that it came back
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice"], condition=Q(stands=True), name="invoice_in_one_debit_run"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="debit_item_is_worth_something"),
        ]

    def __str__(self) -> str:
        return f"{self.invoice} {self.amount}"


class DebitReceipt(models.Model):
    """What the bank credited of a run."""

    run = models.ForeignKey(DebitRun, on_delete=models.PROTECT, related_name="receipts")
    bank_line = models.ForeignKey("billing.BankLine", on_delete=models.PROTECT, related_name="debit_receipts")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="debit_receipt")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="debit_receipt_is_worth_something")]

    def __str__(self) -> str:
        return f"{self.run} {self.amount}"


class PaymentReturn(models.Model):
    """A payment that did not last: the bank took it back, or the order for it never went out."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="returns")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    day = models.DateField()
    #: the bank's code (ISO 20022 ExternalReturnReason), e.g. AM04; empty when the order was dropped
    reason = models.CharField(max_length=4, blank=True)
    #: what the bank took for it, euro
    charges = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    bank_line = models.ForeignKey("billing.BankLine", on_delete=models.PROTECT, null=True, blank=True, related_name="returns")
    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="payment_return")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0, charges__gte=0), name="return_is_worth_something")]

    def __str__(self) -> str:
        return f"{self.day} {self.amount} {self.reason}"
