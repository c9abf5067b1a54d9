"""For people whose village no round serves: what they can do all the same, and how they leave word."""

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from logistics import address_links, areas, signals
from logistics.address_links import Purpose
from logistics.models import AreaInterest
from marketplace.regions import villages
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest
from marketplace.shop.forms import InterestForm
from marketplace.shop.views.delivery import back
from marketplace.shop.views.waiting import GONE, TOO_MANY, UNPROCESSABLE

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
    known = request.user.is_authenticated and request.user.email.lower() == given["email"].lower()
    areas.enter(region=request.region, at=timezone.now(), confirmed=known, **given)
    if known:
        text = _("Thank you! We write to %(email)s as soon as we deliver to %(code)s.")
    else:
        text = _(
            "We have sent an e-mail to %(email)s. Please follow the link in it: then we write as soon as we deliver to %(code)s."
        )
        signals.address_left.send(sender=AreaInterest)
    messages.success(request, text % {"email": given["email"], "code": given["postal_code"]})
    query = urlencode({"plz": given["postal_code"], "next": back(request)})
    return redirect(f"{reverse('catalogue:elsewhere')}?{query}")


@public
@never_cache
def confirm(request: MarketRequest, token: str) -> HttpResponse:
    """The owner of an address says yes; a program that only looks at the link changes nothing."""
    interest = _interest(request, token, Purpose.AREA)
    if interest is None:
        return render(request, "notices/expired.html", status=GONE)
    if request.method == "POST":
        areas.confirm(interest_id=interest.pk, at=timezone.now())
        text = _("Thank you! We write to %(email)s as soon as we deliver to %(code)s.")
        messages.success(request, text % {"email": interest.email, "code": interest.postal_code})
        return redirect(f"{reverse('catalogue:elsewhere')}?{urlencode({'plz': interest.postal_code})}")
    title = _("Tell me when you deliver here")
    return render(request, "shop/confirm_wish.html", {"title": title, "what": f"{interest.postal_code} {interest.place}"})


@public
@never_cache
def stop(request: MarketRequest, token: str) -> HttpResponse:
    """Forget the address; only the button does it."""
    interest = _interest(request, token, Purpose.AREA_STOP)
    if interest is not None and request.method == "POST":
        areas.drop(interest_id=interest.pk)
        interest = None
    return render(request, "shop/elsewhere_stop.html", {"interest": interest})


def _interest(request: MarketRequest, token: str, purpose: Purpose) -> AreaInterest | None:
    """The wish that a link is for; None when it has been forgotten. Raises `Http404`."""
    try:
        pk = address_links.read(token=token, purpose=purpose)
    except address_links.LinkExpired:
        return None
    except address_links.BadLink as error:
        raise Http404 from error
    return AreaInterest.objects.filter(region=request.region, pk=pk).first()


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
