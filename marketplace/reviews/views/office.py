"""The office publishes reviews, or says why not, and judges those that somebody reported."""

from typing import Any

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
from marketplace.reviews import reading, reports, reviews
from marketplace.reviews.forms import JudgementForm, ReasonForm
from marketplace.reviews.models import Review
from marketplace.reviews.reviews import ReviewRefused

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
        messages.success(request, _("The review is not published; its author is told why."))
    return redirect("reviews:office")


@office
@require_safe
def reported(request: MarketRequest) -> HttpResponse:
    """What somebody finds wrong, the longest waiting first."""
    return _reported(request)


@office
@require_POST
def judge(request: MarketRequest, pk: int) -> HttpResponseBase:
    """A reported review stays, or is taken away; both are told."""
    row = get_object_or_404(Review.objects.filter(partner__region=request.region), pk=pk)
    form = JudgementForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please decide, and write at most 1,000 letters."))
        return _reported(request, status=UNPROCESSABLE)
    text, at = form.cleaned_data["text"], timezone.now()
    if form.cleaned_data["decision"] == "keep":
        reports.keep(review=row, answer=text, at=at, by=request.user)
        messages.success(request, _("The review stays. Who reported it is told."))
        return redirect("reviews:reported")
    try:
        reviews.refuse(review=row, reason=text, at=at, by=request.user)
    except (ForbiddenTransition, ReviewRefused) as error:
        messages.error(request, str(error))
        return _reported(request, status=UNPROCESSABLE)
    messages.success(request, _("The review is taken away. Its author and who reported it are told."))
    return redirect("reviews:reported")


def _reported(request: MarketRequest, *, status: int = 200) -> HttpResponse:
    page = Paginator(reports.reported(region=request.region), PAGE).get_page(request.GET.get("page"))
    rows = [{"review": row, "form": JudgementForm(auto_id=f"{row.pk}-%s")} for row in page]
    context = {"section": "aftersales", "tab": "reported", "page": page, "rows": rows}
    return render(request, "reviews/reported.html", context, status=status)


def _row(request: MarketRequest, pk: int) -> Review:
    found: Review = get_object_or_404(reading.of_region(region=request.region), pk=pk)
    return found


def _page(request: MarketRequest, *, status: int = 200) -> HttpResponse:
    page = Paginator(reading.of_region(region=request.region), PAGE).get_page(request.GET.get("page"))
    rows = [{"review": row, "form": ReasonForm(auto_id=f"{row.pk}-%s")} for row in page]
    context: dict[str, Any] = {"section": "aftersales", "tab": "reviews", "page": page, "rows": rows}
    context["number_reported"] = reports.waiting(region=request.region).count()
    return render(request, "reviews/office.html", context, status=status)
