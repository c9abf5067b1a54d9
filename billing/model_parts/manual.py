"""Bookings that somebody in the office makes: one proposes and says why, another one approves."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.model_parts.money import JournalEntry


class ManualEntry(models.Model):
    """A booking as it was proposed, and what became of it. Exactly one thing is meant, by kind."""

    class Kind(models.TextChoices):
        """What is to be booked."""

        WRITE_OFF = "write_off", _("write off what will not be paid")
        SMALL = "small", _("write off a small difference")
        LET_OFF = "let_off", _("let off costs of reminding and interest")
        TAKE_BACK = "take_back", _("take back a payment that was assigned wrongly")
        CASH_COUNT = "cash_count", _("difference of counted cash")
        BANK_LINE = "bank_line", _("booking of the bank that concerns no document")
        REVERSAL = "reversal", _("take back a manual booking")
        INCOMING = "incoming", _("invoice of a supplier")

    class Status(models.TextChoices):
        """How far it is."""

        PROPOSED = "proposed", _("proposed")
        BOOKED = "booked", _("booked")
        REFUSED = "refused", _("turned down")
        REVERSED = "reversed", _("booked and taken back")

    TRANSITIONS = {
        Status.PROPOSED: frozenset({Status.BOOKED, Status.REFUSED}),
        Status.BOOKED: frozenset({Status.REVERSED}),
    }

    region = models.ForeignKey("regions.Region", on_delete=models.PROTECT, related_name="manual_entries")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PROPOSED)
    #: euro above zero, of counted cash the difference with its sign
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    day = models.DateField()
    reason = models.CharField(max_length=300)
    # what is meant
    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, null=True, blank=True, related_name="manual_entries")
    payment = models.ForeignKey("billing.Payment", on_delete=models.PROTECT, null=True, blank=True, related_name="manual_entries")
    cash_count = models.ForeignKey(
        "logistics.CashCount", on_delete=models.PROTECT, null=True, blank=True, related_name="manual_entries"
    )
    bank_line = models.ForeignKey(
        "billing.BankLine", on_delete=models.PROTECT, null=True, blank=True, related_name="manual_entries"
    )
    incoming = models.ForeignKey(
        "billing.IncomingInvoice", on_delete=models.PROTECT, null=True, blank=True, related_name="manual_entries"
    )
    #: of a supplier's invoice what sort of expense it is (`billing.chart.EXPENSES`); empty: it settles what is owed
    cost = models.CharField(max_length=12, blank=True)
    #: and the first day of the month of which it settles what is owed
    month = models.DateField(null=True, blank=True)
    #: the other side of a booking of the bank
    ledger = models.CharField(max_length=12, blank=True)
    reverses = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversals")
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    answer = models.CharField(max_length=300, blank=True)
    entry = models.OneToOneField(JournalEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="manual_entry")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="manual_entry_is_worth_something"),
            models.CheckConstraint(condition=~Q(reason=""), name="manual_entry_says_why"),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_at__isnull=True, entry__isnull=True)
                | Q(status__in=("booked", "reversed"), decided_at__isnull=False, entry__isnull=False)
                | Q(status="refused", decided_at__isnull=False, entry__isnull=True),
                name="decided_manual_entry_says_when",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(status="booked") | ~Q(decided_by=F("proposed_by")),
                name="two_people_book_by_hand",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("write_off", "small", "let_off"), invoice__isnull=False)
                | Q(kind="take_back", payment__isnull=False)
                | Q(kind="cash_count", cash_count__isnull=False)
                | (Q(kind="bank_line", bank_line__isnull=False) & ~Q(ledger=""))
                | Q(kind="reversal", reverses__isnull=False)
                | Q(kind="incoming", incoming__isnull=False),
                name="manual_entry_names_what_is_meant",
            ),
            models.UniqueConstraint(
                fields=["invoice"], condition=Q(status="proposed", kind="let_off"), name="one_let_off_at_a_time"
            ),
            *(
                models.UniqueConstraint(
                    fields=[field], condition=Q(status__in=("proposed", "booked"), kind=kind), name=f"one_{kind}_each"
                )
                for field, kind in (
                    ("payment", "take_back"),
                    ("cash_count", "cash_count"),
                    ("bank_line", "bank_line"),
                    ("reverses", "reversal"),
                    ("incoming", "incoming"),
                )
            ),
        ]
        indexes = [models.Index(fields=["region", "status", "proposed_at"], name="manual_entry_by_status")]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
