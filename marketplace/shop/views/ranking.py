"""How the lists are sorted, explained to everybody."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marketplace.regions import kept
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest
from marketplace.shop import sorting


@public
@kept.page()
@require_safe
def explained(request: MarketRequest) -> HttpResponse:
    """The criteria of the market and of the search."""
    context = {
        "recommended": sorting.recommended(),
        "found": sorting.found(),
        "crumbs": [{"label": _("Market"), "url": reverse("catalogue:index")}, {"label": _("How we sort")}],
    }
    return render(request, "shop/ranking.html", context)
