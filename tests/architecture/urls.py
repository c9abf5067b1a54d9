"""The URLconf as its tests walk it: every view of ours, by name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

#: they declare for themselves who may see what
FOREIGN = ("allauth", "wagtail", "django.views.static")


@dataclass(frozen=True)
class Address:
    """One address: its name with the namespace, its route, its view."""

    name: str
    route: str
    view: Callable[..., Any]

    @property
    def where(self) -> str:
        """Where the view is written."""
        return f"{self.view.__module__}.{getattr(self.view, '__qualname__', self.view)}"


def ours() -> list[Address]:
    """Every address whose view is not of a package that declares access itself."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list[URLPattern | URLResolver], route: str, namespace: str) -> Iterator[Address]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            module = getattr(pattern.urlconf_name, "__name__", "")
            if not module.startswith(FOREIGN) and pattern.app_name != "admin":
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                yield from _walk(pattern.url_patterns, here, inner)
        elif not pattern.callback.__module__.startswith(FOREIGN):
            yield Address(f"{namespace}{pattern.name or ''}", here, pattern.callback)
