"""The pile of letters: print them all at once, tick those that are out of the house."""

from collections.abc import Sequence

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from marketplace.core import fonts
from marketplace.desk import letters, post
from marketplace.desk.views.changing import order_of
from marketplace.desk.views.ordering import key_of
from marketplace.order import letters as due
from marketplace.order import news
from marketplace.order.models import Letter, Order
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest


@office
def pile(request: MarketRequest) -> HttpResponseBase:
    """What is to be posted; posted here, it is off the pile."""
    if request.method == "POST":
        return _mark(request)
    at = timezone.now()
    orders = letters.printable(orders=post.orders(region=request.region, at=at))
    context = {
        "section": "desk",
        "tab": "post",
        "rows": [{"order": order, "recipient": letters.recipient(order=order)} for order in orders],
        "news": [(letter, letters.recipient(order=letter.order)) for letter in post.told(region=request.region)[: letters.MOST]],
        "invoices": post.invoices(region=request.region, at=at)[: letters.MOST],
        "ways": due.Way.choices,
    }
    return render(request, "desk/post.html", context)


@office
@require_safe
def letters_pdf(request: MarketRequest) -> HttpResponse:
    """All letters that are due, in one file."""
    at = timezone.now()
    orders = letters.printable(orders=post.orders(region=request.region, at=at))
    told = list(post.told(region=request.region)[: letters.MOST])
    if not orders and not told:
        return render(request, "desk/nothing.html", {"section": "desk"}, status=404)
    return _pdf(orders, "briefe", told)


@office
@require_safe
def letter_pdf(request: MarketRequest, number: str) -> HttpResponse:
    """The letter about one order, as often as somebody wants it."""
    order = order_of(request, number)
    return _pdf(letters.printable(orders=Order.objects.filter(pk=order.pk)), number)


def _pdf(orders: list[Order], name: str, told: Sequence[Letter] = ()) -> HttpResponse:
    made = letters.render(orders=orders, told=told, folder=fonts.prepare(settings.TYPESETTING_FONTS), made_at=timezone.now())
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _mark(request: MarketRequest) -> HttpResponseBase:
    """`letter` holds `order:revision` of each letter that was printed, `news` and `invoice` keys."""
    at, way = timezone.now(), request.POST.get("way", "")
    pairs = [text.partition(":") for text in request.POST.getlist("letter")]
    printed = {key_of(key): key_of(revision) for key, _colon, revision in pairs}
    keys = [key_of(key) for key in request.POST.getlist("invoice")]
    told = [key_of(key) for key in request.POST.getlist("news")]
    way = way if way in due.Way.values else due.Way.POSTED
    number = due.mark(region=request.region, printed=printed, way=way, at=at, by=request.user)
    number += news.mark(region=request.region, keys=told, way=way, at=at, by=request.user)
    number += post.mark_invoices(region=request.region, keys=keys, at=at, by=request.user)
    wanted = len(printed) + len(told) + len(keys)
    if number:
        text = ngettext("%(number)s letter is off the pile.", "%(number)s letters are off the pile.", number)
        messages.success(request, text % {"number": number})
    if number < wanted:
        messages.warning(request, _("Some have been changed or sent in the meantime; please look at the pile."))
    if not wanted:
        messages.info(request, _("Nothing was ticked."))
    back = request.POST.get("next", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "desk:post")
