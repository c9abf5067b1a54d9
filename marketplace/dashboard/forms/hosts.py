"""Whom the office asks to look after a pickup point, and how long goods are kept there."""

from django import forms
from django.utils.translation import gettext_lazy as _

from logistics.models import PickupPoint

LONGEST_KEPT = 14 * 24


class InviteForm(forms.Form):
    """One person."""

    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))


class KeepingForm(forms.ModelForm[PickupPoint]):
    """Until when goods wait for whoever has not come."""

    kept_hours = forms.IntegerField(
        label=_("Hours for which goods are kept after the window"),
        min_value=0,
        max_value=LONGEST_KEPT,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    class Meta:
        model = PickupPoint
        fields = ("kept_hours",)
