"""What the office sends and decides about the bank's bookings."""

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.bank_files import MOST_BYTES


class StatementForm(forms.Form):
    """A statement as the bank gives it out."""

    file = forms.FileField(
        label=_("Statement (camt.053 or MT940)"),
        help_text=_("Your bank offers it for download beside the account's bookings. Sending one twice does no harm."),
        widget=forms.FileInput(attrs={"accept": ".xml,.sta,.mta,.txt,.mt940,.940"}),
        error_messages={"required": _("Please choose a file."), "empty": _("The file is empty.")},
    )

    def content(self) -> bytes:
        """At most one byte more than is taken, so that one too large is known as such."""
        read: bytes = self.cleaned_data["file"].read(MOST_BYTES + 1)
        return read


class SetAsideForm(forms.Form):
    """What a booking was that is none of the market's."""

    note = forms.CharField(label=_("What was it?"), max_length=200, required=False)
