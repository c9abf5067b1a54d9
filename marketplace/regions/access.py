"""Declares who may see a view; a test walks the URLconf and fails on a view without a declaration."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase

from marketplace.regions.models import Membership, Role

View = Callable[..., HttpResponseBase]


def _declared(view: View, access: str) -> View:
    view.access = access  # type: ignore[attr-defined]  # the mark that the architecture test reads
    return view


def public(view: View) -> View:
    """Everybody, in a region."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.region is None:  # type: ignore[attr-defined]  # set by RegionMiddleware
            raise Http404("no region")
        return view(request, *args, **kwargs)

    return _declared(inner, "public")


def customer(view: View) -> View:
    """Everybody who is logged in; objects come from a queryset of their own."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return _declared(public(inner), "customer")


def has_role(*, user: Any, region: Any, role: Role) -> bool:
    """Whether a person has a role in a region; the installation's superusers have every role."""
    if not user.is_authenticated or region is None:
        return False
    return bool(user.is_superuser) or Membership.objects.filter(user=user, region=region, role=role).exists()


def role(*wanted: Role) -> Callable[[View], View]:
    """People with one of these roles in the region of the request; others get 403, visitors the login."""

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            region = request.region  # type: ignore[attr-defined]  # set by RegionMiddleware
            if not any(has_role(user=request.user, region=region, role=one) for one in wanted):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return _declared(public(inner), " or ".join(wanted))

    return decorate


office = role(Role.OFFICE)
driver = role(Role.DRIVER)
#: whoever sorts the goods at the hub
sorter = role(Role.DRIVER, Role.OFFICE)
