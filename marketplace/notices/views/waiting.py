"""Asking to be told of an article, confirming and taking it back."""

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from marketplace.catalogue.models import Product
from marketplace.notices import articles, choices, links, signals
from marketplace.notices.forms import AddressForm
from marketplace.notices.models import ArticleNotice, Kind
from marketplace.regions.access import customer, public
from marketplace.regions.requests import MarketRequest

GONE, UNPROCESSABLE, TOO_MANY = 410, 422, 429
#: named in ACCOUNT_RATE_LIMITS
LIMIT = "ask_to_be_told"


@public
@require_POST
def ask(request: MarketRequest, pk: int) -> HttpResponse:
    """Be told when an article can be ordered: one tap with an account; without, by an address that has to be confirmed."""
    product = get_object_or_404(Product.objects.on_show(request.region, sight=request.sight).select_related("partner"), pk=pk)
    if request.user.is_authenticated:
        articles.ask(product=product, user=request.user, email="", at=timezone.now())
        choices.choose(region=request.region, kinds=[Kind.AVAILABLE], wanted=True, at=timezone.now(), user_id=request.user.pk)
        messages.success(request, _("We tell you as soon as you can order %(title)s.") % {"title": product.title})
        return redirect(product)
    form = AddressForm(request.POST)
    if not form.is_valid():
        return render(request, "notices/ask.html", {"form": form, "product": product}, status=UNPROCESSABLE)
    email = form.cleaned_data["email"]
    if not ratelimit.consume(request, action=LIMIT, key=email):
        form.add_error(None, _("That were many requests in a short time. Please try again in an hour."))
        return render(request, "notices/ask.html", {"form": form, "product": product}, status=TOO_MANY)
    articles.ask(product=product, user=request.user, email=email, at=timezone.now())
    signals.asked.send(sender=ArticleNotice)
    text = _("We have sent an e-mail to %(email)s. Please follow the link in it: then we tell you as soon as you can order.")
    messages.success(request, text % {"email": email})
    return redirect(product)


@customer
@require_POST
def drop(request: MarketRequest, pk: int) -> HttpResponse:
    """Do not tell me any more."""
    product = get_object_or_404(Product.objects.filter(partner__region=request.region), pk=pk)
    articles.drop(product=product, user=request.user)
    messages.success(request, _("We do not tell you any more about %(title)s.") % {"title": product.title})
    back = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if ours else product.get_absolute_url())


@public
@never_cache
def confirm(request: MarketRequest, signed: str) -> HttpResponse:
    """The owner of an address says yes; a program that only looks at the link changes nothing."""
    try:
        notice_id = links.confirmed(signed=signed)
    except links.LinkExpired:
        return render(request, "notices/expired.html", status=GONE)
    except links.BadLink as error:
        raise Http404 from error
    rows = ArticleNotice.objects.select_related("product__partner").filter(product__partner__region=request.region)
    notice = rows.filter(pk=notice_id).first()
    if notice is None:
        return render(request, "notices/expired.html", status=GONE)
    if request.method == "POST":
        articles.confirm(notice_id=notice.pk, at=timezone.now())
        choices.choose(region=request.region, kinds=[Kind.AVAILABLE], wanted=True, at=timezone.now(), email=notice.email)
        messages.success(request, _("We tell you as soon as you can order %(title)s.") % {"title": notice.product.title})
        return redirect(notice.product)
    return render(request, "notices/confirm.html", {"notice": notice})
