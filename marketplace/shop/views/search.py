"""The search over articles, shelves and producers."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from logistics import choosing
from marketplace.catalogue import search, spelling
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest
from marketplace.shop import cards, offered, shelves
from marketplace.shop.choice import Choice, choice_from
from marketplace.shop.views.market import page_context, page_number, rounds_context

MOST_PRODUCERS = 6


@public
def results(request: MarketRequest) -> HttpResponse:
    """What was found; what is written nearly alike when nothing was."""
    at = timezone.now()
    text = choice_from(given=dict(request.GET.lists())).text
    facets = shelves.facets_of(region=request.region)
    number = page_number(request)
    shelf = cards.with_offers(products=shelves.on_shelf(region=request.region))
    rows, total = shelves.page_of(products=search.find(queryset=shelf, text=text), number=number) if text else ([], 0)
    if not rows and number > 1:
        return redirect(f"{request.path}?{Choice(text=text).query()}")
    meant = ""
    nearly = bool(text and not rows)
    if nearly:
        rows, total = shelves.page_of(products=search.similar(queryset=shelf, text=text), number=1)
        meant = search.suggestion(text=text, titles=[product.title for product in rows])
    rounds = offered.offered(region=request.region, at=at, chosen_round=choosing.round_of(request))
    context = {
        "search_query": text,
        "cards": cards.cards(products=rows, region=request.region, at=at, delivery_round=rounds.current, rounds=rounds),
        "total": total,
        "nearly": nearly and bool(rows),
        "meant": meant,
        "producers": _fitting(facets.producers, text),
        "shelves": _fitting(facets.categories, text),
        "categories": facets.categories,
        "rounds": rounds_context(rounds, at),
        **page_context(total=total, number=number, query=Choice(text=text).query()),
    }
    return render(request, "shop/search.html", context)


def _fitting(facets: tuple[shelves.Facet, ...], text: str) -> list[shelves.Facet]:
    """Producers or shelves in whose name or village every word of the text occurs."""
    found = [facet for facet in facets if text and _contains(spelling.indexed(texts=[facet.name, facet.place]), text)]
    return found[:MOST_PRODUCERS]


def _contains(words: str, text: str) -> bool:
    return all(any(form in words for form in spelling.sought(word=word)) for word in spelling.words(text=text))
