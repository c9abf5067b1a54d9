"""Decides which region a host name belongs to.

All sites of the installation are read in one query and kept in the cache for a minute; saving a site or region empties it.
"""

from django.core.cache import cache
from django.db import transaction
from wagtail.models import Site

from marketplace.regions.models import Municipality, Region

SITES = "regions:sites"
VILLAGES = "regions:villages:{}"
SECONDS = 60


def find(*, hostname: str, port: int) -> tuple[Site | None, Region | None]:
    """The site and the region that answer to a host: exact name and port, then the name, then the default site."""
    sites = _sites()
    named = [site for site in sites if site.hostname == hostname]
    fitting = [site for site in named if site.port == port] or [site for site in named if site.is_default_site]
    fitting = fitting or (named if len(named) == 1 else []) or [site for site in sites if site.is_default_site]
    site = fitting[0] if fitting else None
    return site, getattr(site, "region", None)


def villages_of(*, region: Region) -> tuple[Municipality, ...]:
    """The municipalities of a region by name, from the cache where it has them."""
    key = VILLAGES.format(region.pk)
    known: tuple[Municipality, ...] | None = cache.get(key)
    if known is None:
        known = tuple(Municipality.objects.filter(region=region).order_by("name", "pk"))
        cache.set(key, known, SECONDS)
    return known


def forget(*, region_id: int | None = None) -> None:
    """Empty what is kept, now and once more when the change is committed, because somebody may have read in between."""
    keys = [SITES, *([VILLAGES.format(region_id)] if region_id else [])]
    cache.delete_many(keys)
    transaction.on_commit(lambda: cache.delete_many(keys))


def _sites() -> list[Site]:
    known: list[Site] | None = cache.get(SITES)
    if known is None:
        known = list(Site.objects.select_related("region", "root_page").order_by("-is_default_site", "pk"))
        cache.set(SITES, known, SECONDS)
    return known
