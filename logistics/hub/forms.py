"""What is told at the hub, and what a thermometer showed."""

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from logistics.models import ColdLimits, Reading


class LabelForm(forms.Form):
    """One label, scanned or typed; `uuid` makes sure that it counts once."""

    told = forms.CharField(max_length=40)
    uuid = forms.UUIDField(required=False)


class DegreesField(forms.CharField):
    """Degrees Celsius as people type them, with comma or point and either minus; gives whole tenths."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("widget", forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off", "size": 6}))
        super().__init__(max_length=8, **given)

    def clean(self, value: Any) -> Any:
        """The number in tenths."""
        plain = str(super().clean(value)).replace("°C", "").replace("°", "").replace("−", "-").replace("–", "-")
        try:
            tenths = Decimal(plain.strip().replace(",", ".")) * 10
        except InvalidOperation:
            raise ValidationError(_("Please enter what the thermometer shows, for example 5,5 or -18.")) from None
        return int(tenths.to_integral_value())

    def prepare_value(self, value: Any) -> Any:
        """Tenths as people read them; what was typed stays as it was typed."""
        return f"{Decimal(value) / 10:n}".replace(".", ",") if isinstance(value, int) else value


class ReadingForm(forms.Form):
    """What was read, and of which goods; `uuid` makes sure that it counts once. `spots` are keys with labels."""

    spot = forms.ChoiceField(label=_("Where"))
    storage = forms.ChoiceField(label=_("Goods"), choices=Reading.Storage.choices)
    degrees = DegreesField(label=_("Degrees Celsius"))
    uuid = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *given: Any, spots: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*given, **named)
        field: Any = self.fields["spot"]
        field.choices = spots
        if len(spots) == 1:
            field.widget = forms.HiddenInput()
            field.initial = spots[0][0]


class ColdLimitsForm(forms.ModelForm[ColdLimits]):
    """How warm goods may be on their way."""

    cool_at_most = DegreesField(label=_("Chilled goods at most, °C"))
    frozen_at_most = DegreesField(label=_("Frozen goods at most, °C"))
    frozen_tolerance = DegreesField(label=_("Frozen goods on the road so much warmer, °C"))

    class Meta:
        model = ColdLimits
        fields = ("cool_at_most", "frozen_at_most", "frozen_tolerance")
