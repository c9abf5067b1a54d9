"""Declares views that only the hosts of a pickup point may see, and finds the point."""

from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase

from logistics import pickup_hosts
from marketplace.regions.access import View, public


def host(view: View) -> View:
    """People who hand goods out in this region; the view is called with `point=`, the one in the address or the first."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, slug: str = "", **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        mine = list(pickup_hosts.points(user=request.user, region=request.region))  # type: ignore[attr-defined]  # RegionMiddleware
        if not mine:
            raise PermissionDenied
        point = next((point for point in mine if slug in {"", point.slug}), None)
        if point is None:
            raise Http404
        return view(request, *args, point=point, **kwargs)

    wrapped = public(inner)
    wrapped.access = "host"  # type: ignore[attr-defined]  # the mark that the architecture test reads
    return wrapped
