"""An e-invoice that comes in, and what the office decides about it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.chart import Expense
from billing.incoming_reading import LARGEST
from billing.models import IncomingInvoice
from marketplace.partner.models import Partner


class EInvoiceForm(forms.Form):
    """The file."""

    file = forms.FileField(
        label=_("E-invoice (XML or PDF with data)"),
        help_text=_("XRechnung, ZUGFeRD or Factur-X, up to 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".xml,.pdf"}),
        max_length=200,
        error_messages={
            "required": _("Please choose a file."),
            "empty": _("The file is empty."),
            "max_length": _("The name of the file is too long."),
        },
    )

    def content(self) -> bytes:
        """At most one byte more than is taken, so that one too large is known as such."""
        read: bytes = self.cleaned_data["file"].read(LARGEST + 1)
        return read


class BookingForm(forms.Form):
    """What an invoice is booked as: what it settles (`supplier_invoices.Owed.key`), or a sort of expense; and why."""

    settles = forms.CharField(max_length=40, required=False)
    cost = forms.ChoiceField(choices=[("", ""), *Expense.choices], required=False)
    reason = forms.CharField(label=_("Why"), max_length=300)


class DecisionForm(forms.Form):
    """Whose it is, and whether it is right."""

    partner = forms.ModelChoiceField(Partner.objects.none(), label=_("Producer"), required=False, empty_label=_("none of ours"))
    status = forms.ChoiceField(label=_("Decision"), choices=IncomingInvoice.Status.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, region: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        mine: Any = self.fields["partner"]
        mine.queryset = Partner.objects.filter(region=region).order_by("name")
