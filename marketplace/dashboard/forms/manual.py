"""What somebody tells who books by hand, or opens a month again."""

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.manual_entries import BANK_LEDGERS


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Why"), max_length=300)


class BankBookingForm(ReasonForm):
    """What a booking of the bank was for, and why it concerns no document."""

    ledger = forms.ChoiceField(label=_("What it was"), choices=[(str(ledger), ledger.label) for ledger in BANK_LEDGERS])


class MonthForm(forms.Form):
    """Which month is to be closed, by its first day."""

    first = forms.DateField()
