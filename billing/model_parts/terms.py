"""On what terms customers pay and producers sell."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class SupplyContract(models.Model):
    """The terms on which a producer sells through the market, dated."""

    class Mode(models.TextChoices):
        """Who sells to the customer (section 383 HGB, section 3(3) UStG)."""

        COMMISSION = "commission", _("commission: the operator sells in its own name")
        AGENCY = "agency", _("agency: the producer sells")
        OWN = "own", _("own goods of the operator")
        FEES = "fees", _("sells nothing, receives fees that producers bear")

    class VatStatus(models.TextChoices):
        """How the producer's own supplies are taxed."""

        REGULAR = "regular", _("regular taxation")
        SMALL = "small", _("small business (section 19 UStG)")
        FLAT_RATE = "flat_rate", _("flat rate for farmers (section 24 UStG)")

    partner = models.ForeignKey("partner.Partner", on_delete=models.PROTECT, related_name="contracts", verbose_name=_("producer"))
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices, default=Mode.COMMISSION)
    commission_percent = models.DecimalField(_("commission in percent"), max_digits=5, decimal_places=2)
    vat_status = models.CharField(_("taxation"), max_length=10, choices=VatStatus.choices)
    self_billing_agreed_on = models.DateField(_("self-billing agreed on"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(commission_percent__gte=0, commission_percent__lt=100), name="commission_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")), name="contract_ends_after_start"
            ),
            models.UniqueConstraint(fields=["partner", "valid_from"], name="one_contract_a_start"),
            models.UniqueConstraint(
                fields=["partner"], condition=Q(valid_until__isnull=True), name="one_open_contract_a_producer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} {self.valid_from}"


class Account(models.Model):
    """The billing terms of a customer: who is billed, how often, where to."""

    class Terms(models.TextChoices):
        """When an invoice is drawn."""

        PER_ORDER = "per_order", _("one invoice an order")
        WEEKLY = "weekly", _("one consolidated invoice a week")
        MONTHLY = "monthly", _("one consolidated invoice a month")

    #: terms by which several deliveries share an invoice
    CONSOLIDATED = (Terms.WEEKLY, Terms.MONTHLY)

    class DocumentFormat(models.TextChoices):
        """What the customer's own programs read."""

        ZUGFERD = "zugferd", _("PDF with data (ZUGFeRD)")
        XRECHNUNG_CII = "xrechnung_cii", _("XRechnung (CII)")
        XRECHNUNG_UBL = "xrechnung_ubl", _("XRechnung (UBL)")

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="accounts", verbose_name=_("region"))
    number = models.CharField(_("customer number"), max_length=20)
    name = models.CharField(_("name"), max_length=200)
    users = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="accounts", blank=True, verbose_name=_("people who order for it")
    )
    terms = models.CharField(_("terms"), max_length=10, choices=Terms.choices, default=Terms.MONTHLY)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    is_business = models.BooleanField(_("business"), default=True)
    #: only a business's people are shown prices without VAT (`billing.net_prices`)
    shows_net = models.BooleanField(_("shows prices without VAT"), default=True)
    street = models.CharField(_("street"), max_length=200)
    postal_code = models.CharField(_("postal code"), max_length=5)
    city = models.CharField(_("city"), max_length=100)
    email = models.EmailField(_("e-mail for invoices"))
    vat_id = models.CharField(_("VAT id"), max_length=20, blank=True)
    #: copies of documents go there too
    copies_to = ArrayField(models.EmailField(), verbose_name=_("further e-mails for documents"), blank=True, default=list)
    document_format = models.CharField(
        _("e-invoice"), max_length=14, choices=DocumentFormat.choices, default=DocumentFormat.ZUGFERD
    )
    leitweg_id = models.CharField(_("Leitweg-ID"), max_length=46, blank=True)
    payment_days = models.PositiveSmallIntegerField(_("days to pay"), default=14)
    credit_limit = models.DecimalField(_("credit limit"), max_digits=10, decimal_places=2, default=0)
    #: whoever orders for the account sees what these groups see
    groups = models.ManyToManyField(
        "assortments.CustomerGroup", related_name="accounts", blank=True, verbose_name=_("customer groups")
    )

    class Meta:
        verbose_name = _("customer account")
        verbose_name_plural = _("customer accounts")
        constraints = [models.UniqueConstraint(fields=["region", "number"], name="account_number_once_a_region")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class OrderTerms(models.Model):
    """How an order is paid, as agreed when it was placed."""

    class Method(models.TextChoices):
        """The ways to pay."""

        ACCOUNT = "account", _("on invoice")
        TRANSFER = "transfer", _("bank transfer in advance")
        HANDOVER = "handover", _("cash or card at handover")
        DEBIT = "debit", _("SEPA direct debit after delivery")
        ONLINE = "online", _("online payment")

    order = models.OneToOneField("order.Order", on_delete=models.PROTECT, related_name="terms")
    method = models.CharField(_("payment"), max_length=10, choices=Method.choices)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="order_terms")
    #: an order to be paid online is ended by itself when nothing was authorised until then; empty as soon as something is
    unpaid_until = models.DateTimeField(_("unpaid until"), null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["unpaid_until"], condition=Q(unpaid_until__isnull=False), name="unpaid_orders")]
        constraints = [
            models.CheckConstraint(
                condition=Q(method="account", account__isnull=False) | (~Q(method="account") & Q(account__isnull=True)),
                name="order_on_account_names_it",
            )
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.method}"
