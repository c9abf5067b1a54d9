"""What happens when an address is proven, and at a login."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.signals import email_confirmed
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from marketplace.checkout import guests


@receiver(email_confirmed, dispatch_uid="checkout.prove_address")
def prove_address(*, request: Any, email_address: Any, **_signal: Any) -> None:
    """The address is proven: by the code of a login, of signing up, or of a change of address."""
    methods = [record.get("method") for record in get_authentication_records(request, email_address.user)]
    by_login_code = not request.user.is_authenticated and methods[-1:] == ["code"]
    guests.prove(user=email_address.user, by_login_code=by_login_code)


@receiver(user_logged_in, dispatch_uid="checkout.adopt_orders")
def adopt_orders(*, user: Any, **_signal: Any) -> None:
    """What the person ordered as a guest is found in the account from now on."""
    guests.adopt(user=user)
