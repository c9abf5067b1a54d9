"""What customers type about their money: a mandate, the wish for an account, where documents go."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from stdnum.eu import vat as eu_vat

from billing import mandates
from billing.applications import Wish
from billing.mandates import MandateRefused
from billing.models import Account
from marketplace.core.forms import EuroField

MOST_COPIES = 5


class MandateForm(forms.Form):
    """Signing online: the name stands for the signature."""

    holder = forms.CharField(label=_("Account holder"), max_length=70, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    iban = forms.CharField(
        label="IBAN", max_length=42, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )
    signed_name = forms.CharField(
        label=_("Your name"), max_length=70, help_text=_("Who signs: first and last name, in place of the signature.")
    )
    agreed = forms.BooleanField(label=_("I grant this mandate."))

    def clean_iban(self) -> str:
        """A real one of a bank that takes part."""
        try:
            return mandates.checked_iban(self.cleaned_data["iban"])
        except MandateRefused as refusal:
            raise ValidationError(str(refusal)) from refusal


class ApplicationForm(forms.Form):
    """The wish to buy on account."""

    is_business = forms.TypedChoiceField(
        label=_("Who orders"),
        choices=[("1", _("a business or an institution")), ("0", _("a household"))],
        coerce=lambda told: told == "1",
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=_("Name on the invoice"), max_length=200)
    street = forms.CharField(label=_("Street and number"), max_length=200)
    postal_code = forms.RegexField(
        r"^\d{5}$", label=_("Postal code"), widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "postal-code"})
    )
    city = forms.CharField(label=_("Town"), max_length=100)
    email = forms.EmailField(label=_("E-mail for invoices"))
    vat_id = forms.CharField(label=_("VAT id"), max_length=20, required=False, help_text=_("Only businesses that have one."))
    limit = EuroField(
        label=_("Up to how many euro you want to order"),
        min_value=50,
        max_value=50_000,
        max_digits=8,
        help_text=_("At a time, unpaid."),
    )
    terms = forms.ChoiceField(label=_("How often you want an invoice"), choices=Account.Terms.choices)
    note = forms.CharField(label=_("Is there anything we should know?"), max_length=500, required=False, widget=forms.Textarea)

    def clean_vat_id(self) -> str:
        """A number that can be right."""
        told = self.cleaned_data["vat_id"]
        if told and not eu_vat.is_valid(told):
            raise ValidationError(_("This VAT id is not right. A German one is DE and nine digits."))
        return str(eu_vat.compact(told)) if told else ""

    def wish(self) -> Wish:
        """As `applications.apply` takes it."""
        return Wish(**self.cleaned_data)


class DocumentsForm(forms.Form):
    """How an account gets its documents."""

    email = forms.EmailField(label=_("E-mail for invoices"))
    copies_to = forms.CharField(
        label=_("Copies to"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One address a line, five at most: for example your tax adviser."),
    )
    document_format = forms.ChoiceField(label=_("E-invoice"), choices=Account.DocumentFormat.choices)

    def clean_copies_to(self) -> list[str]:
        """Each address once."""
        found = list(dict.fromkeys(word for word in re.split(r"[\s,;]+", self.cleaned_data["copies_to"]) if word))
        if len(found) > MOST_COPIES:
            raise ValidationError(_("Five addresses at most, please."))
        for address in found:
            validate_email(address)
        return found

    def told(self) -> dict[str, Any]:
        """As `documents.keep` takes it."""
        return dict(self.cleaned_data)
