"""What becomes of the price of an article: who gets how much of it."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from billing import earnings, splitting
from marketplace.catalogue import claims, prices
from marketplace.regions import kept
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest
from marketplace.shop import cards, shelves


@public
@kept.page()
@require_safe
def split(request: MarketRequest, slug: str, pk: int) -> HttpResponse:
    """The shares in euro and cent; for weighed goods those of a kilogram."""
    product = cards.with_offers(products=shelves.on_shelf(region=request.region, sight=request.sight)).filter(pk=pk).first()
    if product is None:
        raise Http404("no such article here")
    if product.slug != slug:
        return redirect("catalogue:price", slug=product.slug, pk=pk, permanent=True)
    today = timezone.localdate()
    offer = cards.offer_of(product=product)
    price = offer.price_per_kg if product.catch_weight and offer.price_per_kg is not None else offer.price
    terms = earnings.terms_of(partner=product.partner, day=today, products=[product.pk])
    if terms is None:
        raise Http404("no contract tells the shares")
    rate = terms.commission_of(product_id=product.pk).percent
    earned = terms.earn(gross=price, category=product.vat_category, product_id=product.pk)
    found = splitting.of(earning=earned, commission_percent=rate)
    names = (product.partner.name, request.region.legal_name, _("VAT"), *([terms.fee_recipients] if found.fees else []))
    title = claims.title(product=product, today=today)
    context = {
        "product": product,
        "title": title,
        "split": found,
        "unit": "kg" if product.catch_weight else prices.unit_text(product=product),
        "rows": [
            {"name": name, "amount": part, "percent": splitting.percent(part=part, of=found.paid)}
            for name, part in zip(names, found.parts, strict=True)
        ],
        "crumbs": [{"label": title, "url": product.get_absolute_url()}, {"label": _("Who gets what"), "url": ""}],
    }
    return render(request, "shop/price.html", context)
