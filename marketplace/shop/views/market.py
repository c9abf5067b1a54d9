"""The catalogue: all articles of the region, and those of one shelf."""

from dataclasses import asdict
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from billing import net_prices
from logistics import choosing
from marketplace.catalogue import search
from marketplace.catalogue.models import Category, Product
from marketplace.regions import kept
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest
from marketplace.shop import cards, criteria, filters, offered, shelves, tallies
from marketplace.shop.choice import PARAMETERS, RECOMMENDED, Choice, choice_from

TEMPLATE = "shop/market.html"
PAGE = "seite"
LAST_PAGE = 10_000


@public
@kept.page(PAGE, *PARAMETERS)
def index(request: MarketRequest) -> HttpResponse:
    """Everything that the region's producers offer."""
    return _list(request, category=None)


@public
@kept.page(PAGE, *PARAMETERS)
def category(request: MarketRequest, slug: str) -> HttpResponse:
    """One shelf; where this region has nothing on it, there is no such page."""
    found = Category.objects.filter(is_public=True, slug=slug).order_by("depth", "pk").first()
    if found is None:
        raise Http404("no such shelf")
    return _list(request, category=found)


def _list(request: MarketRequest, *, category: Category | None) -> HttpResponse:
    at = timezone.now()
    choice = choice_from(given=dict(request.GET.lists()), category=category.slug if category else "")
    number = page_number(request)
    rounds = offered.offered(region=request.region, at=at, chosen_round=choosing.round_of(request))
    kept.until(request, rounds.changes_at)
    moment = criteria.moment(rounds=rounds, today=timezone.localdate())
    tally = tallies.tally(
        region=request.region,
        products=_found(shelves.on_shelf(region=request.region, sight=request.sight), choice),
        choice=choice,
        path=category.path if category else "",
        moment=moment,
        sight=request.sight,
    )
    wanted = cards.with_offers(products=_products(request, choice, category, moment), delivery_round=rounds.current)
    rows, total = shelves.page_of(products=wanted, number=number, total=tally.total)
    if not rows and number > 1:
        return redirect(f"{request.path}?{choice.query()}")
    if category is not None and not total and not choice.pairs():
        raise Http404("nothing on this shelf here")
    url = reverse("catalogue:category", args=[category.slug]) if category else reverse("catalogue:index")
    context = {
        "category": category,
        "cards": cards.cards(
            products=rows, region=request.region, at=at, delivery_round=rounds.current, rounds=rounds, net=net_of(request)
        ),
        "total": total,
        "rounds": rounds_context(rounds, at),
        "url": url,
        "choice": choice,
        **vars(filters.panel(tally=tally, choice=choice, url=url)),
        "crumbs": _crumbs(category),
        **page_context(total=total, number=number, query=choice.query()),
    }
    return fragment_or_page(request, context)


def _products(request: MarketRequest, choice: Choice, category: Category | None, moment: criteria.Moment) -> QuerySet[Product]:
    shelf = shelves.on_shelf(region=request.region, category=category, sight=request.sight)
    left = _found(criteria.narrowed(products=shelf, choice=choice, moment=moment), choice)
    by_fit = choice.text and choice.order == RECOMMENDED
    return left if by_fit else shelves.ordered(products=left, order=choice.order)


def _found(products: QuerySet[Product], choice: Choice) -> QuerySet[Product]:
    """Those in which the words occur, if there are words."""
    return search.find(queryset=products, text=choice.text) if choice.text else products


def fragment_or_page(request: MarketRequest, context: dict[str, Any]) -> HttpResponse:
    """The list alone for htmx, the whole page for everyone else."""
    part = request.htmx and not request.htmx.history_restore_request
    response = render(request, f"{TEMPLATE}#results" if part else TEMPLATE, {**context, "fragment": bool(part)})
    patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
    return response


def net_of(request: MarketRequest) -> net_prices.Rates | None:
    """VAT rates for somebody who is shown prices without VAT."""
    return net_prices.shown_to(user=request.user, region=request.region, day=timezone.localdate())


def page_number(request: MarketRequest) -> int:
    """The page that was asked for; nonsense is the first."""
    given = request.GET.get(PAGE, "1")
    return min(max(int(given), 1), LAST_PAGE) if given.isascii() and given.isdecimal() and len(given) < 6 else 1


def page_context(*, total: int, number: int, query: str) -> dict[str, Any]:
    """What `components/pagination.html` wants; nothing is counted again."""
    paginator = Paginator(range(total), shelves.PER_PAGE)
    page: Page[int] = paginator.get_page(number)
    return {"page": page, "pages": list(paginator.get_elided_page_range(page.number, on_each_side=1)), "query": query}


def rounds_context(rounds: offered.Offered, at: Any) -> dict[str, Any]:
    """What `components/round_banner.html` wants."""
    current = rounds.current
    if current is None:
        return {**asdict(rounds), "reopens": offered.reopens_text(opens_next=rounds.opens_next)}
    return {
        "current": current,
        "deadline": current.cutoff_at,
        "deadline_text": offered.deadline_text(delivery_round=current),
        "left": offered.left_text(delivery_round=current, at=at),
    }


def _crumbs(category: Category | None) -> list[dict[str, str]]:
    if category is None:
        return []
    return [{"label": _("Market"), "url": reverse("catalogue:index")}, {"label": category.name, "url": ""}]
