"""What customers change about themselves."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.regions.models import Municipality


class ProfileForm(forms.Form):
    """Name, phone and village."""

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
    municipality = forms.TypedChoiceField(
        label=gettext_lazy("Your village"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=gettext_lazy("We show delivery windows and pickup points for it."),
    )

    def __init__(self, *args: Any, villages: Sequence[Municipality], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.villages = {village.pk: village for village in villages}
        named = [("", _("Please choose")), *((village.pk, village.name) for village in villages)]
        self.fields["municipality"].choices = named  # type: ignore[attr-defined]  # a ChoiceField

    def clean_municipality(self) -> Municipality | None:
        """The village itself."""
        return self.villages.get(self.cleaned_data["municipality"] or 0)
