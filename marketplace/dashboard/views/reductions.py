"""A producer lowers a price for a while."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.catalogue.models import Product
from marketplace.core import wording
from marketplace.dashboard.forms.reductions import ReductionForm
from marketplace.partner import offers
from marketplace.partner.access import producer
from marketplace.partner.models import Partner
from marketplace.partner.offers import BadOffer
from marketplace.regions.requests import MarketRequest

USUAL_DAYS = timedelta(days=7)


@producer
def reduction(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponseBase:
    """Lower the price until a day, or bring the usual one back."""
    product = get_object_or_404(Product.objects.of(partner), pk=pk)
    offer = get_object_or_404(product.stockrecords)
    at, today = timezone.now(), timezone.localdate()
    form = ReductionForm(request.POST or None, initial={"until": today + USUAL_DAYS})
    if request.method == "POST" and "end" in request.POST:
        offers.set_price(stockrecord=offer, price=offer.price_after, price_per_kg=offer.price_after, at=at, by=request.user)
        messages.success(request, _("“%(title)s” costs its usual price again.") % {"title": product.title})
        return redirect("dashboard:article", pk=pk)
    if request.method == "POST" and form.is_valid():
        try:
            offers.reduce(stockrecord=offer, **form.cleaned_data, today=today, at=at, by=request.user)
        except BadOffer as refusal:
            form.add_error(None, str(refusal))
        else:
            told = {"title": product.title, "day": wording.weekday_date(form.cleaned_data["until"])}
            messages.success(request, _("“%(title)s” is reduced until %(day)s.") % told)
            return redirect("dashboard:article", pk=pk)
    page = {"section": "articles", "partner": partner, "product": product, "offer": offer, "form": form}
    page["price"] = offers.advertised(offer=offer)
    return render(request, "dashboard/reduction.html", page, status=422 if form.is_bound else 200)
