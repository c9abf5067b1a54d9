"""A buyer reviews delivered articles, by the signed link of the order or by that of the mail that asks how they were."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from marketplace.core.transitions import ForbiddenTransition
from marketplace.order import links, review_links
from marketplace.order.models import Line
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest
from marketplace.reviews import reviews
from marketplace.reviews.forms import ReviewForm
from marketplace.reviews.models import Review
from marketplace.reviews.reviews import ReviewRefused

UNPROCESSABLE, CONFLICT, GONE = 422, 409, 410
RELATED = ("order__user", "order__delivery", "packed_line", "partner", "product")


@public
@never_cache
def write(request: MarketRequest, signed: str, line_pk: int) -> HttpResponseBase:
    """Write, change or take back the review of one line, for who holds the link of its order."""
    try:
        number = links.read(token=signed, today=timezone.localdate())
    except links.LinkExpired:
        return render(request, "customers/link_expired.html", status=GONE)
    except links.BadLink as error:
        raise Http404("no such link") from error
    line = get_object_or_404(_lines(request), pk=line_pk, order__number=number)
    known = Review.objects.filter(order_line=line).first()
    if request.method == "POST" and "take_back" in request.POST:
        if reviews.take_back(line=line, at=timezone.now()):
            messages.success(request, _("Your review is deleted."))
        return redirect(_order_page(request, line, signed))
    form = ReviewForm(request.POST or None, initial={"stars": known.stars, "text": known.text} if known else None)
    if request.method == "POST" and form.is_valid():
        if _written(line, form):
            messages.success(request, _("Thank you. We look at your review and publish it, be it good or bad."))
            return redirect(_order_page(request, line, signed))
        return _page(request, line, known, form, signed, CONFLICT)
    return _page(request, line, known, form, signed, UNPROCESSABLE if form.errors else 200)


@public
@never_cache
def order(request: MarketRequest, signed: str) -> HttpResponseBase:
    """Everything that came with one order, each with a form of its own; the link of the mail opens nothing else."""
    try:
        number = review_links.read(token=signed)
    except review_links.LinkExpired:
        return render(request, "customers/link_expired.html", status=GONE)
    except review_links.BadLink as error:
        raise Http404("no such link") from error
    found = list(_lines(request).filter(order__number=number).select_related(*RELATED, "review").order_by("pk"))
    if not found:
        raise Http404("no such order")
    posted = next((line for line in found if request.POST.get("line") == str(line.pk)), None)
    form = _form(posted, request.POST) if posted is not None else None
    if posted is not None and form is not None and form.is_valid() and _written(posted, form):
        messages.success(request, _("Thank you. We look at your review and publish it, be it good or bad."))
        return redirect("reviews:order", signed)
    rows = [
        {"line": line, "known": getattr(line, "review", None), "form": form if form and line == posted else _form(line)}
        for line in found
        if reviews.can_be_reviewed(line=line)
    ]
    context = {"order": found[0].order, "rows": rows, "initial": found[0].order.delivery.city[:1].upper()}
    return render(request, "reviews/order.html", context, status=UNPROCESSABLE if form else 200)


def _form(line: Line, data: Any = None) -> ReviewForm:
    """One of several on a page; what was said before stands in it."""
    known = getattr(line, "review", None)
    initial = {"stars": known.stars, "text": known.text} if known else None
    return ReviewForm(data, prefix=str(line.pk), initial=initial)


def _lines(request: MarketRequest) -> QuerySet[Line]:
    found: QuerySet[Line] = Line.objects.filter(order__region=request.region)
    return found.select_related(*RELATED)


def _written(line: Line, form: ReviewForm) -> bool:
    try:
        reviews.write(line=line, at=timezone.now(), **form.cleaned_data)
    except (ReviewRefused, ForbiddenTransition) as error:
        form.add_error(None, str(error))
        return False
    return True


def _order_page(request: MarketRequest, line: Line, signed: str) -> str:
    if line.order.user_id is not None and line.order.user_id == request.user.pk:
        return reverse("customer:order", args=[line.order.number])
    return reverse("customer:order_by_link", args=[signed])


def _page(request: MarketRequest, line: Line, known: Review | None, form: ReviewForm, signed: str, status: int) -> HttpResponse:
    context = {
        "line": line,
        "known": known,
        "form": form,
        "can_write": line in reviews.reviewable(order=line.order),
        "initial": line.order.delivery.city[:1].upper(),
        "back": _order_page(request, line, signed),
    }
    return render(request, "reviews/write.html", context, status=status)
