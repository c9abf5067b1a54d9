"""How allauth speaks for a region, where it leads after the login, and of whom it asks a second factor."""

from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as asked
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator

from marketplace.customers import doors
from marketplace.partner.models import Partner
from marketplace.regions.models import Membership

#: what the login asks for as a second factor
SECOND = {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN}


@dataclass(frozen=True)
class Sender:
    """What allauth's mail templates want to know of a site."""

    name: str
    domain: str


class AccountAdapter(DefaultAccountAdapter):
    """The region of the request, not the installation, writes to people about their accounts."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send with the region's name."""
        region = getattr(asked.request, "region", None)
        named: dict[str, Any] = {}
        if region is not None:
            named = {"current_site": Sender(name=region.name, domain=asked.request.get_host()), "region": region}
        super().send_mail(template_prefix, email, {**context, **named})

    def get_login_redirect_url(self, request: Any) -> str:
        """Who works here comes to the own workplace, everybody else to the account; a page that asked for the login wins."""
        workplace = doors.workplace(user=request.user, region=request.region) if request.region is not None else None
        return workplace or str(super().get_login_redirect_url(request))

    def format_email_subject(self, subject: str) -> str:
        """No prefix: the sender's name stands beside it."""
        return subject


class SecondFactorAdapter(DefaultMFAAdapter):
    """A customer's passkey is a further way to log in; it does not lock out the password or the code by mail.

    Otherwise who sets one up on the phone could not log in at the computer any more. For who works here (office, editors,
    drivers, producers) every key counts as a second factor, and so does the app for everybody.
    """

    def is_mfa_enabled(self, user: Any, types: Any = None) -> bool:
        """Whether the person has one of these; the login asks for both kinds at once."""
        if set(types or ()) != SECOND or _works_here(user):
            return bool(super().is_mfa_enabled(user, types=types))
        keys = Authenticator.objects.filter(user=user, type__in=SECOND)
        return any(key.type == Authenticator.Type.TOTP or not key.wrap().is_passwordless for key in keys)


def _works_here(user: Any) -> bool:
    staff = user.is_staff or user.is_superuser
    return staff or Membership.objects.filter(user=user).exists() or Partner.objects.run_by(user).exists()
