"""Which part of the books is handed out, and for which months."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from billing.models import PeriodExport

Kind = PeriodExport.Kind
OFFERED = (Kind.VAT, Kind.MASTER, Kind.DOCUMENTS, Kind.AUDIT)


class SpanForm(forms.Form):
    """From one month to another; the same for one."""

    first = forms.TypedChoiceField(label=_("From"), coerce=date.fromisoformat)
    last = forms.TypedChoiceField(label=_("until"), coerce=date.fromisoformat)

    def __init__(self, *args: Any, months: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first", "last"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
            field.choices = [(month.isoformat(), f"{MONTHS[month.month]} {month.year}") for month in months]

    def clean(self) -> dict[str, Any]:
        """The end does not come before the beginning."""
        told = super().clean() or {}
        if "first" in told and "last" in told and told["last"] < told["first"]:
            self.add_error("last", _("The end comes before the beginning."))
        return told


class ExportForm(SpanForm):
    """What is handed out."""

    kind = forms.ChoiceField(label=_("What"), choices=[(kind.value, kind.label) for kind in OFFERED])
    field_order = ("kind", "first", "last")


class DayForm(forms.Form):
    """A past day."""

    tag = forms.DateField(required=False)
