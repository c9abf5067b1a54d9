"""Decides which region a host name belongs to.

All sites of the installation are read in one query, with their regions and villages, and kept in the cache for a minute; saving a
site, region or village empties it. Wagtail keeps the addresses of the sites for itself; it is told them with the same query.
"""

from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.core.cache import cache
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from wagtail.models import Site
from wagtail.models.sites import SITE_ROOT_PATHS_CACHE_KEY, SITE_ROOT_PATHS_CACHE_VERSION, SiteRootPath

from marketplace.core import forgetting
from marketplace.regions.models import Municipality, Region

SITES = "regions:sites"
VILLAGES = "regions:villages:{}"
SECONDS = 60
#: the columns of a village
COLUMNS: Final = tuple(field.attname for field in Municipality._meta.concrete_fields)


def find(*, hostname: str, port: int) -> tuple[Site | None, Region | None]:
    """The site and the region that answer to a host: exact name and port, then the name, then the default site."""
    known: list[Site] | None = cache.get(SITES)
    sites = _read()[0] if known is None else known
    named = [site for site in sites if site.hostname == hostname]
    fitting = [site for site in named if site.port == port] or [site for site in named if site.is_default_site]
    fitting = fitting or (named if len(named) == 1 else []) or [site for site in sites if site.is_default_site]
    site = fitting[0] if fitting else None
    return site, getattr(site, "region", None)


def villages_of(*, region: Region) -> tuple[Municipality, ...]:
    """The municipalities of a region by name, from the cache where it has them."""
    known: tuple[Municipality, ...] | None = cache.get(VILLAGES.format(region.pk))
    return _read()[1].get(region.pk, ()) if known is None else known


def forget(*, region_id: int | None = None) -> None:
    """Empty what is kept."""
    forgetting.forget(SITES, *([VILLAGES.format(region_id)] if region_id else []))


def _read() -> tuple[list[Site], dict[int, tuple[Municipality, ...]]]:
    """All sites, and the villages by region: one query, and both are kept."""
    there = Municipality.objects.filter(region__site=OuterRef("pk")).order_by("name", "pk")
    rows = Site.objects.select_related("region", "root_page__locale").order_by("-is_default_site", "pk")
    sites = list(rows.annotate(its_villages=ArraySubquery(there.values(row=JSONObject(**{name: name for name in COLUMNS})))))
    villages: dict[int, tuple[Municipality, ...]] = {}
    for site in sites:
        found = tuple(_village(row) for row in vars(site).pop("its_villages"))
        if hasattr(site, "region"):
            villages[site.region.pk] = found
    cache.set_many({SITES: sites, **{VILLAGES.format(pk): found for pk, found in villages.items()}}, SECONDS)
    _tell_wagtail(sites)
    return sites, villages


def _village(row: dict[str, Any]) -> Municipality:
    return Municipality.from_db("default", COLUMNS, [row[name] for name in COLUMNS])


def _tell_wagtail(sites: list[Site]) -> None:
    """Put the roots of all sites where Wagtail would put them itself, in its order: the deepest first."""
    by_name = sorted(sites, key=lambda site: (not site.is_default_site, site.hostname))
    paths = [
        SiteRootPath(site.pk, site.root_page.url_path, site.root_url, site.root_page.locale.language_code)
        for site in sorted(by_name, key=lambda site: site.root_page.url_path, reverse=True)
    ]
    cache.set(SITE_ROOT_PATHS_CACHE_KEY, paths, SECONDS, version=SITE_ROOT_PATHS_CACHE_VERSION)
