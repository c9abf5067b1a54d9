"""The search over articles, services, shelves, producers, stories and pages."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from logistics import choosing
from marketplace.catalogue import claims, guesses, misses, search, spelling
from marketplace.catalogue.models import Product
from marketplace.regions import kept
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest
from marketplace.shop import cards, finds, hits, offered, shelves
from marketplace.shop.choice import KIND, TEXT, Choice, choice_from
from marketplace.shop.hits import Hits
from marketplace.shop.views.market import PAGE, net_of, page_context, page_number, rounds_context

SUGGESTED, SHORTEST = 8, 2


@dataclass(frozen=True)
class Group:
    """Where more of one kind is found."""

    url: str
    label: str
    count: int


@public
def results(request: MarketRequest) -> HttpResponse:
    """What was found; what was probably meant when nothing was."""
    at, today = timezone.now(), timezone.localdate()
    text = choice_from(given=dict(request.GET.lists())).text
    number = page_number(request)
    facets = shelves.facets_of(region=request.region, sight=request.sight)
    rounds = offered.offered(region=request.region, at=at, chosen_round=choosing.round_of(request))
    shelf = shelves.on_shelf(region=request.region, sight=request.sight)
    wanted = cards.with_offers(products=shelf, delivery_round=rounds.current)
    found, rows = hits.page_of(region=request.region, text=text, products=wanted, number=number, sight=request.sight)
    total = found.total
    if not rows and number > 1:
        return redirect(f"{request.path}?{Choice(text=text).query()}")
    beside = _beside(request, text, facets)
    nearly, meant = False, ""
    if text and not rows:
        meant = _meant(request, text)
        alike = search.find(queryset=cards.with_offers(products=shelf), text=meant)
        rows, total = shelves.page_of(products=alike, number=1) if meant else ([], 0)
        nearly = bool(rows)
        if not any(beside.values()):
            misses.note(region=request.region, text=text, today=today)
    if rows and not nearly:  # what is not found is counted each time
        kept.keep(request, parameters=(TEXT, PAGE))
        kept.until(request, rounds.changes_at)
    context = {
        "search_query": text,
        "cards": cards.cards(
            products=rows, region=request.region, at=at, delivery_round=rounds.current, rounds=rounds, net=net_of(request)
        ),
        "total": total,
        "nearly": nearly,
        "meant": meant,
        **beside,
        "found": [] if nearly else _groups(text, found, beside),
        "categories": facets.categories,
        "rounds": rounds_context(rounds, at),
        **page_context(total=total, number=number, query=Choice(text=text).query()),
    }
    return render(request, "shop/search.html", context)


@public
def suggest(request: MarketRequest) -> HttpResponse:
    """Names that fit what is typed so far, for the list below the field; shelves and producers before articles."""
    text = choice_from(given=dict(request.GET.lists())).text
    facets = shelves.facets_of(region=request.region, sight=request.sight)
    names: list[str] = []
    if len(text) >= SHORTEST:
        for among in (facets.categories, facets.producers):
            names += [facet.name for facet in finds.facets(among=among, text=text)]
        shelf = shelves.on_shelf(region=request.region, sight=request.sight)
        rows = search.find(queryset=shelf, text=text).select_related("partner")[:SUGGESTED]
        names += [claims.title(product=product, today=timezone.localdate()) for product in rows]
    response = render(request, "shop/suggestions.html", {"names": list(dict.fromkeys(names))[:SUGGESTED]})
    patch_cache_control(response, private=True, max_age=60)
    return response


def _beside(request: MarketRequest, text: str, facets: shelves.Facets) -> dict[str, list[Any]]:
    """What is no article, by group."""
    entries, today = finds.entries_of(region=request.region) if text else (), timezone.localdate()
    return {
        "shelves": finds.facets(among=facets.categories, text=text),
        "producers": finds.facets(among=facets.producers, text=text),
        "stories": finds.found(entries=entries, kind="story", text=text, today=today),
        "events": sorted(finds.found(entries=entries, kind="event", text=text, today=today), key=lambda one: one.until or today),
        "pages_found": finds.found(entries=entries, kind="page", text=text, today=today),
    }


def _groups(text: str, found: Hits, beside: dict[str, list[Any]]) -> list[Group]:
    """How much there is of each kind, and where; only what was found."""
    market = f"{reverse('catalogue:index')}?{urlencode({'q': text})}"
    groups = [
        Group(f"{market}&{KIND}={Product.Kind.GOODS}", _("Articles"), found.total - found.services),
        Group(f"{market}&{KIND}={Product.Kind.SERVICE}", _("Services"), found.services),
        Group("#producers", _("Producers"), len(beside["producers"])),
        Group("#stories", _("Stories"), len(beside["stories"])),
        Group("#events", _("Events"), len(beside["events"])),
        Group("#pages", _("Pages"), len(beside["pages_found"])),
    ]
    return [group for group in groups if group.count]


def _meant(request: MarketRequest, text: str) -> str:
    """The words of the region that are written nearly like it; empty when they are the same."""
    found = guesses.meant(text=text, known=finds.words_of(region=request.region, sight=request.sight))
    return "" if found.casefold() == " ".join(spelling.words(text=text)) else found
