"""What the office enters about documents."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.eu import vat
from stdnum.exceptions import ValidationError as WrongNumber

from billing import leitweg
from billing.reissues import Particulars


class ReasonForm(forms.Form):
    """Why a document is taken back."""

    reason = forms.CharField(label=_("What is wrong"), max_length=200, help_text=_("Is printed on the cancellation."))


class ParticularsForm(ReasonForm):
    """Whom the new invoice names."""

    name = forms.CharField(label=_("Name"), max_length=200)
    street = forms.CharField(label=_("Street and number"), max_length=200)
    postal_code = forms.RegexField(r"^\d{5}$", label=_("Postal code"), error_messages={"invalid": _("Five digits, please.")})
    city = forms.CharField(label=_("Place"), max_length=100)
    email = forms.EmailField(label=_("E-mail for the invoice"), required=False)
    vat_id = forms.CharField(label=_("VAT id"), required=False, max_length=20)
    buyer_reference = forms.CharField(
        label=_("Reference of the customer"), required=False, max_length=100, help_text=_("For example an order number.")
    )
    leitweg_id = forms.CharField(
        label=_("Leitweg-ID"), required=False, max_length=50, help_text=_("Only for authorities; they get an XRechnung.")
    )

    def clean_vat_id(self) -> str:
        """A real VAT id of the European Union, or none."""
        told: str = self.cleaned_data["vat_id"]
        try:
            return str(vat.validate(told)).upper() if told else ""
        except WrongNumber as error:
            raise ValidationError(_("This is no valid VAT id. It looks like DE129273398.")) from error

    def clean_leitweg_id(self) -> str:
        """Checked by its check digits."""
        try:
            return leitweg.checked(self.cleaned_data["leitweg_id"])
        except leitweg.LeitwegRefused as refusal:
            raise ValidationError(str(refusal)) from refusal

    def particulars(self) -> Particulars:
        """As `reissues` takes them."""
        told: dict[str, Any] = {name: self.cleaned_data[name] for name in self.fields if name != "reason"}
        return Particulars(**told)
