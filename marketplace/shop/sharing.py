"""Decides what machines read of an article or a producer (schema.org), safe to be written into a data block of a page.

Prices include VAT and leave the deposit out, as on the page; whether something is to be had is said of the next delivery round.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.utils.safestring import SafeString, mark_safe

from marketplace.catalogue.models import Product
from marketplace.partner.models import Partner
from marketplace.shop.cards import Standing

#: what a browser would take for the end of the block
ESCAPES: Final = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
SCHEMA: Final = "https://schema.org/"
FEW: Final = 5


def article(
    *, product: Product, stands: Standing, title: str, description: str, url: str, picture_url: str, first_day: date | None
) -> dict[str, Any]:
    """An article with its offer; `first_day` is the first delivery day for which it can be ordered, None when for none."""
    return {
        "@type": "Product",
        "name": title,
        "description": description,
        "url": url,
        "sku": str(product.pk),
        "image": picture_url,
        "brand": {"@type": "Brand", "name": product.partner.name},
        "offers": {
            "@type": "Offer",
            "url": url,
            "price": str(stands.offer.price),
            "priceCurrency": "EUR",
            "availability": SCHEMA + availability(stands=stands, first_day=first_day),
            "availabilityStarts": first_day.isoformat() if first_day else "",
            "seller": {"@type": "Organization", "name": product.partner.name},
        },
    }


def availability(*, stands: Standing, first_day: date | None) -> str:
    """The word of schema.org: to be had in the next round, few left, only in a later round, or in none that is open."""
    if not stands.reason:
        return "LimitedAvailability" if stands.left is not None and stands.left <= FEW else "InStock"
    return "PreOrder" if first_day else "OutOfStock"


def business(*, partner: Partner, short: str, url: str, picture_url: str) -> dict[str, Any]:
    """A producer with its address, as its page names it."""
    return {
        "@type": "LocalBusiness",
        "name": partner.name,
        "description": short,
        "url": url,
        "image": picture_url,
        "telephone": partner.phone,
        "email": partner.email,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": partner.street,
            "postalCode": partner.postal_code,
            "addressLocality": partner.city,
            "addressCountry": "DE",
        },
        "geo": {"@type": "GeoCoordinates", "latitude": partner.latitude, "longitude": partner.longitude},
    }


def trail(*, crumbs: Sequence[Mapping[str, str]], root: str) -> dict[str, Any]:
    """The way to the page; `root` is the address of the site without the last slash."""
    steps = [
        {
            "@type": "ListItem",
            "position": place,
            "name": crumb["label"],
            **({"item": root + crumb["url"]} if crumb["url"] else {}),
        }
        for place, crumb in enumerate(crumbs, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps}


def written(*things: Mapping[str, Any]) -> SafeString:
    """The things as one block of JSON-LD; what is empty is left out."""
    block = {"@context": SCHEMA.rstrip("/"), "@graph": [_full(thing) for thing in things]}
    return mark_safe(json.dumps(block, ensure_ascii=False).translate(ESCAPES))  # noqa: S308 - nothing in it can end the block


def _full(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _full(part) for key, part in value.items() if part not in ("", None)}
    return [_full(part) for part in value] if isinstance(value, list) else value
