"""A producer reads and answers what is said of the own goods."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.partner.access import producer
from marketplace.partner.models import Partner
from marketplace.regions.requests import MarketRequest
from marketplace.reviews import reading, reviews
from marketplace.reviews.forms import ReplyForm
from marketplace.reviews.reviews import ReviewRefused

PAGE = 30


@producer
@require_safe
def review_list(request: MarketRequest, *, partner: Partner) -> HttpResponse:
    """The published ones, the newest first, each with its answer."""
    page = Paginator(reading.published(partner=partner), PAGE).get_page(request.GET.get("page"))
    rows = [{"review": row, "form": ReplyForm(auto_id=f"{row.pk}-%s", initial={"reply": row.reply})} for row in page]
    context = {"section": "reviews", "partner": partner, "page": page, "rows": rows}
    return render(request, "reviews/producer.html", context)


@producer
@require_POST
def reply(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponseBase:
    """Answer in public; an empty answer takes it away."""
    row = get_object_or_404(reading.published(partner=partner), pk=pk)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("The answer is too long."))
        return redirect("reviews:producer")
    try:
        reviews.reply(review=row, text=form.cleaned_data["reply"], at=timezone.now(), by=request.user)
    except ReviewRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Your answer is saved."))
    return redirect("reviews:producer")
