"""The region and the visitor's village for every template."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from marketplace.regions import villages


def region(request: HttpRequest) -> dict[str, Any]:
    """`region`: the region of this site, or None; `village`: the municipality that the visitor chose, or None."""
    return {
        "region": getattr(request, "region", None),
        "village": SimpleLazyObject(lambda: villages.chosen(request)) if hasattr(request, "session") else None,
    }
