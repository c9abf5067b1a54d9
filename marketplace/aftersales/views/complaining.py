"""A customer says what was wrong with an article, and where money goes back to; by signed links."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from marketplace.aftersales import banking, complaints, deadlines
from marketplace.aftersales.forms import BankForm, ComplaintForm
from marketplace.aftersales.models import BankDetails
from marketplace.aftersales.views import links
from marketplace.order.models import Line, Order
from marketplace.pictures.cleaning import BadPicture
from marketplace.regions.access import public
from marketplace.regions.requests import MarketRequest

UNPROCESSABLE, CONFLICT, GONE = 422, 409, 410


@public
@never_cache
def complain(request: MarketRequest, signed: str, line_pk: int) -> HttpResponseBase:
    """About one line of an order, for who holds its link."""
    order = links.order_of(request, signed)
    if isinstance(order, HttpResponse):
        return order
    line = get_object_or_404(order.lines.select_related("packed_line", "order"), pk=line_pk)
    today = timezone.localdate()
    most = complaints.open_pieces(order=order, today=today).get(line.pk, 0)
    form = ComplaintForm(request.POST or None, request.FILES or None, most=max(most, 1))
    if request.method == "POST" and form.is_valid():
        if _reported(line, form):
            messages.success(request, _("Thank you. We have your complaint and answer by e-mail."))
            return redirect(links.page_of(request, order, signed))
        return _complaint_page(request, order, line, form, signed, most, CONFLICT)
    return _complaint_page(request, order, line, form, signed, most, UNPROCESSABLE if form.errors else 200)


@public
@never_cache
def bank_details(request: MarketRequest, signed: str) -> HttpResponseBase:
    """Where the money of an order goes back to; the link is good for this alone."""
    try:
        number = banking.read(token=signed)
    except banking.LinkEnded:
        return render(request, "customers/link_expired.html", status=GONE)
    order = get_object_or_404(Order.objects.filter(region=request.region), number=number)
    owed = banking.owed(order=order)
    form = BankForm(request.POST or None, initial={"holder": order.contact_name})
    if request.method == "POST" and owed and form.is_valid():
        banking.keep(order=order, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Thank you. The money is on its way within a few days."))
        return redirect("aftersales:bank_details", signed=signed)
    known = BankDetails.objects.filter(order=order).first()
    context = {"form": form, "order": order, "owed": owed, "known": known, "ending": known.iban[-4:] if known else ""}
    return render(request, "aftersales/bank_details.html", context, status=UNPROCESSABLE if form.errors else 200)


def _reported(line: Line, form: ComplaintForm) -> bool:
    told = form.cleaned_data
    at = timezone.now()
    try:
        complaints.report(order_line=line, today=timezone.localdate(at), at=at, **told)
    except BadPicture as error:
        form.add_error("photo", str(error))
    except complaints.ComplaintRefused as error:
        form.add_error(None, str(error))
    else:
        return True
    return False


def _complaint_page(
    request: MarketRequest, order: Order, line: Line, form: ComplaintForm, signed: str, most: int, status: int
) -> HttpResponse:
    received = deadlines.received_on(order=order)
    context = {
        "order": order,
        "line": line,
        "form": form,
        "most": most,
        "until": deadlines.complaint_ends(received_on=received) if received else None,
        "earlier": line.complaints.order_by("-reported_at", "-pk"),
        "back": links.page_of(request, order, signed),
    }
    return render(request, "aftersales/complain.html", context, status=status)
