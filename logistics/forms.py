"""What a driver sends from a stop."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from logistics import reports
from logistics.driving import Kind
from logistics.models import Delivery, PackedLine
from marketplace.core.device_queue import Told

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
    amount = forms.DecimalField(min_value=0, max_digits=7, decimal_places=2, required=False, localize=True)
    code = forms.CharField(max_length=6, required=False)
    reason = forms.CharField(label=_("reason"), max_length=300, required=False)

    def report(self) -> dict[str, Any]:
        """What is stored of it, as `driving.report` takes it."""
        told = self.cleaned_data
        kept = ("delivery", "handed_to", "left", "age_checked", "paid", "code", "reason")
        data = {name: told[name] for name in kept if told[name]}
        if told["paid"] and told["amount"] is not None:
            data["amount"] = str(told["amount"])
        outcomes = self._outcomes()
        return data | {"outcomes": outcomes} if outcomes else data

    def _outcomes(self) -> dict[str, dict[str, Any]]:
        lines = [name.removeprefix("quantity_") for name in self.data if name.startswith("quantity_")]
        return {
            line: {"quantity": self.data[f"quantity_{line}"], "problem": self.data.get(f"problem_{line}", "")}
            for line in lines
            if self.data[f"quantity_{line}"].strip()
        }


def sent_by_phone(*, told: Told) -> tuple[int | None, str, dict[str, Any]]:
    """Stop, kind and particulars of a report as a device sends it; particulars that cannot be read are kept as they came."""
    fields = told.fields
    stop, kind = fields.get("stop", ""), fields.get("kind", "")
    return int(stop) if stop.isdecimal() else None, kind, _particulars(kind, fields, str(told.uuid))


def _particulars(kind: str, fields: QueryDict, uuid: str) -> dict[str, Any]:
    if kind in {reports.BOX, reports.ALL_BOXES, reports.EMPTIES, reports.PHOTO}:
        return {name: value for name, value in fields.items() if name not in {"stop", "kind"}}
    form = ReportForm({**fields.dict(), "uuid": uuid})
    return form.report() if form.is_valid() else {reports.UNREADABLE: {name: value[:300] for name, value in fields.items()}}
