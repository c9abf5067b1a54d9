"""One standing order: its next days, leaving one out, pausing, ending."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from logistics import leeway
from marketplace.checkout.forms import PAYMENT_TEXTS
from marketplace.regions.access import customer
from marketplace.regions.requests import MarketRequest
from marketplace.standing import agreements, board, endings, occurrences, pauses
from marketplace.standing.forms import PauseForm
from marketplace.standing.models import StandingOrder
from marketplace.standing.pauses import NotPaused
from marketplace.standing.views import at_hand

UNPROCESSABLE = 422


@customer
@never_cache
@require_safe
def detail(request: MarketRequest, number: str) -> HttpResponseBase:
    """What comes when, and everything that can be done about it."""
    standing = at_hand.standing(request, number)
    return _show(request, standing, PauseForm(initial={"first": timezone.localdate()}))


@customer
@require_POST
def skip(request: MarketRequest, number: str) -> HttpResponseBase:
    """Leave one day out, or have it come after all (`come`)."""
    standing = at_hand.standing(request, number)
    day = _day(request.POST.get("day", ""))
    told: dict[str, Any] = {"at": timezone.now(), "by": request.user}
    try:
        if day is None:
            raise NotPaused(_("Nothing comes on that day."))
        if "come" in request.POST:
            pauses.unskip(standing=standing, day=day, **told)
            messages.success(request, _("It comes on that day after all."))
        else:
            pauses.skip(standing=standing, day=day, **told)
            messages.success(request, _("Nothing comes on that day."))
    except NotPaused as refusal:
        messages.error(request, str(refusal))
    return redirect(standing)


@customer
@require_POST
def pause(request: MarketRequest, number: str) -> HttpResponseBase:
    """Pause from … to …, or until further notice."""
    standing = at_hand.standing(request, number)
    form = PauseForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            pauses.pause(standing=standing, first=given["first"], last=given["last"], at=timezone.now(), by=request.user)
        except NotPaused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your standing order is paused."))
            _tell_placed(request, standing)
            return redirect(standing)
    return _show(request, standing, form)


@customer
@require_POST
def resume(request: MarketRequest, number: str) -> HttpResponseBase:
    """It goes on."""
    standing = at_hand.standing(request, number)
    try:
        pauses.resume(standing=standing, at=timezone.now(), by=request.user)
    except NotPaused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your standing order goes on."))
    return redirect(standing)


@customer
@require_POST
def accept_price(request: MarketRequest, number: str) -> HttpResponseBase:
    """Yes to a price that has risen much."""
    standing = at_hand.standing(request, number)
    line = request.POST.get("line", "")
    pk = int(line) if line.isascii() and line.isdecimal() and len(line) < 18 else 0
    try:
        accepted = agreements.accept_price(standing=standing, line_id=pk, at=timezone.now(), by=request.user)
    except NotPaused as refusal:
        messages.error(request, str(refusal))
    else:
        if accepted:
            messages.success(request, _("%(title)s comes again, at the new price.") % {"title": accepted.title})
    return redirect(standing)


@customer
@never_cache
def end(request: MarketRequest, number: str) -> HttpResponseBase:
    """End it: what it is, and the button."""
    standing = at_hand.standing(request, number)
    if request.method == "POST":
        endings.end(standing=standing, at=timezone.now(), by=request.user)
        messages.success(request, _("Your standing order is ended. The receipt is on its way by e-mail."))
        _tell_placed(request, standing)
        return redirect(standing)
    crumbs = at_hand.crumbs((number, standing.get_absolute_url()), (_("End"), ""))
    return render(request, "standing/end_one.html", {"standing": standing, "crumbs": crumbs})


def _show(request: MarketRequest, standing: StandingOrder, form: PauseForm) -> HttpResponseBase:
    today = timezone.localdate()
    lines = sorted(standing.lines.all(), key=lambda line: line.pk)
    context = {
        "standing": standing,
        "lines": lines,
        "days": board.days(standing=standing, today=today),
        "dearer": board.dearer(standing=standing),
        "place": board.place(standing=standing),
        "payment": PAYMENT_TEXTS.get(standing.payment, ""),  # type: ignore[call-overload]  # keyed by the text itself
        "is_paused": standing.paused_from is not None and not (standing.paused_until and standing.paused_until < today),
        "form": form,
        "crumbs": at_hand.crumbs((standing.number, "")),
    }
    return render(request, "standing/detail.html", context, status=UNPROCESSABLE if form.errors else 200)


def _tell_placed(request: MarketRequest, standing: StandingOrder) -> None:
    """What is ordered already comes, unless it is cancelled by itself."""
    for order in occurrences.still_open(standing=standing, at=timezone.now()):
        text = _("Order %(number)s is placed already and comes nevertheless.") % {"number": order.number}
        messages.info(request, f"{text} {leeway.sentence(delivery_round=order.delivery.round, region=request.region)}")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
