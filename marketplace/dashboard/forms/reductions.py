"""A lower price and until when."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core.forms import EuroField


class ReductionForm(forms.Form):
    """The price is that of a unit, or of a kilogram where the goods are weighed."""

    price = EuroField(label=_("Reduced price in €"), min_value=Decimal("0.01"), max_digits=7)
    until = forms.DateField(label=_("until"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
