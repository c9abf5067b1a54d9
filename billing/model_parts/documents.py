"""Invoices, credit notes and their files: finalised, numbered without gaps, never changed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class NumberSeries(models.Model):
    """The counter of a series and year; its row is locked while a number is drawn."""

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="+")
    prefix = models.CharField(max_length=6)
    #: who sells, when it is not the operator: the series is kept on that producer's behalf (agency)
    seller = models.ForeignKey("partner.Partner", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "seller", "prefix", "year"], nulls_distinct=False, name="one_series_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.prefix}-{self.year}"


class Invoice(models.Model):
    """A finalised document. A database trigger refuses every change to what it says."""

    class Kind(models.TextChoices):
        """The document's type code (UNTDID 1001)."""

        INVOICE = "380", _("Invoice")
        CREDIT = "381", _("Correction")
        CANCELLATION = "384", _("Cancellation")
        SELF_BILLED = "389", _("Credit note to a producer")

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="invoices")
    kind = models.CharField(max_length=3, choices=Kind.choices)
    number = models.CharField(max_length=30)
    series = models.ForeignKey(NumberSeries, on_delete=models.PROTECT, related_name="invoices")
    counter = models.PositiveIntegerField()
    issued_on = models.DateField()
    due_on = models.DateField(null=True, blank=True)
    period_from = models.DateField()
    period_until = models.DateField()
    #: 1; higher when goods of a month that was billed already were reported later
    part = models.PositiveSmallIntegerField(default=1)
    # whom it concerns: exactly one of the three
    account = models.ForeignKey("billing.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="invoices")
    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, null=True, blank=True, related_name="invoices")
    partner = models.ForeignKey("partner.Partner", on_delete=models.PROTECT, null=True, blank=True, related_name="settlements")
    #: the producer in whose name it is written (agency); empty: the operator sells, or buys
    seller = models.ForeignKey("partner.Partner", on_delete=models.PROTECT, null=True, blank=True, related_name="sales_documents")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    #: the invoice that a correction (381) takes something off
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrections")
    #: the first of several documents of which each was cancelled and drawn anew; empty on that first one
    origin = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="editions")
    #: 1; higher on a document that was drawn anew
    edition = models.PositiveSmallIntegerField(default=1)
    #: the own invoice of the producer or receiver of fees, by which this was settled instead of by a credit note
    settled_by = models.OneToOneField(
        "billing.IncomingInvoice", on_delete=models.PROTECT, null=True, blank=True, related_name="settlement"
    )
    net = models.DecimalField(max_digits=12, decimal_places=2)
    tax = models.DecimalField(max_digits=12, decimal_places=2)
    gross = models.DecimalField(max_digits=12, decimal_places=2)
    #: all that the document prints, as `billing.documents.Document` in plain JSON
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    previous_sha256 = models.CharField(max_length=64, blank=True)
    finalised_at = models.DateTimeField()
    # what happens to it afterwards; the trigger lets only these change
    sent_at = models.DateTimeField(null=True, blank=True)
    objected_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "number"], name="document_number_once"),
            models.UniqueConstraint(fields=["series", "counter"], name="counter_once_a_series"),
            models.CheckConstraint(condition=Q(gross=F("net") + F("tax")), name="gross_is_net_plus_tax"),
            models.CheckConstraint(condition=Q(period_until__gte=F("period_from")), name="period_ends_after_start"),
            models.UniqueConstraint(
                fields=["account", "seller", "period_from", "period_until", "part", "edition"],
                nulls_distinct=False,
                condition=Q(kind="380", account__isnull=False),
                name="one_consolidated_invoice_a_period",
            ),
            models.UniqueConstraint(
                fields=["order", "seller", "edition"],
                condition=Q(kind="380", order__isnull=False),
                nulls_distinct=False,
                name="one_invoice_an_order",
            ),
            models.UniqueConstraint(fields=["origin", "edition"], name="drawn_anew_once_an_edition"),
            models.CheckConstraint(
                condition=Q(origin__isnull=True, edition=1) | Q(origin__isnull=False, edition__gt=1),
                name="later_edition_names_the_first",
            ),
            models.UniqueConstraint(
                fields=["partner", "period_from", "period_until", "part"], condition=Q(kind="389"), name="one_settlement_a_period"
            ),
        ]
        indexes = [models.Index(fields=["region", "-issued_on", "-id"], name="invoice_by_region")]

    def __str__(self) -> str:
        return self.number


class InvoiceLine(models.Model):
    """Where each cent of a document comes from; an order line is billed once and settled once."""

    class Charge(models.TextChoices):
        """What of the order line it is."""

        GOODS = "goods", _("goods")
        DEPOSIT = "deposit", _("deposit")
        FEE = "fee", _("fee")
        COMMISSION = "commission", _("commission")
        DISCOUNT = "discount", _("discount")
        RETURN = "return", _("deposit given back")
        SERVICE = "service", _("service paid by a fee")

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=3, choices=Invoice.Kind.choices)  # the document's, for the constraints below
    position = models.PositiveIntegerField()
    charge = models.CharField(max_length=10, choices=Charge.choices)
    order_line = models.ForeignKey("order.Line", on_delete=models.PROTECT, null=True, blank=True, related_name="invoice_lines")
    fee = models.ForeignKey("order.Fee", on_delete=models.PROTECT, null=True, blank=True, related_name="invoice_lines")
    deposit_return = models.ForeignKey(
        "logistics.DepositReturn", on_delete=models.PROTECT, null=True, blank=True, related_name="invoice_lines"
    )
    #: the voucher's discount of which this is the share of an order line, or of the fee at one rate
    discount = models.ForeignKey(
        "order.OrderDiscount", on_delete=models.PROTECT, null=True, blank=True, related_name="invoice_lines"
    )
    #: what is taken off afterwards: a complaint or withdrawal that was granted
    credit = models.ForeignKey("billing.Credit", on_delete=models.PROTECT, null=True, blank=True, related_name="invoice_lines")
    #: how often it was billed or settled, with this time: each edition but the last is on a cancelled document
    edition = models.PositiveSmallIntegerField(default=1)
    #: a fee that the producer bears (389); the row says who receives it
    producer_fee = models.ForeignKey(
        "billing.ProducerFee", on_delete=models.PROTECT, null=True, blank=True, related_name="invoice_lines"
    )
    #: the commission on it (389): of goods what is taken, of the commission itself the same
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    net = models.DecimalField(max_digits=12, decimal_places=2)
    gross = models.DecimalField(max_digits=12, decimal_places=2)
    vat_rate = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="position_once_a_document"),
            models.UniqueConstraint(
                fields=["order_line", "charge", "edition"],
                condition=Q(kind="380", order_line__isnull=False, discount__isnull=True),
                name="order_line_is_billed_once",
            ),
            models.UniqueConstraint(
                fields=["order_line", "charge", "edition"],
                condition=Q(kind="389", order_line__isnull=False, discount__isnull=True),
                name="order_line_is_settled_once",
            ),
            models.UniqueConstraint(
                fields=["kind", "discount", "order_line", "edition"],
                condition=Q(kind__in=("380", "389"), discount__isnull=False, order_line__isnull=False),
                name="discount_of_a_line_is_given_once",
            ),
            models.UniqueConstraint(
                fields=["discount", "vat_rate", "edition"],
                condition=Q(kind="380", discount__isnull=False, order_line__isnull=True),
                name="discount_of_a_fee_is_given_once",
            ),
            models.UniqueConstraint(
                fields=["deposit_return", "edition"],
                condition=Q(kind__in=("380", "381"), deposit_return__isnull=False),
                name="deposit_return_is_paid_back_once",
            ),
            models.UniqueConstraint(
                fields=["deposit_return", "edition"],
                condition=Q(kind="389", deposit_return__isnull=False),
                name="deposit_return_is_settled_once",
            ),
            models.UniqueConstraint(
                fields=["credit", "vat_rate", "edition"],
                condition=Q(kind__in=("380", "381"), credit__isnull=False),
                name="credit_is_given_once",
            ),
            models.UniqueConstraint(
                fields=["credit", "edition"], condition=Q(kind="389", credit__isnull=False), name="credit_is_settled_once"
            ),
            models.UniqueConstraint(
                fields=["fee", "vat_rate", "edition"], condition=Q(kind="380", fee__isnull=False), name="fee_is_billed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id}/{self.position}"


class DocumentFile(models.Model):
    """The XML and PDF of a document, made once. They live in the database: one backup holds the books and their proof."""

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="file")
    xml = models.BinaryField()
    pdf = models.BinaryField()
    xml_sha256 = models.CharField(max_length=64)
    pdf_sha256 = models.CharField(max_length=64)
    #: the same data in the other syntax, for who asked for it
    ubl = models.BinaryField(null=True, blank=True)
    ubl_sha256 = models.CharField(max_length=64, blank=True)
    #: the rule set and its findings when the document was checked
    checked_with = models.CharField(max_length=100)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.invoice_id}"
