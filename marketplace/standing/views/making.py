"""Making a standing order out of an order or the basket, and changing one."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from billing import terms
from logistics import leeway, rounds, tariffs
from marketplace.checkout import legal
from marketplace.checkout.forms import PAYMENT_TEXTS
from marketplace.order.models import Order
from marketplace.regions import hosts, villages
from marketplace.regions.access import customer
from marketplace.regions.requests import MarketRequest
from marketplace.standing import agreements, estimates, occurrences, wishes
from marketplace.standing.agreements import NotAgreed
from marketplace.standing.estimates import Estimate
from marketplace.standing.forms import ArticlesForm, WayForm
from marketplace.standing.models import StandingOrder
from marketplace.standing.pauses import NotPaused
from marketplace.standing.views import at_hand
from marketplace.standing.wishes import Row
from marketplace.users import addresses, profiles

UNPROCESSABLE = 422


@customer
@never_cache
def new(request: MarketRequest) -> HttpResponseBase:
    """From an order (`?bestellung=`) or, without one, from the basket; or into one that runs already."""
    order = _order(request)
    today = timezone.localdate()
    rows = wishes.of_order(order=order, today=today) if order else wishes.of_basket(basket=request.basket, today=today)
    if not rows:
        messages.info(request, _("Please put into the basket what is to come again and again, or choose an earlier order."))
        return redirect("standing:overview")
    articles = ArticlesForm(request.POST or None, rows=rows)
    into = request.POST.get("into", "")
    if into and articles.is_valid():
        return _extend(request, at_hand.standing(request, into), articles)
    way = _way_form(request, rows=rows, initial=_initial(request, order), order=order, standing=None)
    if request.method == "POST" and not into and articles.is_valid() and way.is_valid() and "back" not in request.POST:
        estimate = _estimate(articles, way)
        if request.POST.get("agreed") != str(estimate.total):
            return _check(request, estimate, way, {"crumbs": at_hand.crumbs((_("New"), ""))})
        try:
            made = agreements.make(
                user=request.user,
                region=request.region,
                articles=articles.articles(),
                way=way.way(),
                starts_on=way.cleaned_data["starts_on"],
                age_confirmed=way.age_confirmed(),
                terms_accepted=legal.texts(region=request.region),
                at=timezone.now(),
            )
        except NotAgreed as refusal:
            way.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your standing order is set up. We confirm it by e-mail."))
            return redirect(made)
    running = StandingOrder.objects.running().filter(user=request.user, region=request.region).order_by("pk")
    context = {"running": list(running), "crumbs": at_hand.crumbs((_("New"), ""))}
    return _render(request, articles, way, context)


@customer
@never_cache
def change(request: MarketRequest, number: str) -> HttpResponseBase:
    """Another list, rhythm, place or payment from the next delivery on."""
    standing = at_hand.standing(request, number)
    rows = wishes.of_standing(standing=standing, today=timezone.localdate())
    articles = ArticlesForm(request.POST or None, rows=rows)
    way = _way_form(request, rows=rows, initial=_present(standing), order=None, standing=standing)
    crumbs = at_hand.crumbs((number, standing.get_absolute_url()), (_("Change"), ""))
    if request.method == "POST" and articles.is_valid() and way.is_valid() and "back" not in request.POST:
        estimate = _estimate(articles, way)
        if request.POST.get("agreed") != str(estimate.total):
            return _check(request, estimate, way, {"standing": standing, "crumbs": crumbs})
        try:
            agreements.revise(
                standing=standing,
                articles=articles.articles(),
                way=way.way(),
                age_confirmed=way.age_confirmed(),
                at=timezone.now(),
                by=request.user,
            )
        except (NotAgreed, NotPaused) as refusal:
            way.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your standing order is changed."))
            _tell_placed(request, standing)
            return redirect(standing)
    return _render(request, articles, way, {"standing": standing, "crumbs": crumbs})


def _estimate(articles: ArticlesForm, way: WayForm) -> Estimate:
    told = way.way()
    door = tariffs.door(municipality=told.municipality, postal_code=told.postal_code)
    return estimates.of(articles=articles.articles(), rows=articles.known, window=told.window, door=door)


def _check(request: MarketRequest, estimate: Estimate, way: WayForm, context: dict[str, Any]) -> HttpResponseBase:
    """What it comes to, right above the button that binds; a sum that has changed since is shown once more."""
    told = [(name, value) for name, value in request.POST.items() if name not in {"csrfmiddlewaretoken", "agreed"}]
    context |= {
        "estimate": estimate,
        "told": told,
        "changed": "agreed" in request.POST,
        "way": way.way(),
        "window": wishes.window_text(window=way.way().window),
        "starts_on": way.cleaned_data.get("starts_on"),
        "payment": PAYMENT_TEXTS[way.cleaned_data["payment"]],
    }
    return render(request, "standing/check.html", context)


def _extend(request: MarketRequest, standing: StandingOrder, articles: ArticlesForm) -> HttpResponseBase:
    """What was chosen joins a standing order that runs."""
    try:
        agreements.extend(standing=standing, articles=articles.articles(), at=timezone.now(), by=request.user)
    except (NotAgreed, NotPaused) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The articles come with your standing order %(number)s.") % {"number": standing.number})
        _tell_placed(request, standing)
    return redirect(standing)


def _tell_placed(request: MarketRequest, standing: StandingOrder) -> None:
    """What is ordered already stays as it is."""
    for order in occurrences.still_open(standing=standing, at=timezone.now()):
        text = _("Order %(number)s is placed already and stays as it is.") % {"number": order.number}
        messages.info(request, f"{text} {leeway.sentence(delivery_round=order.delivery.round, region=request.region)}")


def _render(request: MarketRequest, articles: ArticlesForm, way: WayForm, context: dict[str, Any]) -> HttpResponseBase:
    told = {**context, "articles": articles, "form": way}
    return render(request, "standing/form.html", told, status=UNPROCESSABLE if request.method == "POST" else 200)


def _way_form(
    request: MarketRequest, *, rows: Sequence[Row], initial: dict[str, Any], order: Order | None, standing: StandingOrder | None
) -> WayForm:
    windows = wishes.windows(region=request.region, producers={row.producer_id for row in rows if row.producer_id})
    choices = [window for window, _text in windows]
    usual = wishes.usual_window(order=order, windows=choices) if order else None
    known = wishes.window_of(standing=standing, windows=choices) if standing else None
    return WayForm(
        request.POST or None,
        windows=windows,
        villages=hosts.villages_of(region=request.region),
        methods=terms.methods_for(user=request.user, region=request.region),
        age=max((row.age_limit for row in rows), default=0),
        today=timezone.localdate(),
        is_new=standing is None,
        initial={**initial, "window": known or usual},
    )


def _order(request: MarketRequest) -> Order | None:
    """The customer's own order that the address names."""
    number = request.GET.get("bestellung", "")
    if not number:
        return None
    related = ("delivery__window__round", "delivery__municipality", "terms")
    mine = Order.objects.of_customer(request.user).filter(region=request.region).select_related(*related)
    return get_object_or_404(mine, number=number)


def _initial(request: MarketRequest, order: Order | None) -> dict[str, Any]:
    """As it was with that order, else as the profile knows it."""
    profile, village = profiles.of(user=request.user), villages.chosen(request)
    home = next(iter(addresses.of(user=request.user, region=request.region)), None)
    following = rounds.next_open(region=request.region, at=timezone.now())
    begin = following.delivery_day if following else timezone.localdate()
    found = {
        # what comes in that round anyway is not ordered twice
        "starts_on": max(begin, order.delivery.round.delivery_day + timedelta(days=1)) if order else begin,
        "first_name": request.user.first_name,
        "last_name": request.user.last_name,
        "company": profile.company,
        "phone": profile.phone,
        "street": home.street if home else "",
        "place": _place(home.postal_code, home.municipality) if home else _place("", profile.municipality or village),
        "payment": terms.methods_for(user=request.user, region=request.region)[0],
    }
    if order is None:
        return found
    return found | {
        "first_name": order.first_name,
        "last_name": order.last_name,
        "company": order.company,
        "phone": order.phone,
        "payment": order.terms.method,
        "note": order.note[:300],
    }


def _present(standing: StandingOrder) -> dict[str, Any]:
    names = ("may_move", "first_name", "last_name", "company", "phone", "street", "note", "payment")
    told = {name: getattr(standing, name) for name in names}
    return told | {"place": _place(standing.postal_code, standing.municipality), "of_age": standing.age_confirmed > 0}


def _place(code: str, village: Any) -> str:
    """Postal code and village as the form names them."""
    if village is None:
        return ""
    code = code if code in village.postal_codes else next(iter(village.postal_codes), "")
    return f"{code}|{village.pk}"
