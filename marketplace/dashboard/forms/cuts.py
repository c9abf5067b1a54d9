"""What a producer enters who has too little of something."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from logistics import substitutes
from marketplace.core import wording
from marketplace.partner.models import Partner, StockRecord


class OfferField(forms.ModelChoiceField[StockRecord]):
    """An article of one's own with its price."""

    def label_from_instance(self, obj: StockRecord) -> str:
        """`Pastinaken, 4,90 €`."""
        return f"{obj.product.title}, {wording.euro(obj.price or 0)}"


class ReplaceForm(forms.Form):
    """What comes instead of something that is missing."""

    offer = OfferField(label=_("Instead"), queryset=StockRecord.objects.none())
    quantity = forms.IntegerField(
        label=_("How many"), min_value=1, widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 1})
    )
    agreed = forms.BooleanField(label=_("The customer has said yes on the phone"), required=False)

    def __init__(self, *given: Any, partner: Partner, **named: Any) -> None:
        """The offers are the partner's."""
        super().__init__(*given, **named)
        self.fields["offer"].queryset = substitutes.offers(partner_id=partner.pk)  # type: ignore[attr-defined]  # a model choice


class CutForm(forms.Form):
    """How many there are, and what may come instead."""

    quantity = forms.IntegerField(
        label=_("There are"), min_value=0, widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 0})
    )
    offer = OfferField(
        label=_("Instead"), queryset=StockRecord.objects.none(), required=False, empty_label=_("nothing, leave it out")
    )
    offer_quantity = forms.IntegerField(
        label=_("of it"), min_value=0, required=False, widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 0})
    )

    def __init__(self, *given: Any, partner: Partner, **named: Any) -> None:
        """The offers are the partner's."""
        super().__init__(*given, **named)
        self.fields["offer"].queryset = substitutes.offers(partner_id=partner.pk)  # type: ignore[attr-defined]  # a model choice

    def clean_offer_quantity(self) -> int:
        """Nothing entered is none."""
        return self.cleaned_data["offer_quantity"] or 0
