"""What the office chooses to collect, under which identifier, and what it files of mandates on paper."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.eu import at_02
from stdnum.exceptions import ValidationError as BadNumber

from billing.debit_runs import Due
from billing.models import Account, Mandate
from marketplace.dashboard.forms.profiles import DayInput


class DebitRunForm(forms.Form):
    """Which invoices, and on which day the bank is to collect them."""

    chosen = forms.TypedMultipleChoiceField(
        label=_("Invoices"), coerce=int, error_messages={"required": _("Please choose at least one invoice.")}
    )
    collect_on = forms.DateField(label=_("To be collected on"), widget=DayInput)

    def __init__(self, *args: Any, due: Sequence[Due], earliest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["chosen"]
        assert isinstance(chosen, forms.TypedMultipleChoiceField)  # noqa: S101 - declared above
        chosen.choices = [(item.invoice_id, item.number) for item in due]
        self.fields["collect_on"].widget.attrs["min"] = earliest.isoformat()

    def told(self) -> dict[str, Any]:
        """As `debit_runs.draw_up` takes it."""
        return {"invoice_ids": self.cleaned_data["chosen"], "collect_on": self.cleaned_data["collect_on"]}

    @property
    def picked(self) -> set[str]:
        """The keys that are ticked when the form is shown again."""
        return set(self.data.getlist("chosen")) if self.is_bound else set()  # type: ignore[attr-defined]  # a QueryDict


class DebitTermsForm(forms.Form):
    """Under which identifier the market collects, and how long before it says so."""

    creditor_id = forms.CharField(
        label=_("Creditor identifier"), max_length=35, help_text=_("From the Bundesbank, for example DE98ZZZ09999999999.")
    )
    notice_days = forms.IntegerField(
        label=_("Days between notice and collection"),
        min_value=1,
        max_value=30,
        help_text=_("The mandate says so. 14 days are usual; fewer may be agreed on."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def clean_creditor_id(self) -> str:
        """A real one, without spaces."""
        try:
            return str(at_02.validate(self.cleaned_data["creditor_id"]))
        except BadNumber as error:
            raise ValidationError(_("This creditor identifier is not right. Please compare it letter by letter.")) from error


class PaperMandateForm(forms.Form):
    """A mandate that an account signed on paper."""

    account = forms.ModelChoiceField(label=_("Customer account"), queryset=Account.objects.none())
    scheme = forms.ChoiceField(label=_("Kind"), choices=Mandate.Scheme.choices)
    holder = forms.CharField(label=_("Account holder"), max_length=70)
    iban = forms.CharField(label="IBAN", max_length=42)
    signed_name = forms.CharField(label=_("Signed by"), max_length=70)
    signed_on = forms.DateField(label=_("Signed on"), widget=DayInput)

    def __init__(self, *args: Any, region: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accounts = Account.objects.filter(region=region).order_by("name", "number")
        self.fields["account"].queryset = accounts  # type: ignore[attr-defined]  # a ModelChoiceField
