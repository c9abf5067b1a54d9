"""What a producer says of goods that it buys in cases: the article's terms, cases ordered, pieces that came, pieces counted."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from logistics import cases
from logistics.cases import Terms
from logistics.models import CasePack
from logistics.purchases import MOST_CASES
from marketplace.dashboard.purchase_sheets import RoundNeeds, Supplier


def _number(**attributes: Any) -> forms.NumberInput:
    return forms.NumberInput(attrs={"inputmode": "numeric", **attributes})


class CaseForm(forms.Form):
    """Part of the article's page; nothing filled in means that it is not bought in cases."""

    prefix = "case"

    size = forms.IntegerField(
        label=gettext_lazy("Bought in cases of so many pieces"),
        required=False,
        min_value=1,
        max_value=cases.LARGEST,
        widget=_number(min=1),
        help_text=gettext_lazy("Customers order single pieces; you buy whole cases. Empty: not bought in cases."),
    )
    wholesaler = forms.CharField(label=gettext_lazy("From which wholesaler"), required=False, max_length=100)
    article_number = forms.CharField(
        label=gettext_lazy("Article number there"), required=False, max_length=40, widget=forms.TextInput({"autocomplete": "off"})
    )

    def clean(self) -> dict[str, Any]:
        """Both or neither."""
        told: dict[str, Any] = super().clean() or {}
        if self.errors:
            return told
        size, wholesaler = told["size"], told["wholesaler"]
        if size and not wholesaler:
            self.add_error("wholesaler", _("Please state of whom you buy the cases."))
        if wholesaler and not size:
            self.add_error("size", _("Please state how many pieces are in a case, from 1 to 1,000."))
        return told

    def terms(self) -> Terms | None:
        """What was told; None where nothing is bought in cases."""
        told = self.cleaned_data
        if not told["size"]:
            return None
        return Terms(size=told["size"], wholesaler=told["wholesaler"], article_number=told["article_number"])


def case_initial(pack: CasePack | None) -> dict[str, Any]:
    """The terms as the page shows them."""
    if pack is None or not pack.in_use:
        return {}
    return {"size": pack.size, "wholesaler": pack.wholesaler, "article_number": pack.article_number}


class NumbersForm(forms.Form):
    """One whole number for each article of a wholesaler; `asked` says by stockrecord id what is asked for, and what is likely."""

    def __init__(self, data: Any, *, prefix: str, asked: Mapping[int, tuple[str, int]], most: int) -> None:
        super().__init__(data, prefix=prefix)
        for key, (label, initial) in asked.items():
            self.fields[str(key)] = forms.IntegerField(
                label=label, min_value=0, max_value=most, initial=initial, widget=_number(min=0)
            )

    def told(self) -> dict[int, int]:
        """The numbers by stockrecord id."""
        return {int(key): number for key, number in self.cleaned_data.items()}


class OrderedForm(NumbersForm):
    """How many cases the wholesaler was told; as many as are needed are likely."""

    def __init__(self, data: Any = None, *, needs: RoundNeeds, supplier: Supplier) -> None:
        text = _("Cases of %(title)s (of %(size)s) in all")
        asked = {
            need.row.stockrecord_id: (text % {"title": need.title, "size": need.row.size}, need.row.cases)
            for need in supplier.bought
        }
        super().__init__(data, prefix=f"o{needs.round.pk}", asked=asked, most=MOST_CASES)


class ArrivedForm(NumbersForm):
    """How many pieces came; as many as were bought are likely."""

    def __init__(self, data: Any = None, *, needs: RoundNeeds, supplier: Supplier) -> None:
        text = _("Pieces of %(title)s")
        asked = {need.row.stockrecord_id: (text % {"title": need.title}, need.row.supply) for need in supplier.bought}
        super().__init__(data, prefix=f"a{needs.round.pk}", asked=asked, most=cases.MOST_PIECES)


class CountForm(forms.Form):
    """Loose pieces: how many lie there, and how many the page had said."""

    counted = forms.IntegerField(min_value=0, max_value=cases.MOST_PIECES)
    seen = forms.IntegerField(min_value=-cases.MOST_PIECES, max_value=cases.MOST_PIECES)
