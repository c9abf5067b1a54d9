"""One article with all that one wants to know before buying it."""

from datetime import date, datetime
from operator import attrgetter
from typing import Any

from django.db.models import F, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from billing import agencies
from logistics import choosing
from marketplace.catalogue import claims, prices
from marketplace.catalogue.models import Product
from marketplace.notices import articles
from marketplace.notices.forms import AddressForm
from marketplace.pictures import sizes
from marketplace.regions import kept
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest
from marketplace.reviews import reading
from marketplace.shop import cards, offered, own_articles, product_page, sharing, shelves
from marketplace.shop.views.market import net_of, rounds_context

MORE = 4


@public
@kept.page()
def detail(request: MarketRequest, slug: str, pk: int) -> HttpResponse:
    """The article's page; another region's, hidden and suspended ones do not exist, except for their own producers."""
    shown = cards.with_offers(products=shelves.on_shelf(region=request.region, sight=request.sight))
    at, today = timezone.now(), timezone.localdate()
    product = _on_its_shelf(shown, pk, today)
    is_hidden = product is None
    if product is None:
        mine = own_articles.of_user(user=request.user, region=request.region)
        product = _on_its_shelf(cards.with_offers(products=mine), pk, today)
    if product is None:
        raise Http404("no such article here")
    if product.slug != slug:
        return redirect(product, permanent=True)
    rounds = offered.offered(region=request.region, at=at, chosen_round=choosing.round_of(request))
    kept.until(request, rounds.changes_at)
    more = list(shown.filter(partner=product.partner_id).exclude(pk=pk).order_by("-priority", "pk")[:MORE])
    stands = cards.standings(products=[product, *more], at=at, rounds=rounds)
    sizes.look_up(pictures=[product.picture, *(other.picture for other in more)], sizes=(sizes.DETAIL, sizes.CARD))
    net = net_of(request)
    card = cards.card(product=product, stands=stands[pk], at=at, size=sizes.DETAIL, net=net)
    certified = claims.certified(partner=product.partner, today=today)
    description = claims.allowed(text=product.description, certified=certified)
    round_lines = product_page.rounds(product=product, shown=rounds, at=at)
    context = {
        "product": product,
        "partner": product.partner,
        "own_sellers": [product.partner] if product.sold_by_producer else [],
        "card": card,
        "partner_short": claims.allowed(text=product.partner.short, certified=certified),
        "description": description,
        "unit_text": prices.unit_text(product=product),
        "facts": product_page.facts(product=product, today=today),
        "ingredients": product_page.ingredients(product=product, today=today),
        "months": product_page.months(product=product),
        "round_lines": round_lines,
        "orderable_later": any(not line.hindrance for line in round_lines),
        "tell_me": _tell_me(request, product, stands[pk], rounds, at),
        "rounds": rounds_context(rounds, at),
        "more": [cards.card(product=other, stands=stands[other.pk], at=at, net=net) for other in more],
        "crumbs": _crumbs(product, card.title),
        "only_you": own_articles.notice(product=product, region=request.region) if is_hidden else "",
    }
    context["share"] = _share(request, product, context, stands[pk])
    return render(request, "shop/product.html", context)


def _share(request: MarketRequest, product: Product, context: dict[str, Any], stands: cards.Standing) -> dict[str, Any]:
    """What other sites show of the page, and what machines read."""
    card, root = context["card"], request.build_absolute_uri("/").rstrip("/")
    picture_url = root + reverse("catalogue:article_picture", args=[product.pk]) if product.picture_id else ""
    first_day = next((line.day for line in context["round_lines"] if not line.hindrance), None)
    told = {"title": card.title, "description": context["description"], "url": root + card.url, "picture_url": picture_url}
    return {
        "url": root + card.url,
        "picture_url": picture_url,
        "structured": sharing.written(
            sharing.article(product=product, stands=stands, first_day=first_day, **told),
            sharing.trail(crumbs=context["crumbs"], root=root),
        ),
    }


def _tell_me(
    request: MarketRequest, product: Product, stands: cards.Standing, rounds: offered.Offered, at: datetime
) -> dict[str, Any] | None:
    """For an article that no open round takes: the offer to be told when one does, or that one will be told."""
    offers = {product.pk: stands.offer}
    if not stands.reason or articles.first_rounds(products=[product], offers=offers, open_rounds=rounds.open, at=at):
        return None
    return {"waits": articles.waits(product=product, user=request.user), "form": AddressForm()}


def _on_its_shelf(shown: QuerySet[Product], pk: int, today: date) -> Product | None:
    """The article with all that its page says and the name of its first shelf, in one query; None where it is not shown."""
    sellers = shown.annotate(sold_by_producer=agencies.sells_itself(partner="partner", day=today))
    found = reading.with_stars(products=sellers).filter(pk=pk)
    shelf = {"shelf": F("categories__name"), "shelf_slug": F("categories__slug"), "shelf_path": F("categories__path")}
    rows = found.annotate(**shelf).only(*cards.COLUMNS, *cards.PAGE_COLUMNS).order_by()
    return min(rows, key=attrgetter("shelf_path"), default=None)


def _crumbs(product: Product, title: str) -> list[dict[str, str]]:
    shelf, slug = getattr(product, "shelf", None), getattr(product, "shelf_slug", None)
    middle = [{"label": shelf, "url": reverse("catalogue:category", args=[slug])}] if shelf and slug else []
    return [{"label": _("Market"), "url": reverse("catalogue:index")}, *middle, {"label": title, "url": ""}]
