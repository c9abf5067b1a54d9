"""What is told at the hub."""

from django import forms


class LabelForm(forms.Form):
    """One label, scanned or typed; `uuid` makes sure that it counts once."""

    told = forms.CharField(max_length=40)
    uuid = forms.UUIDField(required=False)
