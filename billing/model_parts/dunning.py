"""Reminding: at which levels, by which letters, what is charged for it, and what stops it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.model_parts.money import JournalEntry


class BaseRate(models.Model):
    """The base rate of section 247 BGB from a day on, in percent; it may be below zero."""

    valid_from = models.DateField(_("valid from"), unique=True)
    percent = models.DecimalField(_("percent"), max_digits=5, decimal_places=2)
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from__day=1) & Q(valid_from__month__in=(1, 7)), name="base_rate_begins_with_a_half_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.valid_from} {self.percent}"


class DunningLevel(models.Model):
    """One step of a region's reminding: how many days after the one before, and what the letter costs."""

    region = models.ForeignKey("regions.Region", on_delete=models.CASCADE, related_name="dunning_levels")
    level = models.PositiveSmallIntegerField(_("level"))
    #: after the day it was due, or after the letter before
    days = models.PositiveSmallIntegerField(_("days after"))
    #: how long the letter gives
    days_to_pay = models.PositiveSmallIntegerField(_("days to pay"), default=7)
    fee = models.DecimalField(_("fee"), max_digits=6, decimal_places=2, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "level"], name="dunning_level_once_a_region"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="three_dunning_levels"),
            models.CheckConstraint(condition=Q(fee__gte=0), name="dunning_fee_is_no_gift"),
            # what puts somebody in default must not be charged for (section 286 BGB)
            models.CheckConstraint(condition=~Q(level=1) | Q(fee=0), name="first_reminder_is_free"),
        ]

    def __str__(self) -> str:
        return f"{self.region_id}/{self.level}"


class DunningLetter(models.Model):
    """A letter to one customer about what is overdue; the file is kept as it was sent."""

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="dunning_letters")
    account = models.ForeignKey(
        "billing.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="dunning_letters"
    )
    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, null=True, blank=True, related_name="dunning_letters")
    number = models.CharField(max_length=20)
    level = models.PositiveSmallIntegerField()
    day = models.DateField()
    pay_by = models.DateField()
    total = models.DecimalField(max_digits=12, decimal_places=2)
    #: all that the letter prints, in plain JSON
    content = models.JSONField()
    pdf = models.BinaryField(blank=True, default=b"")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="dunning_number_once_a_region"),
            models.CheckConstraint(
                condition=Q(account__isnull=False, order__isnull=True) | Q(account__isnull=True, order__isnull=False),
                name="letter_is_to_an_account_or_about_an_order",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class DunnedInvoice(models.Model):
    """An invoice in a letter, and at which level; each level is reached once."""

    letter = models.ForeignKey(DunningLetter, on_delete=models.PROTECT, related_name="items")
    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="dunned")
    level = models.PositiveSmallIntegerField()
    #: what of the invoice itself was open, euro
    left = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["invoice", "level"], name="dunned_once_a_level")]

    def __str__(self) -> str:
        return f"{self.invoice} {self.level}"


class Surcharge(models.Model):
    """What an invoice costs on top because it was not paid: no supply, so without VAT. Below zero it was let off."""

    class Kind(models.TextChoices):
        """What for."""

        FEE = "fee", _("dunning fee")
        INTEREST = "interest", _("interest on arrears")
        LUMP_SUM = "lump_sum", _("lump sum for arrears (section 288 (5) BGB)")
        RETURN = "return", _("the bank's fee for a returned debit")
        LET_OFF = "let_off", _("let off")
        RESTORED = "restored", _("charged again after it was let off by mistake")

    #: what makes a second charge for the same impossible, e.g. "letter:7:fee"
    key = models.CharField(max_length=80, unique=True)
    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="surcharges")
    letter = models.ForeignKey(DunningLetter, on_delete=models.PROTECT, null=True, blank=True, related_name="surcharges")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount = models.DecimalField(max_digits=10, decimal_places=2)
    day = models.DateField()
    #: of interest: the last day for which it was reckoned
    until = models.DateField(null=True, blank=True)
    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="surcharge")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="let_off", amount__lt=0) | (~Q(kind="let_off") & Q(amount__gt=0)), name="surcharge_has_its_sign"
            ),
            models.CheckConstraint(
                condition=Q(kind="interest", until__isnull=False) | ~Q(kind="interest"), name="interest_says_until_when"
            ),
            models.UniqueConstraint(fields=["invoice"], condition=Q(kind="lump_sum"), name="one_lump_sum_an_invoice"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.amount}"


class DunningStop(models.Model):
    """Somebody decided that an invoice, or all of an account, is not reminded of for the time being."""

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="dunning_stops")
    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, null=True, blank=True, related_name="dunning_stops")
    account = models.ForeignKey("billing.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="dunning_stops")
    reason = models.CharField(_("reason"), max_length=300)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(account__isnull=False, invoice__isnull=True) | Q(account__isnull=True, invoice__isnull=False),
                name="stop_is_for_an_account_or_an_invoice",
            ),
            models.UniqueConstraint(
                fields=["invoice"], condition=Q(invoice__isnull=False, lifted_at__isnull=True), name="one_stop_an_invoice"
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(account__isnull=False, lifted_at__isnull=True), name="one_stop_an_account"
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class InstalmentPlan(models.Model):
    """What was agreed with a customer about paying invoices bit by bit; while it is kept nobody is reminded."""

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="instalment_plans")
    invoices = models.ManyToManyField("billing.Invoice", related_name="instalment_plans")
    #: what was open when it was agreed, euro
    total = models.DecimalField(max_digits=12, decimal_places=2)
    agreed_on = models.DateField()
    agreed_at = models.DateTimeField()
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)
    #: it was not kept, or the office ended it
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(total__gt=0), name="plan_is_worth_something")]

    def __str__(self) -> str:
        return f"{self.agreed_on} {self.total}"


class Instalment(models.Model):
    """One rate of a plan."""

    plan = models.ForeignKey(InstalmentPlan, on_delete=models.PROTECT, related_name="instalments")
    due_on = models.DateField()
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "due_on"], name="one_instalment_a_day"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_is_worth_something"),
        ]

    def __str__(self) -> str:
        return f"{self.due_on} {self.amount}"
