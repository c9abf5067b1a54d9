"""What the tax office wants to know of a seller."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from billing.models import SellerFacts
from marketplace.dashboard.forms.profiles import DayInput

KINDS = [("1", _("a person (also: farm or shop of one person)")), ("0", _("a company, an association or a partnership"))]


class SellerFactsForm(forms.Form):
    """Person or company, and what belongs to it."""

    is_person = forms.TypedChoiceField(
        label=_("The business is"), choices=KINDS, coerce=lambda told: told == "1", widget=forms.RadioSelect
    )
    birth_date = forms.DateField(label=_("Date of birth"), required=False, widget=DayInput, help_text=_("Of a person only."))
    tin = forms.CharField(
        label=_("Tax identification number"),
        max_length=20,
        required=False,
        help_text=_("Of a person the eleven digits from the tax assessment, of a company its tax number."),
    )
    register_number = forms.CharField(
        label=_("Number in the commercial register"), max_length=60, required=False, help_text=_("Of a company only.")
    )

    def __init__(self, *args: Any, facts: SellerFacts, **kwargs: Any) -> None:
        known = {name: getattr(facts, name) for name in ("birth_date", "tin", "register_number")}
        kwargs["initial"] = {**known, "is_person": "1" if facts.is_person else "0"}
        super().__init__(*args, **kwargs)
