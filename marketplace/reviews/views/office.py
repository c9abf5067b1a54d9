"""The office publishes reviews, or says why not."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.core.transitions import ForbiddenTransition
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest
from marketplace.reviews import reading, reviews
from marketplace.reviews.forms import ReasonForm
from marketplace.reviews.models import Review

PAGE = 30
UNPROCESSABLE = 422


@office
@require_safe
def review_list(request: MarketRequest) -> HttpResponse:
    """What waits first."""
    return _page(request)


@office
@require_POST
def publish(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Show a review to everybody."""
    try:
        reviews.publish(review=_row(request, pk), at=timezone.now(), by=request.user)
    except ForbiddenTransition as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The review is published."))
    return redirect("reviews:office")


@office
@require_POST
def refuse(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Show a review to nobody, and say why."""
    row, form = _row(request, pk), ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please tell the customer why."))
        return _page(request, status=UNPROCESSABLE)
    try:
        reviews.refuse(review=row, at=timezone.now(), by=request.user, **form.cleaned_data)
    except ForbiddenTransition as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The review is not published; its author reads why."))
    return redirect("reviews:office")


def _row(request: MarketRequest, pk: int) -> Review:
    found: Review = get_object_or_404(reading.of_region(region=request.region), pk=pk)
    return found


def _page(request: MarketRequest, *, status: int = 200) -> HttpResponse:
    page = Paginator(reading.of_region(region=request.region), PAGE).get_page(request.GET.get("page"))
    rows = [{"review": row, "form": ReasonForm(auto_id=f"{row.pk}-%s")} for row in page]
    context = {"section": "aftersales", "tab": "reviews", "page": page, "rows": rows}
    return render(request, "reviews/office.html", context, status=status)
