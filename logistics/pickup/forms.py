"""What a host enters."""

from typing import Any

from django import forms

from logistics.forms import PROBLEMS
from logistics.handover import Outcome

KNOWN = {value for value, _label in PROBLEMS}


class HandOutForm(forms.Form):
    """Who fetches, whether the age was checked, and lines that fell short (`quantity_<line>`, `problem_<line>`)."""

    handed_to = forms.CharField(max_length=100, required=False)
    age_checked = forms.BooleanField(required=False)
    paid = forms.ChoiceField(choices=[("cash", ""), ("card", "")], required=False)

    def outcomes(self) -> dict[int, Outcome]:
        """Only of lines for which a reason was chosen."""
        found: dict[int, Outcome] = {}
        for name in self.data:
            line, value = name.removeprefix("problem_"), self.data[name]
            if name.startswith("problem_") and line.isdecimal() and value in KNOWN:
                number = self.data.get(f"quantity_{line}", "").strip()
                found[int(line)] = Outcome(quantity=int(number) if number.isdecimal() else 0, problem=value)
        return found

    def posted(self) -> dict[str, Any]:
        """What was entered, to be shown again."""
        return self.data.dict() if hasattr(self.data, "dict") else dict(self.data)
