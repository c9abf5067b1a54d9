"""The producers of the region, and each with its identity, its story and its articles."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from billing import agencies
from logistics import choosing, minimums
from marketplace.assortments.precedence import Sight
from marketplace.catalogue import claims
from marketplace.catalogue.models import Product
from marketplace.partner.models import Partner
from marketplace.pictures import sizes
from marketplace.regions import kept
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest
from marketplace.shop import cards, filters, offered, places, sharing, shelves
from marketplace.shop.choice import KIND, ORGANIC, PARAMETERS, VILLAGE, YES, Choice, choice_from
from marketplace.shop.views.market import PAGE, net_of, page_context, page_number, rounds_context


class Row(NamedTuple):
    """A producer as the filters know it; `village_id` is the key of its village."""

    pk: int
    kind: str
    village_id: int
    village: str
    village_slug: str
    organic_code: str
    organic_valid_until: date | None


@public
@kept.page(PAGE, *PARAMETERS)
def index(request: MarketRequest) -> HttpResponse:
    """Who sells here, with a map; filtered by village, kind and organic certificate."""
    choice = choice_from(given=dict(request.GET.lists()))
    everyone, today = _everyone(request), timezone.localdate()
    left = [row for row in everyone if _fits(row, choice, today)]
    number, total = page_number(request), len(left)
    if number > 1 and (number - 1) * shelves.PER_PAGE >= total:
        return redirect(f"{request.path}?{choice.query()}")
    rows = left[(number - 1) * shelves.PER_PAGE : number * shelves.PER_PAGE]
    counts = Counter(row.village_id for row in everyone)
    url = reverse("catalogue:producers")
    context = {
        "producers": cards.producer_cards_of(partners=_shown(rows, request.sight), today=today),
        "total": total,
        "url": url,
        "sheet": places.of_producers(region=request.region, counts=counts),
        "current": choice.villages[0] if len(choice.villages) == 1 else "",
        "groups": _groups(everyone, choice, today),
        "active": len(choice.active),
        **page_context(total=total, number=number, query=choice.query()),
    }
    return render(request, "shop/producers.html", context)


@public
@kept.page(PAGE)
def detail(request: MarketRequest, slug: str) -> HttpResponse:
    """One producer; applicants and suspended ones have no page."""
    known = Partner.objects.selling().filter(region=request.region).select_related("municipality", "picture")
    partner = get_object_or_404(known, slug=slug)
    at, today = timezone.now(), timezone.localdate()
    rounds = offered.offered(region=request.region, at=at, chosen_round=choosing.round_of(request))
    kept.until(request, rounds.changes_at)
    shelf = shelves.on_shelf(region=request.region, sight=request.sight).filter(partner=partner)
    number = page_number(request)
    shown = cards.with_offers(products=shelf.order_by("-priority", "title", "pk"), delivery_round=rounds.current)
    rows, total = shelves.page_of(products=shown, number=number)
    if not rows and number > 1:
        return redirect(partner)
    stands = cards.standings(products=rows, at=at, rounds=rounds)
    sizes.look_up(pictures=[partner.picture, *(product.picture for product in rows)], sizes=(sizes.DETAIL, sizes.CARD))
    certified, net = claims.certified(partner=partner, today=today), net_of(request)
    context = {
        "partner": partner,
        "picture": sizes.shown(picture=partner.picture, size=sizes.DETAIL),
        "certified": certified,
        "short": claims.allowed(text=partner.short, certified=certified),
        "story": claims.allowed(text=partner.story, certified=certified),
        "own_sellers": agencies.sellers(region_id=request.region.pk, partners=[partner], day=today),
        "facts": identity(partner=partner, certified=certified),
        "cards": [cards.card(product=product, stands=stands[product.pk], at=at, net=net) for product in rows],
        "total": total,
        "rounds": rounds_context(rounds, at),
        "round_minimum": minimums.sentence(
            partner=partner, missing=minimums.missing_in(delivery_round=rounds.current, partners=[partner]).get(partner.pk)
        ),
        "crumbs": [
            {"label": _("Producers"), "url": reverse("catalogue:producers")},
            {"label": partner.name, "url": ""},
        ],
        **page_context(total=total, number=number, query=""),
    }
    root = request.build_absolute_uri("/").rstrip("/")
    picture_url = root + reverse("catalogue:producer_picture", args=[slug]) if partner.picture_id else ""
    url = root + partner.get_absolute_url()
    told = sharing.business(partner=partner, short=context["short"], url=url, picture_url=picture_url)
    crumbs = sharing.trail(crumbs=context["crumbs"], root=root)
    context["share"] = {"url": url, "picture_url": picture_url, "structured": sharing.written(told, crumbs)}
    return render(request, "shop/producer.html", context)


def identity(*, partner: Partner, certified: bool) -> list[dict[str, str]]:
    """Who stands behind the business, as section 5 DDG and article 30 DSA want it shown."""
    rows = [
        (_("Name"), partner.name, ""),
        (_("Represented by"), partner.contact_name, ""),
        (_("Address"), f"{partner.street}\n{partner.postal_code} {partner.city}", ""),
        (_("Phone"), partner.phone, f"tel:{partner.phone.replace(' ', '')}"),
        (_("E-mail"), partner.email, f"mailto:{partner.email}"),
        (_("Register entry"), partner.register_entry, ""),
        (_("VAT id"), partner.vat_id, ""),
        (_("Organic control body"), partner.organic_code if certified else "", ""),
        (_("Opening hours"), partner.opening_text, ""),
    ]
    return [{"label": label, "text": text, "url": url} for label, text, url in rows if text]


def _everyone(request: MarketRequest) -> list[Row]:
    """What the filters ask of all producers: no more, since there are hundreds."""
    known = Partner.objects.selling().filter(region=request.region).order_by("name", "pk")
    village = ("municipality", "municipality__name", "municipality__slug")
    return [Row(*values) for values in known.values_list("pk", "kind", *village, "organic_code", "organic_valid_until")]


def _shown(rows: Sequence[Row], sight: Sight) -> list[Partner]:
    """The producers of a page, each with the number of its articles that somebody sees."""
    public = Product.objects.filter(sight.where(), is_public=True, partner=OuterRef("pk")).order_by()
    number = Subquery(public.values("partner").annotate(number=Count("pk")).values("number"))
    known = Partner.objects.filter(pk__in=[row.pk for row in rows]).select_related("municipality", "picture")
    by_key = {partner.pk: partner for partner in known.annotate(article_count=Coalesce(number, 0))}
    return [by_key[row.pk] for row in rows if row.pk in by_key]


def _fits(row: Row, choice: Choice, today: date) -> bool:
    return (
        (not choice.villages or row.village_slug in choice.villages)
        and (not choice.kinds or row.kind in choice.kinds)
        and (not choice.organic or claims.certified(partner=row, today=today))
    )


def _groups(everyone: Sequence[Row], choice: Choice, today: date) -> list[filters.Group]:
    places = Counter((row.village, row.village_slug) for row in everyone)
    kinds = Counter(row.kind for row in everyone)
    organic = sum(claims.certified(partner=row, today=today) for row in everyone)
    named: dict[str, Any] = dict(Partner.Kind.choices)
    return [
        filters.Group(
            legend=_("Kind"),
            name=KIND,
            kind="checkbox",
            options=tuple(
                filters.Option(value=kind, label=str(named[kind]), count=kinds[kind], checked=kind in choice.kinds)
                for kind in named
                if kinds[kind]
            ),
        ),
        filters.Group(
            legend=_("Farming"),
            name=ORGANIC,
            kind="checkbox",
            options=(filters.Option(value=YES, label=_("Organic"), count=organic, checked=choice.organic),),
        ),
        filters.Group(
            legend=_("Village"),
            name=VILLAGE,
            kind="checkbox",
            options=tuple(
                filters.Option(value=slug, label=name, count=number, checked=slug in choice.villages)
                for (name, slug), number in sorted(places.items())
            ),
        ),
    ]
