"""What a device keeps for the time without network, and the articles that it sends when it is back."""

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpResponse, JsonResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.basket.baskets import NotAdded
from marketplace.catalogue.models import Product
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest
from marketplace.shop import offline
from marketplace.shop.views.basket import put_in

#: a device that sends the same again within this time is told nothing new
REMEMBERED = 60 * 60 * 24 * 7
MOST = 60


@public
@require_safe
def manifest(request: MarketRequest) -> HttpResponse:
    """For the phone that puts the market on its screen."""
    told = offline.manifest(region=request.region, room=request.GET.get("raum", ""))
    return JsonResponse(told, content_type="application/manifest+json")


@public
@require_safe
def worker(request: MarketRequest) -> HttpResponse:
    """The script beside the pages; browsers ask for it after every page, so they may keep it for an hour."""
    with translation.override(_spoken(request)):
        script = offline.worker(region=request.region)
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "max-age=3600"})


@public
@require_safe
def page(request: MarketRequest) -> HttpResponse:
    """What is shown where nothing is kept; it knows nothing of who asks."""
    with translation.override(_spoken(request)):
        return HttpResponse(offline.page(region=request.region))


@public
@require_POST
def catch_up(request: MarketRequest) -> HttpResponse:
    """Put into the basket what was added without network, each once, and say on the next page what could not be added."""
    wishes = filter(None, (offline.wish(told=told) for told in request.POST.getlist("wanted")[:MOST]))
    for wish in wishes:
        key = f"caught-up-{wish.key}"
        if not cache.add(key, True, timeout=REMEMBERED):
            continue
        shown = Product.objects.on_show(request.region, sight=request.sight)
        product = shown.filter(pk=wish.article).select_related("partner").first()
        try:
            line = put_in(request, product=product, quantity=wish.quantity)
        except NotAdded as refused:
            name = product.title if product else _("An article")
            messages.error(request, _("%(name)s was not added: %(reason)s") % {"name": name, "reason": refused})
        except Exception:
            cache.delete(key)
            raise
        else:
            messages.success(request, _("%(title)s is in your basket now.") % {"title": line.product.title})
    return HttpResponse(status=204)


def _spoken(request: MarketRequest) -> str:
    """The language of the page that asks; the browser itself does not always tell it when it fetches a worker."""
    asked = request.GET.get("sprache", "")
    return asked if asked in dict(settings.LANGUAGES) else translation.get_language() or settings.LANGUAGE_CODE
