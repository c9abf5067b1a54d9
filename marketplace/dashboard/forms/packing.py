"""What a producer enters while packing."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from marketplace.dashboard import measures
from marketplace.dashboard.measures import BadMeasure


class LineForm(forms.Form):
    """One line: how many, how heavy, and whether the customer agreed. The button `missing` means none at all."""

    quantity = forms.IntegerField(label=_("Packed"), required=False)
    weight = forms.CharField(required=False, max_length=20)
    agreed = forms.BooleanField(required=False)
    batch = forms.CharField(label=_("Batch"), required=False, max_length=40)
    missing = forms.CharField(required=False)

    def clean_weight(self) -> int | None:
        """Whole grams."""
        try:
            return measures.grams(text=self.cleaned_data["weight"])
        except BadMeasure as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        """Without a number nothing is recorded."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("missing"):
            cleaned["quantity"] = 0
        elif cleaned.get("quantity") is None and "quantity" not in self.errors:
            self.add_error("quantity", ValidationError(_("Please enter how many are packed.")))
        return cleaned

    def problem(self) -> str:
        """The first thing that is wrong, as one sentence."""
        return next((str(text) for texts in self.errors.values() for text in texts), "")


class CratesForm(forms.Form):
    """How much there is to carry."""

    crates = forms.IntegerField(label=_("Crates in all"), widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 0}))
    cold_crates = forms.IntegerField(
        label=_("of them chilled"), required=False, widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 0})
    )

    def clean_cold_crates(self) -> int:
        """Nothing entered is none."""
        return self.cleaned_data["cold_crates"] or 0
