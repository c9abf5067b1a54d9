"""Where the money of a basket would go, before it is ordered."""

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from logistics import choosing, tariffs
from marketplace.checkout import proposal, whose
from marketplace.regions import villages
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest
from marketplace.vouchers.standing import Person


@public
@never_cache
@require_safe
def whose_money(request: MarketRequest) -> HttpResponseBase:
    """Who gets what of the total, with the fee of the window that is chosen."""
    drawn = proposal.draw_up(
        basket=request.basket,
        window_id=choosing.window(request),
        at=timezone.now(),
        person=Person(user_id=request.user.pk),
        door=tariffs.door(municipality=villages.chosen(request)),
    )
    if not drawn.contents.lines:
        return redirect("basket:summary")
    context = {"shares": whose.of_proposal(proposal=drawn), "drawn": drawn, "crumbs": None}
    return render(request, "checkout/whose.html", context)
