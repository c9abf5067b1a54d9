"""The region for every template."""

from typing import Any

from django.http import HttpRequest


def region(request: HttpRequest) -> dict[str, Any]:
    """`region`: the region of this site, or None."""
    return {"region": getattr(request, "region", None)}
