"""What people call about: the notes, and how often about what."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from marketplace.desk import calls
from marketplace.desk.forms import CallForm
from marketplace.desk.models import Call, Caller
from marketplace.desk.views.ordering import key_of
from marketplace.order.models import Order
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest

PAGE, DAYS = 30, 90
UNPROCESSABLE = 422


@office
def call_list(request: MarketRequest) -> HttpResponseBase:
    """The notes, the newest first; a new one belongs to a caller, an order or nobody."""
    form = CallForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _note(request, form)
    at, topic = timezone.now(), request.GET.get("thema", "")
    page = Paginator(calls.of_region(region=request.region, topic=topic), PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "desk",
        "tab": "calls",
        "form": form,
        "page": page,
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        "query": urlencode({"thema": topic}) if topic in Call.Topic.values else "",
        "topic": topic,
        "choices": Call.Topic.choices,
        "topics": calls.topics(region=request.region, since=at - timedelta(days=DAYS)),
        "days": DAYS,
    }
    return render(request, "desk/calls.html", context, status=UNPROCESSABLE if form.errors else 200)


def _note(request: MarketRequest, form: CallForm) -> HttpResponseBase:
    told = request.POST.get("caller", "")
    caller = get_object_or_404(Caller, region=request.region, pk=key_of(told)) if told else None
    number = request.POST.get("order", "")[:20]
    order = get_object_or_404(Order, region=request.region, number=number) if number else None
    calls.note(region=request.region, at=timezone.now(), by=request.user, caller=caller, order=order, **form.cleaned_data)
    messages.success(request, _("The call is noted."))
    if order is not None:
        return redirect("desk:order", number=order.number)
    return redirect("desk:caller", pk=caller.pk) if caller is not None else redirect("desk:calls")
