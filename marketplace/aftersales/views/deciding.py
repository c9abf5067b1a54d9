"""How a complaint is shown and decided: the same for the producer and for the office."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.aftersales import complaints
from marketplace.aftersales.complaints import ComplaintRefused
from marketplace.aftersales.forms import AnswerForm, CreditForm
from marketplace.aftersales.models import Complaint, ComplaintPhoto
from marketplace.core import wording
from marketplace.core.transitions import ForbiddenTransition
from marketplace.partner.models import Partner
from marketplace.regions.requests import MarketRequest

UNPROCESSABLE, CONFLICT = 422, 409


def page(
    request: MarketRequest,
    complaint: Complaint,
    *,
    for_office: bool,
    partner: Partner | None = None,
    credit_form: CreditForm | None = None,
    refusal: AnswerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The complaint; while it is open with the ways to decide it."""
    room = "office" if for_office else "producer"
    context: dict[str, Any] = {
        "section": "aftersales" if for_office else "complaints",
        "tab": "complaints",
        "partner": partner,
        "room": room,
        "complaint": complaint,
        "line": complaint.order_line,
        "order": complaint.order_line.order,
        "photo_url_name": f"aftersales:{room}_photo",
        "has_photo": hasattr(complaint, "photo"),
    }
    if complaint.status == Complaint.Status.OPEN:
        worth = complaints.value(complaint=complaint)
        context |= {
            "worth": worth,
            "credit_form": credit_form or CreditForm(most=wording.euro(worth.total), for_office=for_office),
            "refusal": refusal or AnswerForm(),
        }
    return render(request, f"aftersales/{room}/complaint.html", context, status=status)


def credit(request: MarketRequest, complaint: Complaint, *, for_office: bool, partner: Partner | None = None) -> HttpResponseBase:
    """Credit what the form says."""
    worth = complaints.value(complaint=complaint)
    form = CreditForm(request.POST, most=wording.euro(worth.total), for_office=for_office)
    given: dict[str, Any] = {"for_office": for_office, "partner": partner, "credit_form": form}
    if not form.is_valid():
        return page(request, complaint, status=UNPROCESSABLE, **given)
    at = timezone.now()
    try:
        complaints.credit(complaint=complaint, today=timezone.localdate(at), at=at, by=request.user, **form.decision())
    except (ComplaintRefused, ForbiddenTransition) as refusal:
        messages.error(request, str(refusal))
        complaint.refresh_from_db()
        return page(request, complaint, status=CONFLICT, **given)
    messages.success(request, _("Credited; the customer is told."))
    return redirect(f"aftersales:{'office' if for_office else 'producer'}_complaint", pk=complaint.pk)


def refuse(request: MarketRequest, complaint: Complaint, *, for_office: bool, partner: Partner | None = None) -> HttpResponseBase:
    """Credit nothing, with a reason."""
    form = AnswerForm(request.POST)
    given: dict[str, Any] = {"for_office": for_office, "partner": partner, "refusal": form}
    if not form.is_valid():
        return page(request, complaint, status=UNPROCESSABLE, **given)
    try:
        complaints.refuse(complaint=complaint, answer=form.cleaned_data["answer"], at=timezone.now(), by=request.user)
    except (ComplaintRefused, ForbiddenTransition) as refusal:
        messages.error(request, str(refusal))
        complaint.refresh_from_db()
        return page(request, complaint, status=CONFLICT, **given)
    messages.success(request, _("Refused; the customer is told."))
    return redirect(f"aftersales:{'office' if for_office else 'producer'}_complaint", pk=complaint.pk)


def photo(complaint: Complaint) -> HttpResponse:
    """The picture, for nobody's cache."""
    found = ComplaintPhoto.objects.filter(complaint=complaint).first()
    if found is None:
        raise Http404("no photo")
    response = HttpResponse(bytes(found.content), content_type=found.media_type)
    response["Cache-Control"] = "private, no-store"
    return response
