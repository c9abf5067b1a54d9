"""The basket for every template."""

from typing import Any

from django.http import HttpRequest


def basket(request: HttpRequest) -> dict[str, Any]:
    """`basket`: the visitor's basket, lazily."""
    return {"basket": getattr(request, "basket", None)}
