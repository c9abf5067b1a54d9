"""What people type to be told something."""

from django import forms
from django.utils.translation import gettext_lazy


class AddressForm(forms.Form):
    """Where to write to."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def clean_email(self) -> str:
        """One address is one person, however it is written."""
        email: str = self.cleaned_data["email"]
        return email.lower()
