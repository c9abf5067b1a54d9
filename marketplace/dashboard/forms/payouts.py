"""What the office chooses to pay out."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.payouts import Due
from marketplace.core.forms import EuroField
from marketplace.dashboard.forms.profiles import DayInput
from marketplace.partner.models import Partner
from marketplace.regions.models import Region


class PayoutRunForm(forms.Form):
    """Which credit notes, and on which day the bank is to carry them out."""

    chosen = forms.TypedMultipleChoiceField(
        label=_("Credit notes"), coerce=int, error_messages={"required": _("Please choose at least one credit note.")}
    )
    execution_on = forms.DateField(label=_("To be carried out on"), widget=DayInput)

    def __init__(self, *args: Any, due: Sequence[Due], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["chosen"]
        assert isinstance(chosen, forms.TypedMultipleChoiceField)  # noqa: S101 - declared above
        chosen.choices = [(item.settlement_id, item.number) for item in due]
        self.fields["execution_on"].widget.attrs["min"] = today.isoformat()

    def told(self) -> dict[str, Any]:
        """As `payouts.draw_up` takes it."""
        return {"settlement_ids": self.cleaned_data["chosen"], "execution_on": self.cleaned_data["execution_on"]}

    @property
    def picked(self) -> set[str]:
        """The keys that are ticked when the form is shown again."""
        return set(self.data.getlist("chosen")) if self.is_bound else set()  # type: ignore[attr-defined]  # a QueryDict


class MinimumForm(forms.Form):
    """Below which balance money waits for the next month."""

    partner = forms.ModelChoiceField(
        label=_("Producer"), queryset=Partner.objects.none(), required=False, empty_label=_("all producers")
    )
    amount = EuroField(label=_("Smallest payout in euro"), min_value=0, max_value=1000, max_digits=6)

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partner = self.fields["partner"]
        assert isinstance(partner, forms.ModelChoiceField)  # noqa: S101 - declared above
        partner.queryset = Partner.objects.filter(region=region).order_by("name", "pk")
