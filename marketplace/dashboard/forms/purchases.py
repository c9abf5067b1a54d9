"""What a producer says of goods that it buys in cases: the article's terms, cases ordered, pieces that came, pieces counted."""

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
    """One whole number for each article of a wholesaler of which a round takes cases."""

    most = MOST_CASES

    def __init__(self, data: Any = None, *, needs: RoundNeeds, supplier: Supplier) -> None:
        super().__init__(data, prefix=f"{type(self).__name__[0].lower()}{needs.round.pk}")
        for need in supplier.bought:
            self.fields[str(need.row.stockrecord_id)] = forms.IntegerField(
                label=self.label_of(need.title, need.row.size),
                min_value=0,
                max_value=self.most,
                initial=self.initial_of(need.row.cases, need.row.supply),
                widget=_number(min=0),
            )

    def label_of(self, title: str, size: int) -> str:
        """What is asked for."""
        raise NotImplementedError

    def initial_of(self, number: int, pieces: int) -> int:
        """What is likely."""
        raise NotImplementedError

    def told(self) -> dict[int, int]:
        """The numbers by stockrecord id."""
        return {int(key): number for key, number in self.cleaned_data.items()}


class OrderedForm(NumbersForm):
    """How many cases the wholesaler was told."""

    def label_of(self, title: str, size: int) -> str:
        """Cases."""
        return _("Cases of %(title)s (of %(size)s) in all") % {"title": title, "size": size}

    def initial_of(self, number: int, pieces: int) -> int:
        """As many as are needed."""
        return number


class ArrivedForm(NumbersForm):
    """How many pieces came."""

    most = cases.MOST_PIECES

    def label_of(self, title: str, size: int) -> str:
        """Pieces."""
        return _("Pieces of %(title)s") % {"title": title}

    def initial_of(self, number: int, pieces: int) -> int:
        """As many as were bought."""
        return pieces


class CountForm(forms.Form):
    """Loose pieces: how many lie there, and how many the page had said."""

    counted = forms.IntegerField(min_value=0, max_value=cases.MOST_PIECES)
    seen = forms.IntegerField(min_value=-cases.MOST_PIECES, max_value=cases.MOST_PIECES)
