"""Adding a passkey: allauth's form in our words."""

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.utils.translation import gettext as _


class AddPasskeyForm(AddWebAuthnForm):
    """A key with a name, made so that it alone is enough to log in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("What do you call this passkey?")
        self.fields["name"].help_text = _("For example the name of the device.")
        self.fields["passwordless"].label = _("Log in with it alone, without a password")
        self.fields["passwordless"].help_text = _("With your finger, your face or the PIN of the device.")
        self.fields["passwordless"].initial = True
