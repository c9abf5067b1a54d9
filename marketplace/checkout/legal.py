"""Decides which legal texts a customer accepts: the region's own pages as they stand at that moment, copied into the order.

The copy goes into the confirmation, so that the customer holds it on a durable medium (section 312f BGB), whatever the page says
later. A region without such pages falls back on the texts that come with the market.
"""

import html
import re
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import strip_tags
from wagtail.models import Page

from marketplace.regions.models import Region

#: name of the text → slug of the region's page
PAGES = {"terms": "agb", "withdrawal": "widerruf"}
#: where a heading began, until the markup is gone; no text holds this character
HEADING = "\ue000"


def texts(*, region: Region) -> dict[str, dict[str, str]]:
    """Title, version, address and plain text of each legal text, by name; what `Order.terms_accepted` holds."""
    root = region.site.root_page
    found = Page.objects.live().descendant_of(root).filter(slug__in=PAGES.values()).specific()
    by_slug = {page.slug: page for page in found}
    return {name: _text(name, by_slug.get(slug), region) for name, slug in PAGES.items()}


def _text(name: str, page: Any, region: Region) -> dict[str, str]:
    plain = _plain(str(getattr(page, "body", ""))) if page is not None else ""
    if page is None or not plain:
        title, _line, text = render_to_string(f"checkout/legal/{name}.txt", {"region": region}).strip().partition("\n")
        return {"title": title, "version": "1", "url": f"/{PAGES[name]}/", "text": text.strip()}
    version = page.last_published_at or page.first_published_at
    return {
        "title": str(page.title),
        "version": version.isoformat() if version else str(page.pk),
        "url": str(page.url or f"/{PAGES[name]}/"),
        "text": plain,
    }


def _plain(markup: str) -> str:
    """The words of a page's markup, a paragraph a line, and an empty line before each heading."""
    parted = re.sub(r"<h\d\b[^>]*>", HEADING, markup)
    lines = re.sub(r"<(?:br|/p|/h\d|/li|/div|/section)\b[^>]*>", "\n", parted)
    listed = re.sub(r"<li\b[^>]*>", "– ", lines)
    words = html.unescape(strip_tags(listed))
    return "\n".join(line.strip() for line in words.splitlines() if line.strip()).replace(HEADING, "\n").strip()
