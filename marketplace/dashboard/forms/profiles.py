"""How a producer presents itself, and how a business applies to sell."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core import money
from marketplace.core.forms import EuroField
from marketplace.partner.models import Partner
from marketplace.regions.models import Municipality, Region


class DayInput(forms.DateInput):
    """A day, as phones let one pick it."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class ProfileForm(forms.ModelForm[Partner]):
    """What the producer's page shows besides the identity, which the office keeps."""

    minimum_order = EuroField(
        label=_("Minimum for each order in €"),
        required=False,
        min_value=0,
        max_value=500,
        max_digits=6,
        help_text=_("So much of your goods an order has to hold. Empty: no minimum."),
    )
    minimum_round = EuroField(
        label=_("Minimum for each round in €"),
        required=False,
        min_value=0,
        max_value=5000,
        max_digits=8,
        help_text=_(
            "So much all orders of a round have to hold together. Not reached at the cut-off: nothing to pack, "
            "and the customers are told. Empty: no minimum."
        ),
    )
    photo = forms.FileField(label=_("New photo"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"}))

    class Meta:
        model = Partner
        fields = ["short", "story", "opening_text", "minimum_order", "minimum_round", "closed_from", "closed_until"]
        widgets = {
            "story": forms.Textarea({"rows": 8}),
            "closed_from": DayInput,
            "closed_until": DayInput,
        }
        help_texts = {
            "short": _("Stands on your card: what makes your business special."),
            "closed_from": _("From this day on your articles cannot be ordered for a delivery day."),
            "closed_until": _("Empty: until further notice."),
        }

    def clean_minimum_order(self) -> Decimal:
        """Nothing entered is no minimum."""
        told: Decimal | None = self.cleaned_data["minimum_order"]
        return told or money.ZERO

    def clean_minimum_round(self) -> Decimal:
        """Nothing entered is no minimum."""
        told: Decimal | None = self.cleaned_data["minimum_round"]
        return told or money.ZERO

    def _post_clean(self) -> None:
        """What fits together is decided by `profiles.revise`, in words of the trade; the row is not touched here."""


class ApplicationForm(forms.Form):
    """A business that wants to sell. Short: everything else is asked when somebody of the office calls."""

    name = forms.CharField(label=_("Name of the business"), max_length=128)
    kind = forms.ChoiceField(label=_("What are you?"), choices=Partner.Kind.choices, initial=Partner.Kind.PRODUCER)
    short = forms.CharField(
        label=_("What do you want to sell?"), max_length=200, help_text=_("One sentence, for example: raw-milk cheese and eggs.")
    )
    contact_first_name = forms.CharField(label=_("First name"), max_length=100)
    contact_last_name = forms.CharField(label=_("Last name"), max_length=100)
    street = forms.CharField(label=_("Street and number"), max_length=200)
    postal_code = forms.RegexField(
        r"^\d{5}$",
        label=_("Postal code"),
        error_messages={"invalid": _("A postal code has five digits.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    city = forms.CharField(label=_("Town"), max_length=100)
    municipality = forms.ModelChoiceField(
        label=_("Village"), queryset=Municipality.objects.none(), empty_label=_("Please choose")
    )
    email = forms.EmailField(label=_("E-mail"))
    phone = forms.CharField(label=_("Phone"), max_length=40)
    agreed = forms.BooleanField(label=_("I have read the privacy notice and want to be contacted."))

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        village: Any = self.fields["municipality"]
        village.queryset = Municipality.objects.filter(region=region).order_by("name", "pk")
        hints = {
            "name": "organization", "contact_first_name": "given-name", "contact_last_name": "family-name",
            "street": "street-address", "postal_code": "postal-code", "city": "address-level2", "email": "email", "phone": "tel",
        }  # fmt: skip
        for field, hint in hints.items():
            self.fields[field].widget.attrs["autocomplete"] = hint

    def details(self) -> dict[str, Any]:
        """The fields of the producer."""
        return {name: value for name, value in self.cleaned_data.items() if name != "agreed"}


class ObjectionForm(forms.Form):
    """Why a producer does not accept a credit note."""

    text = forms.CharField(label=_("What is wrong?"), max_length=1000, widget=forms.Textarea({"rows": 4}))
