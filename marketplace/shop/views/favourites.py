"""What a customer has marked to find it again: articles, with what can be ordered now, and producers."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from logistics import choosing
from marketplace.notices import articles, favourites
from marketplace.regions.access import customer
from marketplace.regions.requests import MarketRequest
from marketplace.shop import cards, offered, shelves
from marketplace.shop.views.market import net_of, rounds_context

#: the last marked; nobody looks through more
MOST = 120


@customer
@never_cache
@require_safe
def index(request: MarketRequest) -> HttpResponse:
    """The marked articles, those that can be ordered first, the producers, and which articles somebody waits for."""
    at, region = timezone.now(), request.region
    keys = favourites.article_keys(user=request.user, region=region)[:MOST]
    rounds = offered.offered(region=region, at=at, chosen_round=choosing.round_of(request))
    shelf = shelves.on_shelf(region=region, sight=request.sight).filter(pk__in=keys)
    net = net_of(request)
    found = cards.cards(products=shelf, region=region, at=at, delivery_round=rounds.current, rounds=rounds, net=net)
    rank = {key: place for place, key in enumerate(keys)}
    partners = favourites.producers_of(user=request.user, region=region)
    context = {
        "cards": sorted(found, key=lambda card: (not card.orderable, rank[card.product_id])),
        "producers": cards.producer_cards_of(partners=partners, today=timezone.localdate()),
        "waiting": articles.waiting_of(user=request.user, region=region),
        "rounds": rounds_context(rounds, at),
        "crumbs": [
            {"label": _("My account"), "url": reverse("customer:overview")},
            {"label": _("Favourites"), "url": ""},
        ],
    }
    return render(request, "shop/favourites.html", context)
