"""An address with a name and a village."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.regions.models import Municipality


class AddressForm(forms.Form):
    """Name, street, postal code and village, and what the driver should know."""

    label = forms.CharField(
        label=gettext_lazy("What do you call this address?"),
        max_length=40,
        help_text=gettext_lazy("For example: home, work, grandmother."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    street = forms.CharField(
        label=gettext_lazy("Street and number"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "address-line1"})
    )
    postal_code = forms.RegexField(
        label=gettext_lazy("Postal code"),
        regex=r"^\d{5}$",
        error_messages={"invalid": gettext_lazy("A postal code has five digits.")},
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "numeric"}),
    )
    municipality = forms.TypedChoiceField(
        label=gettext_lazy("Village"), coerce=int, widget=forms.Select(attrs={"autocomplete": "address-level2"})
    )
    note = forms.CharField(
        label=gettext_lazy("Note for the driver"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("For example where we may put the crate."),
        widget=forms.TextInput(),
    )
    usual = forms.BooleanField(label=gettext_lazy("Usually bring it here"), required=False)

    def __init__(self, *args: Any, villages: Sequence[Municipality], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.villages = {village.pk: village for village in villages}
        named = [("", _("Please choose")), *((village.pk, village.name) for village in villages)]
        self.fields["municipality"].choices = named  # type: ignore[attr-defined]  # a ChoiceField

    def clean_municipality(self) -> Municipality:
        """The village itself."""
        return self.villages[self.cleaned_data["municipality"]]

    def clean(self) -> dict[str, Any]:
        """Postal code and village belong together."""
        given = super().clean() or self.cleaned_data
        village, code = given.get("municipality"), given.get("postal_code")
        if village is not None and code and code not in village.postal_codes:
            codes = ", ".join(village.postal_codes)
            raise ValidationError(_("The postal code of %(village)s is %(codes)s.") % {"village": village.name, "codes": codes})
        return given
