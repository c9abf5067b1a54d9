"""Fields that forms of several rooms share."""

from typing import Any

from django import forms


class EuroField(forms.DecimalField):
    """Euros or percent as people type them: with comma or point, in whatever language the page is."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(localize=True, decimal_places=2, **given)

    def to_python(self, value: Any) -> Any:
        """The number as a Decimal, or None for nothing."""
        plain = value.replace("€", "").strip().replace(",", ".") if isinstance(value, str) else value
        return super().to_python(plain)
