"""Who asked to buy on account, and what came of it; what one invoice of an account paid of another."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.model_parts.money import JournalEntry
from billing.model_parts.terms import Account


class AccountApplication(models.Model):
    """A customer's wish to buy on account, or to have the terms changed."""

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="account_applications")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="account_applications")
    #: the account whose terms are to change, or the one that was opened
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="applications")
    is_business = models.BooleanField(_("business"), default=True)
    name = models.CharField(_("name"), max_length=200)
    street = models.CharField(_("street"), max_length=200)
    postal_code = models.CharField(_("postal code"), max_length=5)
    city = models.CharField(_("city"), max_length=100)
    email = models.EmailField(_("e-mail for invoices"))
    vat_id = models.CharField(_("VAT id"), max_length=20, blank=True)
    wanted_limit = models.DecimalField(_("wanted limit in euro"), max_digits=10, decimal_places=2)
    wanted_terms = models.CharField(_("invoices"), max_length=10, choices=Account.Terms.choices)
    note = models.CharField(_("note"), max_length=500, blank=True)
    applied_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    granted = models.BooleanField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "user"], condition=Q(decided_at__isnull=True), name="one_open_application_a_person"
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, granted__isnull=True) | Q(decided_at__isnull=False, granted__isnull=False),
                name="decided_application_says_how",
            ),
            models.CheckConstraint(condition=Q(wanted_limit__gt=0), name="application_wants_something"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.applied_at:%Y-%m-%d}"


class Offset(models.Model):
    """What too much was paid on one invoice of an account, used for another: the customer's credit balance at work.

    A second time between the same two when more was credited since; what is left is counted while the account is held.
    """

    source = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="offsets_given")
    target = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="offsets_taken")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    day = models.DateField()
    made_at = models.DateTimeField()
    #: only where the two are different debtors in the books
    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="offset")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0) & ~Q(source=F("target")), name="offset_is_worth_something"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.target} {self.amount}"
