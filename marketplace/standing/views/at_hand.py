"""Loads what the pages of a standing order need; only the customer's own."""

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.regions.requests import MarketRequest
from marketplace.standing import occurrences
from marketplace.standing.models import StandingOrder


def standing(request: MarketRequest, number: str) -> StandingOrder:
    """One of the customer's own in the region, with lines, articles, plan and place; 404 otherwise."""
    rows = StandingOrder.objects.filter(user=request.user, region=request.region, number=number)
    found = occurrences.with_lines(rows.select_related("region", "user", "pickup_point", "partner", "municipality"))
    if not found:
        raise Http404
    return found[0]


def crumbs(*here: tuple[str, str]) -> list[dict[str, Any]]:
    """The way back to the account."""
    way = [(_("My account"), reverse("customer:overview")), (_("Standing orders"), reverse("standing:overview")), *here]
    return [{"label": label, "url": url} for label, url in way]
