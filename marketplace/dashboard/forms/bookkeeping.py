"""What the tax adviser needs to know whose books they are."""

from django import forms

from billing.models import Bookkeeping


class BookkeepingForm(forms.ModelForm[Bookkeeping]):
    """The adviser's numbers and the chart of accounts."""

    class Meta:
        model = Bookkeeping
        fields = ("adviser", "client", "chart")
