"""The journal: double entry, only ever added to, every entry sums to zero (a deferred trigger sees to it)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class JournalEntry(models.Model):
    """One money fact."""

    class Kind(models.TextChoices):
        """What happened."""

        INVOICE = "invoice", _("invoice")
        SETTLEMENT = "settlement", _("settlement")
        PAYMENT = "payment", _("payment")
        PAYOUT = "payout", _("payout")
        CANCELLATION = "cancellation", _("cancellation")
        CORRECTION = "correction", _("correction")
        REFUND = "refund", _("refund")
        COMMISSION = "commission", _("commission")
        RETURN = "return", _("payment that came back")
        DEBIT_RECEIPT = "debit_receipt", _("credited direct debits")
        DUNNING = "dunning", _("charged for late payment")
        OFFSET = "offset", _("credit balance used")
        HOLD = "hold", _("amount held")
        PROVIDER_FEE = "provider_fee", _("fee of the payment provider")
        PROVIDER_PAYOUT = "provider_payout", _("payout of the payment provider")
        DISPUTE = "dispute", _("disputed payment")
        PAYOUT_BACK = "payout_back", _("payout brought back")
        WRITE_OFF = "write_off", _("written off")
        CASH_COUNT = "cash_count", _("difference of counted cash")
        CASH_TO_BANK = "cash_to_bank", _("cash paid in at the bank")
        BANK_CHARGE = "bank_charge", _("charge of the bank")
        REVERSAL = "reversal", _("booking taken back")
        INCOMING = "incoming", _("incoming invoice")

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="journal")
    kind = models.CharField(max_length=15, choices=Kind.choices)
    #: what makes a second booking of the same fact impossible, e.g. "invoice:17"
    key = models.CharField(max_length=80, unique=True)
    day = models.DateField()
    #: when it happened, for a fact that was told after its month was closed
    fact_on = models.DateField(null=True, blank=True)
    booked_at = models.DateTimeField()
    text = models.CharField(max_length=200)
    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, null=True, blank=True, related_name="journal")

    def __str__(self) -> str:
        return f"{self.day} {self.text}"


class Posting(models.Model):
    """One side of an entry: debit positive, credit negative, in euro."""

    class Ledger(models.TextChoices):
        """The accounts of the books, in the trade's words."""

        RECEIVABLE = "receivable", _("receivables")
        PAYABLE = "payable", _("payables to producers")
        BANK = "bank", _("bank")
        CASH = "cash", _("cash")
        SALES = "sales", _("sales")
        FEES = "fees", _("delivery fees")
        DEPOSITS = "deposits", _("deposits")
        VAT_OUT = "vat_out", _("VAT owed")
        VAT_IN = "vat_in", _("input VAT")
        PURCHASES = "purchases", _("goods on commission")
        COMMISSION = "commission", _("commission earned")
        ENTRUSTED = "entrusted", _("held for producers")
        VOUCHERS = "vouchers", _("vouchers that the market bears")
        IN_TRANSIT = "in_transit", _("direct debits on their way")
        DUNNING = "dunning", _("dunning fees and interest")
        BANK_FEES = "bank_fees", _("fees of the bank")
        PROVIDER = "provider", _("money at the payment provider")
        PROV_FEES = "prov_fees", _("fees of the payment provider")
        DISPUTED = "disputed", _("disputed payments")
        WRITE_OFF = "write_off", _("uncollectible receivables")
        ROUNDING = "rounding", _("small differences")
        CASH_DIFF = "cash_diff", _("differences of cash")
        FEE_COSTS = "fee_costs", _("services that fees of producers pay for")
        FEES_DUE = "fees_due", _("owed to receivers of fees")
        EXPENSE = "expense", _("expenses")
        SUPPLIERS = "suppliers", _("payables to others")
        #: a memo beside the balance: what customers' banks hold for the market
        HELD = "held", _("held amounts")
        HELD_AGAINST = "held_against", _("counterpart of held amounts")

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="postings")
    ledger = models.CharField(max_length=12, choices=Ledger.choices)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    vat_rate = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    #: of an expense which sort it is (`billing.chart.EXPENSES`)
    cost = models.CharField(max_length=12, blank=True)
    account = models.ForeignKey("billing.Account", on_delete=models.PROTECT, null=True, blank=True, related_name="postings")
    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, null=True, blank=True, related_name="postings")
    partner = models.ForeignKey("partner.Partner", on_delete=models.PROTECT, null=True, blank=True, related_name="postings")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="posting_is_not_zero")]
        indexes = [models.Index(fields=["ledger", "account"], name="posting_by_account")]

    def __str__(self) -> str:
        return f"{self.ledger} {self.amount}"


class Payment(models.Model):
    """Money that came in for an invoice, or went out for a settlement."""

    class Method(models.TextChoices):
        """How it came."""

        TRANSFER = "transfer", _("bank transfer")
        CASH = "cash", _("cash")
        CARD = "card", _("card at handover")
        DEBIT = "debit", _("SEPA direct debit")
        ONLINE = "online", _("online")
        VOUCHER = "voucher", _("voucher of the market")
        #: no money: the rest is not asked for any more (`billing.manual_entries`)
        WRITE_OFF = "write_off", _("written off")

    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, null=True, blank=True, related_name="payments")
    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, null=True, blank=True, related_name="payments")
    #: of money that went out for an expense
    incoming = models.ForeignKey(
        "billing.IncomingInvoice", on_delete=models.PROTECT, null=True, blank=True, related_name="payments"
    )
    method = models.CharField(max_length=10, choices=Method.choices)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    #: what was set off against what the producer owed, for a payout
    offset = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    received_on = models.DateField()
    reference = models.CharField(max_length=140, blank=True)
    #: what the bank told of it, when it was booked from a statement
    bank_line = models.ForeignKey("billing.BankLine", on_delete=models.PROTECT, null=True, blank=True, related_name="payments")
    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, related_name="payment")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, offset__gte=0) | Q(amount=0, offset__gt=0), name="payment_is_positive"
            ),
            models.CheckConstraint(
                condition=Q(invoice__isnull=False) | Q(order__isnull=False) | Q(incoming__isnull=False),
                name="payment_is_for_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.received_on} {self.amount}"
