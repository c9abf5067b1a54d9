"""What the office enters: approvals, payments, limits."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from billing.models import Account, Payment, SupplyContract
from marketplace.core.forms import EuroField
from marketplace.dashboard.forms.profiles import DayInput
from marketplace.dashboard.onboarding import ContractTerms

#: debits and what comes through the provider are booked by their own runs
BY_HAND = (Payment.Method.TRANSFER, Payment.Method.CASH, Payment.Method.CARD)


class PapersForm(forms.Form):
    """The checklist, and the numbers that have to be on file before anybody is paid."""

    identity_checked = forms.BooleanField(label=_("Identity and address are checked"))
    tax_checked = forms.BooleanField(label=_("Tax number or VAT id is checked"))
    iban_checked = forms.BooleanField(label=_("The bank account belongs to the business"))
    vat_id = forms.CharField(label=_("VAT id"), required=False, max_length=20)
    tax_number = forms.CharField(label=_("Tax number"), required=False, max_length=20)
    iban = forms.CharField(label="IBAN", max_length=42)
    bank_name = forms.CharField(label=_("Bank"), required=False, max_length=100)

    def clean_iban(self) -> str:
        """A real IBAN, without spaces."""
        try:
            return str(IBAN(self.cleaned_data["iban"]))
        except SchwiftyException as error:
            raise ValidationError(_("This is no valid IBAN. Please compare it digit by digit.")) from error

    def clean(self) -> dict[str, Any]:
        """Self-billing needs one of the two numbers (section 14(4) no. 2 UStG)."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("vat_id") and not cleaned.get("tax_number"):
            self.add_error("tax_number", ValidationError(_("Please enter the tax number or the VAT id.")))
        return cleaned

    def papers(self) -> dict[str, str]:
        """The fields of the producer."""
        return {name: self.cleaned_data[name] for name in ("vat_id", "tax_number", "iban", "bank_name")}


class ContractForm(forms.Form):
    """The terms of a new contract."""

    mode = forms.ChoiceField(
        label=_("Who sells to the customers"),
        choices=[(mode.value, mode.label) for mode in (SupplyContract.Mode.COMMISSION, SupplyContract.Mode.AGENCY)],
        help_text=_("On commission the customers get one invoice of the market; with agency one in the name of the business."),
    )
    commission_percent = EuroField(
        label=_("Commission in percent"),
        min_value=0,
        max_value=Decimal("99.99"),
        max_digits=5,
    )
    vat_status = forms.ChoiceField(label=_("Taxation of the business"), choices=SupplyContract.VatStatus.choices)
    valid_from = forms.DateField(label=_("Contract from"), widget=DayInput)
    self_billing_agreed_on = forms.DateField(label=_("Self-billing agreed on"), widget=DayInput, required=False)
    contract_checked = forms.BooleanField(label=_("The contract is signed and on file"))

    def clean(self) -> dict[str, Any]:
        """On commission the market writes the credit notes, so that has to be agreed (section 14(2) UStG)."""
        told: dict[str, Any] = super().clean() or {}
        if told.get("mode") == SupplyContract.Mode.COMMISSION and not told.get("self_billing_agreed_on"):
            self.add_error("self_billing_agreed_on", _("Please say since when credit notes by the market are agreed."))
        return told

    def terms(self) -> ContractTerms:
        """As `onboarding` takes them."""
        told = self.cleaned_data
        return ContractTerms(
            commission_percent=told["commission_percent"],
            vat_status=told["vat_status"],
            self_billing_agreed_on=told["self_billing_agreed_on"],
            valid_from=told["valid_from"],
            mode=told["mode"],
        )


class SuspensionForm(forms.Form):
    """Why a business may not sell any more."""

    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("Stays in the file of the business."))


class PaymentForm(forms.Form):
    """Money that came in."""

    amount = EuroField(max_digits=10, label=_("Amount in euro"), min_value=Decimal("0.01"))
    method = forms.ChoiceField(label=_("How it came"), choices=[(way.value, way.label) for way in BY_HAND])
    received_on = forms.DateField(label=_("Received on"), widget=DayInput)
    reference = forms.CharField(
        label=_("Reference"), required=False, max_length=140, help_text=_("What stands on the bank statement.")
    )


class PayoutForm(forms.Form):
    """Money that went out to a producer."""

    paid_on = forms.DateField(label=_("Transferred on"), widget=DayInput)
    reference = forms.CharField(label=_("Reference"), required=False, max_length=140)


class AccountForm(forms.Form):
    """On what terms a customer buys on invoice."""

    credit_limit = EuroField(max_digits=10, label=_("Credit limit in euro"), min_value=0)
    payment_days = forms.IntegerField(
        label=_("Days to pay"), min_value=0, max_value=90, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    terms = forms.ChoiceField(label=_("Invoices"), choices=Account.Terms.choices)
