"""How a producer presents itself, and how a business applies."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marketplace.dashboard import onboarding, profiles
from marketplace.dashboard.forms.profiles import ApplicationForm, ProfileForm
from marketplace.dashboard.profiles import BadProfile
from marketplace.partner.access import producer
from marketplace.partner.models import Partner
from marketplace.partner.producers import BadApplication
from marketplace.pictures import sizes
from marketplace.pictures.uploads import BadPicture
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest


@producer
def profile(request: MarketRequest, *, partner: Partner) -> HttpResponseBase:
    """Story, opening hours, closure, photo."""
    form = ProfileForm(request.POST or None, request.FILES or None, instance=partner)
    if request.method == "POST" and form.is_valid() and _kept(form, partner, request):
        messages.success(request, _("Your profile is saved."))
        return redirect("dashboard:profile")
    page = {
        "section": "profile",
        "partner": partner,
        "form": form,
        "picture": sizes.shown(picture=partner.picture, size=sizes.CARD),
    }
    return render(request, "dashboard/profile.html", page, status=422 if form.is_bound else 200)


@public
def apply(request: MarketRequest) -> HttpResponseBase:
    """A business wants to sell; who acts for one already reads how far it is."""
    known = request.user.is_authenticated
    own = Partner.objects.run_by(request.user).filter(region=request.region).order_by("pk").first() if known else None
    if own is not None:
        return render(request, "dashboard/apply.html", {"own": own}, status=409 if request.method == "POST" else 200)
    initial = {"email": request.user.email} if known else {}
    form = ApplicationForm(request.POST or None, region=request.region, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            onboarding.apply(region=request.region, at=timezone.now(), by=request.user if known else None, **form.details())
        except BadApplication as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("dashboard:applied")
    return render(request, "dashboard/apply.html", {"form": form}, status=422 if form.is_bound else 200)


@public
@require_safe
def applied(request: MarketRequest) -> HttpResponse:
    """Thank you, and what happens next."""
    return render(request, "dashboard/applied.html")


def _kept(form: ProfileForm, partner: Partner, request: MarketRequest) -> bool:
    told = dict(form.cleaned_data)
    photo = told.pop("photo")
    try:
        profiles.revise(partner=partner, changes=told, photo=photo, at=timezone.now(), by=request.user)
    except BadProfile as refusal:
        form.add_error(None, str(refusal))
    except BadPicture as refusal:
        form.add_error("photo", str(refusal))
    return form.is_valid()
