"""What a producer enters about fetching goods at the farm."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from logistics.models import RoundRule


class HoursForm(forms.Form):
    """Hours of each delivery day of a round plan, and for how many orders."""

    rule = forms.ModelChoiceField(label=_("Delivery days"), queryset=RoundRule.objects.none(), empty_label=None)
    starts = forms.TimeField(label=_("from"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label=_("until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    capacity = forms.IntegerField(
        label=_("For how many orders at most"), min_value=1, initial=10, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )

    def __init__(self, *given: Any, rules: QuerySet[RoundRule], **named: Any) -> None:
        super().__init__(*given, **named)
        rule: Any = self.fields["rule"]
        rule.queryset = rules
        rule.initial = rules.first()
