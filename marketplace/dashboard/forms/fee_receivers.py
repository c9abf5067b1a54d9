"""Who receives fees that producers bear, and on what terms."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from billing.models import Invoice, SupplyContract
from marketplace.core import money
from marketplace.dashboard.fee_receivers import DETAILS
from marketplace.dashboard.forms.profiles import DayInput
from marketplace.dashboard.onboarding import ContractTerms
from marketplace.partner.models import Partner
from marketplace.regions.models import Municipality, Region

Status = SupplyContract.VatStatus


class ReceiverForm(forms.ModelForm[Partner]):
    """Name, address, and where the money goes."""

    class Meta:
        model = Partner
        fields = DETAILS

    def clean_iban(self) -> str:
        """A real IBAN, without spaces; empty as long as it is not known."""
        told: str = self.cleaned_data["iban"]
        if not told.strip():
            return ""
        try:
            return str(IBAN(told))
        except SchwiftyException as error:
            raise ValidationError(_("This is no valid IBAN. Please compare it digit by digit.")) from error

    def clean(self) -> dict[str, Any]:
        """Self-billing needs one of the two numbers (section 14(4) no. 2 UStG)."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("vat_id") and not cleaned.get("tax_number"):
            self.add_error("tax_number", ValidationError(_("Please enter the tax number or the VAT id.")))
        return cleaned


class TermsForm(forms.Form):
    """How it is taxed, and whether the market may write its credit notes."""

    vat_status = forms.ChoiceField(
        label=_("Taxation"), choices=[(one.value, one.label) for one in (Status.REGULAR, Status.SMALL)]
    )
    self_billing_agreed_on = forms.DateField(
        label=_("Self-billing agreed on"),
        widget=DayInput,
        required=False,
        help_text=_("Empty: nothing is credited by itself, and what is owed waits for an invoice of theirs."),
    )
    valid_from = forms.DateField(label=_("From which day on"), widget=DayInput)

    def terms(self) -> ContractTerms:
        """As `onboarding` takes them."""
        told = self.cleaned_data
        return ContractTerms(
            commission_percent=money.ZERO,
            vat_status=told["vat_status"],
            self_billing_agreed_on=told["self_billing_agreed_on"],
            valid_from=told["valid_from"],
            mode=SupplyContract.Mode.FEES,
        )


class ToldObjectionForm(forms.Form):
    """Which credit note they object to, and what they say."""

    settlement = forms.ModelChoiceField(Invoice.objects.none())
    text = forms.CharField(max_length=300)

    def __init__(self, *args: Any, payee: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        settlement = self.fields["settlement"]
        assert isinstance(settlement, forms.ModelChoiceField)  # noqa: S101 - declared above
        mine = Invoice.objects.filter(partner=payee, kind=Invoice.Kind.SELF_BILLED, passed_fees__isnull=False)
        settlement.queryset = mine.distinct()


class NewReceiverForm(TermsForm, ReceiverForm):
    """Both at once, with the village that it belongs to."""

    municipality = forms.ModelChoiceField(label=_("Village"), queryset=Municipality.objects.none())

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        village = self.fields["municipality"]
        assert isinstance(village, forms.ModelChoiceField)  # noqa: S101 - declared above
        village.queryset = Municipality.objects.filter(region=region).order_by("name")

    def details(self) -> dict[str, Any]:
        """The fields of the business."""
        return {name: self.cleaned_data[name] for name in DETAILS}
