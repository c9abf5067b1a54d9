"""Ending a contract without a login, in two steps (section 312k BGB)."""

from typing import Any

from allauth.core import ratelimit
from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest
from marketplace.standing import endings
from marketplace.standing.forms import EndingForm

UNPROCESSABLE, TOO_MANY = 422, 429
LIMIT = "end_a_contract"


@public
@never_cache
def end(request: MarketRequest) -> HttpResponseBase:
    """Who, what, when; then the button. The answer is the same whether there is such a contract or not."""
    initial = {}
    if request.user.is_authenticated:
        initial = {"name": request.user.get_full_name(), "email": request.user.email}
    form = EndingForm(request.POST or None, initial=initial)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        declaration = context["declaration"] = endings.Declaration(**form.cleaned_data)
        context["kind"] = dict(form.fields["kind"].choices)[declaration.kind]  # type: ignore[attr-defined]  # a ChoiceField
        if "confirmed" in request.POST:
            if not ratelimit.consume(request, action=LIMIT, key=declaration.email):
                return _too_many(request, form)
            context["entry"] = endings.declare(region=request.region, declaration=declaration, at=timezone.now())
    return render(request, "standing/end.html", context, status=UNPROCESSABLE if form.errors else 200)


def _too_many(request: MarketRequest, form: EndingForm) -> HttpResponseBase:
    """Nobody is left without a way to declare it."""
    text = _("That were many declarations in a short time. Please write to us by e-mail or call us; that counts just as well.")
    form.add_error(None, text)
    return render(request, "standing/end.html", {"form": form}, status=TOO_MANY)
