"""What the office enters about the cost of driving."""

from django import forms
from django.utils.translation import gettext_lazy as _

from logistics.models import RoadCosts
from marketplace.core.forms import EuroField


class RoadCostsForm(forms.ModelForm[RoadCosts]):
    """The figures that every saving is reckoned with."""

    euro_per_km = EuroField(label=_("Euros for each kilometre"), min_value=0, max_value=10, max_digits=5)
    euro_per_hour = EuroField(label=_("Euros for each hour"), min_value=0, max_value=200, max_digits=5)

    class Meta:
        model = RoadCosts
        fields = ("euro_per_km", "euro_per_hour", "grams_per_km")
