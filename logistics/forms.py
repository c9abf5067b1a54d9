"""What a driver sends from a stop."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from logistics.driving import Kind
from logistics.models import Delivery, PackedLine

PROBLEMS = [(choice.value, choice.label) for choice in PackedLine.Problem if choice.value]


class ReportForm(forms.Form):
    """One report. Quantities that fell short come as `quantity_<line>` and `problem_<line>` beside it."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=Kind.choices)
    delivery = forms.IntegerField(required=False)
    handed_to = forms.CharField(label=_("handed to"), max_length=100, required=False)
    left = forms.ChoiceField(choices=Delivery.Drop.choices, required=False)
    age_checked = forms.BooleanField(required=False)
    paid = forms.ChoiceField(choices=[("cash", ""), ("card", "")], required=False)
    reason = forms.CharField(label=_("reason"), max_length=300, required=False)

    def report(self) -> dict[str, Any]:
        """What is stored of it, as `driving.report` takes it."""
        told = self.cleaned_data
        data = {name: told[name] for name in ("delivery", "handed_to", "left", "age_checked", "paid", "reason") if told[name]}
        outcomes = self._outcomes()
        return data | {"outcomes": outcomes} if outcomes else data

    def _outcomes(self) -> dict[str, dict[str, Any]]:
        lines = [name.removeprefix("quantity_") for name in self.data if name.startswith("quantity_")]
        return {
            line: {"quantity": self.data[f"quantity_{line}"], "problem": self.data.get(f"problem_{line}", "")}
            for line in lines
            if self.data[f"quantity_{line}"].strip()
        }
