"""The region and the visitor's village for every template, and the token where a page is written for everybody."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from marketplace.regions import villages


def region(request: HttpRequest) -> dict[str, Any]:
    """`region`: the region of this site, or None; `village`: the municipality that the visitor chose, or None.

    On a page that is written to be kept, a placeholder stands for the visitor's token (`kept`).
    """
    keeping = getattr(request, "keeping", None)
    return {
        **({"csrf_token": keeping.placeholder} if keeping else {}),
        "region": getattr(request, "region", None),
        "village": SimpleLazyObject(lambda: villages.chosen(request)) if hasattr(request, "session") else None,
    }
