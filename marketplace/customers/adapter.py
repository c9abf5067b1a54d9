"""How allauth speaks for a region: its mails are signed with the region's name and address."""

from dataclasses import dataclass
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as asked


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
        named = {"current_site": Sender(name=region.name, domain=asked.request.get_host())} if region is not None else {}
        super().send_mail(template_prefix, email, {**context, **named})

    def format_email_subject(self, subject: str) -> str:
        """No prefix: the sender's name stands beside it."""
        return subject
