"""All my data as a file, and deleting the account: both only for who has just shown to be the person."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.decorators import reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import logout
from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from billing.online import connection, disclosure
from marketplace.customers.privacy import erasure, export, obstacles
from marketplace.customers.privacy.holding import EIGHT_YEARS, STATISTICS, TEN_YEARS
from marketplace.regions.access import customer
from marketplace.regions.requests import MarketRequest
from marketplace.users.views import send_code

CONFLICT = 409
#: a code from the mail is good for so many seconds, as a password is by allauth's REAUTHENTICATION_TIMEOUT
FRESH = 300
View = Callable[..., HttpResponseBase]


def _proven(view: View) -> View:
    """By password or second factor as allauth asks for it; who has neither logs in by a code once more."""

    @wraps(view)
    def inner(request: MarketRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.has_usable_password() or is_mfa_enabled(request.user):
            asked: HttpResponseBase = reauthentication_required(view)(request, *args, **kwargs)
            return asked
        codes = [record["at"] for record in get_authentication_records(request, request.user) if record.get("method") == "code"]
        if codes and time.time() - codes[-1] < FRESH:
            return view(request, *args, **kwargs)
        return render(request, "customers/prove.html", {"next": request.path})

    return inner


@customer
@never_cache
@require_safe
def data(request: MarketRequest) -> HttpResponseBase:
    """What one can do about one's data."""
    told = disclosure.of_customers() if connection.is_offered(region=request.region) else None
    return render(request, "customers/data.html", {"crumbs": _crumbs((_("My data"), "")), "disclosure": told})


@customer
@never_cache
@require_safe
@_proven
def download(request: MarketRequest) -> HttpResponseBase:
    """Everything that is kept of the person, in one file."""
    at = timezone.now()
    answer = JsonResponse(export.everything(user=request.user, at=at), json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer.headers["Content-Disposition"] = f'attachment; filename="meine-daten-{timezone.localdate():%Y-%m-%d}.json"'
    return answer


@customer
@require_POST
def prove(request: MarketRequest) -> HttpResponseBase:
    """Log out and in again by a code, which is sent at once; the way leads back."""
    wanted = request.POST.get("next", "")
    email = request.user.email
    logout(request)
    return send_code(request, email=email, next_url=wanted if wanted in _goals() else reverse("customer:overview"))


@customer
@never_cache
@require_safe
def leave(request: MarketRequest) -> HttpResponseBase:
    """The first step: what is deleted, what stays, and what stands against it."""
    context = {
        "obstacles": obstacles.of(user=request.user),
        "kept": (EIGHT_YEARS, TEN_YEARS, STATISTICS),
        "crumbs": _crumbs((_("My data"), reverse("customer:data")), (_("Delete the account"), "")),
    }
    return render(request, "customers/leave.html", context)


@customer
@never_cache
@_proven
def erase(request: MarketRequest) -> HttpResponseBase:
    """The second step, after the proof: the button that cannot be taken back."""
    crumbs = _crumbs((_("My data"), reverse("customer:data")), (_("Delete the account"), ""))
    if request.method != "POST":
        if obstacles.of(user=request.user):
            return redirect("customer:leave")
        return render(request, "customers/erase.html", {"crumbs": crumbs})
    try:
        erasure.erase(user=request.user, region=request.region, at=timezone.now(), by=request.user)
    except erasure.NotErased as refusal:
        context = {"obstacles": refusal.obstacles, "crumbs": crumbs}
        return render(request, "customers/leave.html", context, status=CONFLICT)
    logout(request)
    return render(request, "customers/erased.html")


def _goals() -> set[str]:
    return {reverse("customer:erase"), reverse("customer:download")}


def _crumbs(*further: tuple[str, str]) -> list[dict[str, str]]:
    way = ((_("My account"), reverse("customer:overview")), *further)
    return [{"label": label, "url": url} for label, url in way]
