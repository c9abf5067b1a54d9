"""How somebody logs in, on one page: address, password, passkeys, second factor, devices."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marketplace.regions.access import customer
from marketplace.regions.requests import MarketRequest


@customer
@never_cache
@require_safe
def index(request: MarketRequest) -> HttpResponseBase:
    """What is set up, and the way to change it."""
    keys = list(Authenticator.objects.filter(user=request.user).order_by("created_at", "pk"))
    context = {
        "passkeys": [key for key in keys if key.type == Authenticator.Type.WEBAUTHN],
        "has_app": any(key.type == Authenticator.Type.TOTP for key in keys),
        "is_proven": EmailAddress.objects.filter(user=request.user, verified=True).exists(),
        "crumbs": [
            {"label": _("My account"), "url": reverse("customer:overview")},
            {"label": _("Security"), "url": ""},
        ],
    }
    return render(request, "customers/safety.html", context)
