"""Declares views that only producers may see, and finds the producer for whom the person acts."""

from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from marketplace.partner.models import Partner
from marketplace.regions.access import View, public


def producer(view: View) -> View:
    """People who act for a producer of this region, whatever its status; the view is called with `partner=`."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        region = request.region  # type: ignore[attr-defined]  # set by RegionMiddleware
        partner = Partner.objects.run_by(request.user).filter(region=region).order_by("pk").first()
        if partner is None:
            raise PermissionDenied
        return view(request, *args, partner=partner, **kwargs)

    wrapped = public(inner)
    wrapped.access = "producer"  # type: ignore[attr-defined]  # the mark that the architecture test reads
    return wrapped
