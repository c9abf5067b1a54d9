"""What customers change about themselves."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.regions.models import Municipality


class ProfileForm(forms.Form):
    """Name, phone and usual address."""

    first_name = forms.CharField(
        label=gettext_lazy("First name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=gettext_lazy("Last name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    company = forms.CharField(
        label=gettext_lazy("Company"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    street = forms.CharField(
        label=gettext_lazy("Street and number"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-line1"}),
    )
    postal_code = forms.RegexField(
        label=gettext_lazy("Postal code"),
        regex=r"^\d{5}$",
        required=False,
        error_messages={"invalid": gettext_lazy("A postal code has five digits.")},
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "numeric"}),
    )
    municipality = forms.TypedChoiceField(label=gettext_lazy("Village"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, villages: Sequence[Municipality], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.villages = {village.pk: village for village in villages}
        named = [("", _("Please choose")), *((village.pk, village.name) for village in villages)]
        self.fields["municipality"].choices = named  # type: ignore[attr-defined]  # a ChoiceField

    def clean_municipality(self) -> Municipality | None:
        """The village itself."""
        return self.villages.get(self.cleaned_data["municipality"] or 0)

    def clean(self) -> dict[str, Any]:
        """Postal code and village belong together."""
        given = super().clean() or self.cleaned_data
        village, code = given.get("municipality"), given.get("postal_code")
        if village is not None and code and code not in village.postal_codes:
            codes = ", ".join(village.postal_codes)
            raise ValidationError(_("The postal code of %(village)s is %(codes)s.") % {"village": village.name, "codes": codes})
        return given
