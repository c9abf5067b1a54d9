"""What the office decides about reminders: whom, at which steps, what rests, what is paid in instalments."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.dunning import LAST_LEVEL, Step
from marketplace.core.forms import EuroField
from marketplace.dashboard.forms.profiles import DayInput


class RemindForm(forms.Form):
    """Whom."""

    chosen = forms.MultipleChoiceField(
        label=_("Customers"), error_messages={"required": _("Please choose at least one customer.")}
    )

    def __init__(self, *args: Any, keys: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = [(key, key) for key in keys]  # type: ignore[attr-defined]  # a MultipleChoiceField


class StepsForm(forms.Form):
    """Days, time to pay and fee of the three levels."""

    def __init__(self, *args: Any, steps: Mapping[int, Step], **kwargs: Any) -> None:
        known = {
            f"{name}_{level}": getattr(step, name) for level, step in steps.items() for name in ("days", "days_to_pay", "fee")
        }
        super().__init__(*args, **{"initial": known, **kwargs})
        for level in range(1, LAST_LEVEL + 1):
            self.fields[f"days_{level}"] = self._days(_("%(level)s: days after the day or letter before") % {"level": level}, 1)
            self.fields[f"days_to_pay_{level}"] = self._days(_("%(level)s: days to pay") % {"level": level}, 3)
            if level > 1:
                self.fields[f"fee_{level}"] = EuroField(
                    max_digits=6, min_value=0, max_value=Decimal("10.00"), label=_("%(level)s: fee in euro") % {"level": level}
                )

    def told(self) -> list[Step]:
        """The steps."""
        given = self.cleaned_data
        return [
            Step(level, given[f"days_{level}"], given[f"days_to_pay_{level}"], given.get(f"fee_{level}") or Decimal(0))
            for level in range(1, LAST_LEVEL + 1)
        ]

    def _days(self, label: str, least: int) -> forms.IntegerField:
        numeric = forms.NumberInput(attrs={"inputmode": "numeric"})
        return forms.IntegerField(label=label, min_value=least, max_value=90, widget=numeric)


class BaseRateForm(forms.Form):
    """The base rate of a half-year."""

    percent = EuroField(
        label=_("Base rate in percent"),
        max_digits=5,
        min_value=Decimal("-5"),
        max_value=Decimal("20"),
        help_text=_("Announced by the Bundesbank in January and July. It may be below zero."),
    )


class StopForm(forms.Form):
    """Why an invoice, or all of an account, rests."""

    what = forms.ChoiceField(label=_("What rests"))
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["what"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


class PlanForm(forms.Form):
    """Which invoices, in how many monthly rates, from when."""

    invoices = forms.TypedMultipleChoiceField(label=_("Invoices"), coerce=int, widget=forms.CheckboxSelectMultiple)
    rates = forms.IntegerField(
        label=_("Monthly rates"), min_value=2, max_value=24, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    first_due = forms.DateField(label=_("First rate on"), widget=DayInput)
    note = forms.CharField(label=_("Note"), max_length=300, required=False, help_text=_("With whom it was agreed, and how."))

    def __init__(self, *args: Any, invoices: Sequence[tuple[int, str]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["invoices"].choices = invoices  # type: ignore[attr-defined]  # a TypedMultipleChoiceField
        self.fields["first_due"].widget.attrs["min"] = today.isoformat()

    def told(self) -> dict[str, Any]:
        """As `instalments.agree` takes it."""
        given = self.cleaned_data
        return {name: given[name] for name in ("rates", "first_due", "note")} | {"invoice_ids": given["invoices"]}
