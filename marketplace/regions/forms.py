"""The form in which visitors say where they live."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.regions import hosts, villages
from marketplace.regions.models import Region


class VillageForm(forms.Form):
    """A village from the list, or a postal code that leads to one."""

    village = forms.ChoiceField(label=gettext_lazy("Village"), required=False)
    postal_code = forms.CharField(
        label=gettext_lazy("or your postal code"),
        required=False,
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "postal-code"}),
    )

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region = region
        self.known = hosts.villages_of(region=region)
        named = [(village.slug, f"{village.name} ({', '.join(village.postal_codes)})") for village in self.known]
        self.fields["village"].choices = [("", _("Please choose")), *named]  # type: ignore[attr-defined]  # a ChoiceField

    def clean_postal_code(self) -> str:
        """Five digits, or nothing."""
        code: str = self.cleaned_data["postal_code"].replace(" ", "")
        if code and not re.fullmatch(r"\d{5}", code):
            raise ValidationError(_("A postal code has five digits."))
        return code

    def clean(self) -> dict[str, Any]:
        """Find the village; a postal code that several villages share asks for the village."""
        given = super().clean() or self.cleaned_data
        slug, code = given.get("village"), given.get("postal_code")
        if slug:
            given["found"] = next(village for village in self.known if village.slug == slug)
        elif code:
            self._find_by_code(given, code)
        elif not self.errors:
            raise ValidationError(_("Please choose your village or enter your postal code."))
        return given

    def _find_by_code(self, given: dict[str, Any], code: str) -> None:
        fitting = villages.with_postal_code(region=self.region, postal_code=code)
        names = ", ".join(village.name for village in fitting)
        if len(fitting) == 1:
            given["found"] = fitting[0]
        elif fitting:
            self.add_error("village", _("Several villages have this postal code: %(names)s. Please choose.") % {"names": names})
        else:
            text = _("We do not deliver to %(code)s yet. You can shop all the same and fetch your order at a pickup point.")
            self.add_error("postal_code", text % {"code": code})
