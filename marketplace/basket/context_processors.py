"""The basket for every template."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from marketplace.basket import visitors


def basket(request: HttpRequest) -> dict[str, Any]:
    """`basket`: the visitor's basket; `basket_brief`: number of articles and producers, and the sum. Both are lazy."""
    return {
        "basket": getattr(request, "basket", None),
        "basket_brief": SimpleLazyObject(lambda: visitors.brief_of(request)),
    }
