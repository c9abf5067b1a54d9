"""What the office enters about a delivery that failed, and about money that was paid at a door."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.models import Payment
from logistics.deliveries import Outcome
from logistics.models import Delivery, PackedLine

Problem = PackedLine.Problem
WHY = (Problem.MISSING, Problem.DAMAGED, Problem.REFUSED)
SHORT = [("", _("all there"))] + [(problem.value, problem.label) for problem in WHY]


class LateHandoverForm(forms.Form):
    """Who got the goods, the look at the identity card where one is due, and what fell short line by line."""

    handed_to = forms.CharField(label=_("Handed to"), max_length=100)
    age_checked = forms.BooleanField(required=False)
    note = forms.CharField(
        label=_("Note"), required=False, max_length=300, help_text=_("For example: collected from the hub on Monday.")
    )

    def __init__(self, *given: Any, delivery: Delivery, lines: Sequence[PackedLine], **named: Any) -> None:
        super().__init__(*given, **named)
        self._lines = [line for line in lines if line.packed]
        if delivery.needs_age_check and any(line.order_line.age_limit for line in self._lines):
            text = _("Identity card seen: %(age)s years or older") % {"age": delivery.needs_age_check}
            self.fields["age_checked"].label = text
        else:
            del self.fields["age_checked"]
        for line in self._lines:
            self.fields[f"quantity_{line.pk}"] = forms.IntegerField(
                label=_("Handed over"), required=False, min_value=0, max_value=line.packed, initial=line.packed
            )
            self.fields[f"problem_{line.pk}"] = forms.ChoiceField(label=_("Why less"), required=False, choices=SHORT)

    def entries(self) -> Iterator[dict[str, Any]]:
        """Each packed line with its two fields."""
        for line in self._lines:
            yield {"line": line.order_line, "quantity": self[f"quantity_{line.pk}"], "problem": self[f"problem_{line.pk}"]}

    def handover(self) -> dict[str, Any]:
        """As `second_attempts.hand_over` takes it."""
        told = self.cleaned_data
        quantities = {line.pk: told[f"quantity_{line.pk}"] for line in self._lines}
        outcomes = {
            pk: Outcome(quantity=quantity, problem=told[f"problem_{pk}"])
            for pk, quantity in quantities.items()
            if quantity is not None
        }
        told_of_all = {"handed_to": told["handed_to"], "age_checked": told.get("age_checked", False), "note": told["note"]}
        return told_of_all | {"outcomes": outcomes}


class GivingUpForm(forms.Form):
    """Why nobody gets the goods. It cannot be undone, so it takes a tick."""

    reason = forms.CharField(label=_("Reason"), max_length=300)
    certain = forms.BooleanField(label=_("Nothing will be handed over any more"))


class DoorstepForm(forms.Form):
    """How somebody paid at the door."""

    method = forms.ChoiceField(choices=[(method.value, method.label) for method in (Payment.Method.CASH, Payment.Method.CARD)])
