"""Decides which village a visitor shops for; it is remembered in the session and never asked for before it is needed."""

from django.http import HttpRequest

from marketplace.regions import hosts
from marketplace.regions.models import Municipality, Region

KEY = "municipality"


def chosen(request: HttpRequest) -> Municipality | None:
    """The village of the visitor, if one was chosen and belongs to the region of the request. No query once it is cached."""
    region: Region | None = getattr(request, "region", None)
    pk = request.session.get(KEY)
    if region is None or pk is None:
        return None
    return next((village for village in hosts.villages_of(region=region) if village.pk == pk), None)


def choose(request: HttpRequest, village: Municipality) -> None:
    """Remember the village of the visitor."""
    request.session[KEY] = village.pk


def with_postal_code(*, region: Region, postal_code: str) -> list[Municipality]:
    """The villages of a region to which letters with that postal code go."""
    return [village for village in hosts.villages_of(region=region) if postal_code in village.postal_codes]
