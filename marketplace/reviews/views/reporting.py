"""Anybody says that a published review should not stand there."""

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest
from marketplace.reviews import reports
from marketplace.reviews.forms import ReportForm
from marketplace.reviews.models import Review

UNPROCESSABLE, TOO_MANY = 422, 429
#: named in ACCOUNT_RATE_LIMITS
LIMIT = "report_a_review"


@public
@never_cache
def report(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Say what is wrong with a review; the office decides."""
    shown = Review.objects.filter(status=Review.Status.PUBLISHED, partner__region=request.region)
    row = get_object_or_404(shown.select_related("order_line", "partner"), pk=pk)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, action=LIMIT, key=form.cleaned_data["email"] or f"review {row.pk}"):
            form.add_error(None, _("That were many reports in a short time. Please write to us or call."))
            return _page(request, row, form, TOO_MANY)
        reports.report(review=row, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Thank you. We look at the review and decide whether it stays."))
        return redirect("reviews:of_producer", row.partner.slug)
    return _page(request, row, form, UNPROCESSABLE if form.is_bound else 200)


def _page(request: MarketRequest, row: Review, form: ReportForm, status: int) -> HttpResponse:
    return render(request, "reviews/report.html", {"review": row, "form": form}, status=status)
