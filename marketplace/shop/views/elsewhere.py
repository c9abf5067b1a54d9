"""For people whose village no round serves: what they can do all the same, and how they leave word."""

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from logistics import areas
from marketplace.regions import villages
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest
from marketplace.shop.forms import InterestForm
from marketplace.shop.views.delivery import back
from marketplace.shop.views.waiting import TOO_MANY, UNPROCESSABLE

#: named in ACCOUNT_RATE_LIMITS
LIMIT = "wish_for_delivery"


@public
def index(request: MarketRequest) -> HttpResponse:
    """The pickup points near a postal code; whoever wants to be delivered to leaves an address."""
    if request.method == "POST":
        return _enter(request)
    return _page(request, InterestForm(initial={"postal_code": _code(request)}), _code(request))


def _enter(request: MarketRequest) -> HttpResponse:
    form = InterestForm(request.POST)
    if not form.is_valid():
        return _page(request, form, request.POST.get("postal_code", ""), UNPROCESSABLE)
    given = form.cleaned_data
    if not ratelimit.consume(request, action=LIMIT, key=given["email"]):
        form.add_error(None, _("That were many requests in a short time. Please try again in an hour."))
        return _page(request, form, given["postal_code"], TOO_MANY)
    areas.enter(region=request.region, at=timezone.now(), **given)
    text = _("Thank you! We write to %(email)s as soon as we deliver to %(code)s.")
    messages.success(request, text % {"email": given["email"], "code": given["postal_code"]})
    query = urlencode({"plz": given["postal_code"], "next": back(request)})
    return redirect(f"{reverse('catalogue:elsewhere')}?{query}")


def _page(request: MarketRequest, form: InterestForm, code: str, status: int = 200) -> HttpResponse:
    known = code if code.isascii() and code.isdecimal() and len(code) == 5 else ""
    context = {
        "form": form,
        "code": known,
        "asked": code,
        "served": villages.with_postal_code(region=request.region, postal_code=known) if known else [],
        "points": areas.nearest_points(region=request.region, postal_code=known) if known else [],
        "back": back(request),
    }
    return render(request, "shop/elsewhere.html", context, status=status)


def _code(request: MarketRequest) -> str:
    return request.GET.get("plz", "").replace(" ", "")[:10]
