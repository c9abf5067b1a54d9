"""The basket: what is in it, putting something into it, changing and taking out. Works with and without scripts."""

from typing import NamedTuple
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing import net_prices
from logistics import choosing, crates, reservations, windows
from logistics.reservations import Held
from logistics.windows import WindowChoice
from marketplace.basket import baskets, sharing, visitors
from marketplace.basket.baskets import Contents
from marketplace.basket.models import Line
from marketplace.catalogue import claims
from marketplace.catalogue.models import Product
from marketplace.regions import villages
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest
from marketplace.shop import basket_page, offered
from marketplace.shop.views import shared_basket
from marketplace.vouchers import attempts, codes, counting, selection
from marketplace.vouchers.standing import Person

SUMMARY = "basket/summary.html"
UNPROCESSABLE, TOO_MANY = 422, 429


class Attempt(NamedTuple):
    """A code that was typed, and why it does not go into the basket."""

    typed: str
    problem: str


@public
def summary(request: MarketRequest) -> HttpResponse:
    """What is in the basket."""
    if visitors.has_ended(request):
        messages.info(request, sharing.over())
    return _show(request)


@public
@require_POST
def add(request: MarketRequest, pk: int) -> HttpResponse:
    """Put an article into the basket; a refusal is a sentence, and nothing is stored."""
    quantity = _number(request.POST.get("quantity", "1"))
    product = Product.objects.on_show(request.region, sight=request.sight).filter(pk=pk).select_related("partner").first()
    try:
        line, fewer = _as_many_as_there_are(request, product, quantity)
    except baskets.NotAdded as refused:
        return _told(request, str(refused), failed=True, missing=product is None)
    said = _("%(title)s is in your basket (%(number)s).") % {"title": _name(line.product), "number": line.quantity}
    return _told(request, " ".join(filter(None, [fewer, said])))


def _as_many_as_there_are(request: MarketRequest, product: Product | None, quantity: int) -> tuple[Line, str]:
    """Put in what is wanted, or what is left of it; then also why. Raises `baskets.NotAdded`."""
    try:
        return put_in(request, product=product, quantity=quantity), ""
    except baskets.NotAdded as refused:
        if not refused.more:
            raise
        return put_in(request, product=product, quantity=refused.more), str(refused)


def put_in(request: MarketRequest, *, product: Product | None, quantity: int) -> Line:
    """Put so many of an article into the basket; what is kept for the checkout goes with it. Raises `baskets.NotAdded`."""
    if product is None:
        raise baskets.NotAdded(_("This article is not on offer at the moment."))
    if not 1 <= quantity <= baskets.MOST:
        raise baskets.NotAdded(_("Please choose a number from 1 to %(most)s.") % {"most": baskets.MOST})
    held = reservations.held_by(basket=request.basket)
    line = visitors.add(request, product=product, quantity=quantity, own=held.stock if held else {}, name=_name(product))
    _follow(request, held)
    return line


@public
@require_POST
def change(request: MarketRequest, pk: int) -> HttpResponse:
    """Change how many are wanted; 0 takes the line out. − and + send a step beside the number when there are no scripts."""
    if visitors.has_ended(request):
        return _over(request)
    known = Line.objects.select_related("product__partner", "basket")
    line = get_object_or_404(known, pk=pk, basket_id=request.basket.pk or 0)
    step = {"1": 1, "-1": -1}.get(request.POST.get("step", ""), 0)
    quantity = _number(request.POST.get("quantity", "")) + step
    title, problem = _name(line.product), ""
    if quantity < line.product.minimum_quantity and step == -1:
        quantity = 0
    try:
        held = reservations.held_by(basket=request.basket)
        kept = baskets.change(line=line, quantity=quantity, own=held.stock if held else {}, name=title)
        _follow(request, held)
        text = _("%(title)s: %(number)s in your basket.") if kept else _("%(title)s has been taken out.")
        said = text % {"title": title, "number": kept.quantity if kept else 0}
    except baskets.NotAdded as refused:
        said = problem = str(refused)
    if request.htmx:
        return _show(request, said=said, problem=problem)
    (messages.error if problem else messages.success)(request, said)
    return redirect("basket:summary")


@public
@require_POST
def wish(request: MarketRequest, pk: int) -> HttpResponse:
    """What to do when the article is missing, and a note to its producer."""
    if visitors.has_ended(request):
        return _over(request)
    line = get_object_or_404(Line.objects.select_related("product__partner", "basket"), pk=pk, basket_id=request.basket.pk or 0)
    try:
        baskets.wish(line=line, substitution=request.POST.get("substitution", ""), note=request.POST.get("note", ""))
    except baskets.NotAdded as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(title)s: your wish is noted.") % {"title": _name(line.product)})
    return redirect(reverse("basket:summary") + f"#line-{pk}")


@public
@require_POST
def redeem(request: MarketRequest) -> HttpResponse:
    """Put the voucher whose code was typed into the basket, or say at the field why not."""
    typed = request.POST.get("code", "")
    who = attempts.traces(basket_id=request.basket.pk, address=request.META.get("REMOTE_ADDR", ""))
    try:
        attempts.check(who=who)
        terms = codes.enter(basket=request.basket, typed=typed, person=Person(user_id=request.user.pk), at=timezone.now())
    except attempts.TooMany as refused:
        return _show(request, voucher=Attempt(typed, str(refused)), status=TOO_MANY)
    except codes.NotTaken as refused:
        if refused.is_unknown:
            attempts.count(who=who)
        return _show(request, voucher=Attempt(typed, str(refused)), status=UNPROCESSABLE)
    messages.success(request, _("The voucher %(code)s is in your basket.") % {"code": terms.code})
    return redirect(reverse("basket:summary") + "#vouchers")


@public
@require_POST
def give_up(request: MarketRequest) -> HttpResponse:
    """Take a voucher out of the basket."""
    codes.take_out(basket=request.basket, typed=request.POST.get("code", ""))
    messages.success(request, _("The voucher has been taken out."))
    return redirect(reverse("basket:summary") + "#vouchers")


def _over(request: MarketRequest) -> HttpResponse:
    """Somebody has ordered the basket that was filled together, or shares it no more."""
    if request.htmx:
        return _show(request, said=sharing.over(), problem=sharing.over())
    messages.info(request, sharing.over())
    return redirect("basket:summary")


def _follow(request: MarketRequest, held: Held | None) -> None:
    """What is kept for the checkout goes with the basket."""
    if held is not None:
        contents = baskets.contents(basket=request.basket)
        reservations.follow(basket=request.basket, wanted={line.stockrecord.pk: line.quantity for line in contents.lines})


def _show(
    request: MarketRequest, *, said: str = "", problem: str = "", voucher: Attempt | None = None, status: int = 200
) -> HttpResponse:
    """The page, or for htmx the part of it that changes."""
    at = timezone.now()
    contents = baskets.contents(basket=request.basket)
    held = reservations.held_by(basket=request.basket) if choosing.window(request) else None
    choices = _choices(request, contents)
    chosen = next((choice for choice in choices if choice.window_id == choosing.window(request)), None)
    wanted_round = chosen.round_id if chosen else choosing.round_of(request)
    rounds = offered.offered(region=request.region, at=at, chosen_round=wanted_round)
    page = basket_page.page(
        contents=contents,
        rounds=rounds,
        chosen=chosen,
        had_chosen=choosing.window(request) is not None,
        held=held,
        vouchers=counting.of_contents(
            contents=contents,
            chosen=selection.of_basket(basket_id=baskets.key_for_codes(basket=request.basket)) if contents.count else (),
            fee=chosen.fee_for(goods=contents.goods_total) if chosen else None,
            person=Person(user_id=request.user.pk),
            at=at,
        ),
        at=at,
        today=timezone.localdate(),
        net=net_prices.shown_to(user=request.user, region=request.region, day=timezone.localdate()),
        sight=request.sight,
        is_guest_here=visitors.is_shared(request),
    )
    part = bool(request.htmx and not request.htmx.history_restore_request)
    context = {
        "page": page,
        "contents": contents,
        "basket_brief": baskets.brief_of(contents=contents),
        "said": said,
        "problem": problem,
        "voucher": voucher,
        "sharing": shared_basket.links(request),
        "fragment": part,
    }
    response = render(request, f"{SUMMARY}#basket-part" if part else SUMMARY, context, status=status)
    if said:
        response.headers["X-Told"] = quote(said)
    return response


def _choices(request: MarketRequest, contents: Contents) -> list[WindowChoice]:
    """The windows that can be chosen, to see whether the chosen one is among them."""
    if not contents.count or choosing.window(request) is None:
        return []
    village, farms = villages.chosen(request), [partner.pk for partner in contents.producers]
    visitor = choosing.visitor(request)
    load = crates.at_least_one(goods=((line.product, line.quantity) for line in contents.lines))
    return windows.choices(
        region=request.region, municipality=village, at=timezone.now(), farms=farms, visitor=visitor, load=load
    )


def _told(request: MarketRequest, sentence: str, *, failed: bool = False, missing: bool = False) -> HttpResponse:
    """Answer an added article: for htmx the header's parts and a sentence, for everyone else a message and the way back."""
    if request.htmx:
        status = (404 if missing else 422) if failed else 200
        response = render(request, "basket/added.html", {"said": sentence, "failed": failed}, status=status)
        response.headers["X-Told"] = quote(sentence)
        return response
    (messages.error if failed else messages.success)(request, sentence)
    return redirect(_back(request))


def _back(request: MarketRequest) -> str:
    """The page the article was put into the basket from."""
    came_from = request.POST.get("next") or request.headers.get("Referer", "")
    return came_from if url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}) else "basket:summary"


def _number(given: str) -> int:
    """A whole number; nonsense is -1, which every rule refuses."""
    text = given.strip()
    plain = text.isascii() and text.isdecimal() and len(text) <= 6
    return int(text) if plain else -1


def _name(product: Product) -> str:
    return claims.title(product=product, today=timezone.localdate())
