"""Decides which addresses of a region search engines are told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.urls import reverse
from wagtail.models import Page

from marketplace.partner.models import Partner
from marketplace.regions.models import Region
from marketplace.shop import shelves

#: a sitemap may name 50,000
MOST_ARTICLES: Final = 40_000


@dataclass(frozen=True, slots=True)
class Address:
    """A path, and the day of its last change if it is known."""

    path: str
    changed: date | None = None


def every(*, region: Region) -> list[Address]:
    """Pages, shelves, producers and articles that visitors can see: four queries for any number."""
    return [*_pages(region), *_shelves(region), *_producers(region), *_articles(region)]


def _pages(region: Region) -> Iterator[Address]:
    """Pages of the region's tree, the home page first; what is in draft or scheduled is not told."""
    home = region.site.root_page
    pages = Page.objects.live().descendant_of(home, inclusive=True).order_by("path")
    for path, changed in pages.values_list("url_path", "last_published_at"):
        yield Address("/" + path.removeprefix(home.url_path), changed.date() if changed else None)


def _shelves(region: Region) -> Iterator[Address]:
    yield Address(reverse("catalogue:index"))
    yield Address(reverse("catalogue:delivery"))
    yield Address(reverse("catalogue:producers"))
    yield Address(reverse("catalogue:season"))
    yield Address(reverse("catalogue:map"))
    for facet in shelves.facets_of(region=region).categories:
        yield Address(reverse("catalogue:category", args=[facet.value]))


def _producers(region: Region) -> Iterator[Address]:
    for slug in Partner.objects.selling().filter(region=region).order_by("slug").values_list("slug", flat=True):
        yield Address(reverse("catalogue:producer", args=[slug]))


def _articles(region: Region) -> Iterator[Address]:
    rows = shelves.on_shelf(region=region).order_by("pk").values_list("slug", "pk", "date_updated")[:MOST_ARTICLES]
    for slug, pk, changed in rows:
        yield Address(reverse("catalogue:detail", args=[slug, pk]), changed.date())
