"""Labels for a producer's boxes: which there are, one more, and the paper they are printed on."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from logistics import boxes
from logistics import labels as labelling
from logistics.boxes import BoxRefused
from logistics.models import Collection, Delivery
from marketplace.core import fonts, sheets
from marketplace.partner.access import producer
from marketplace.partner.models import Partner
from marketplace.regions.requests import MarketRequest

#: the word in the address and whether it is a roll
PAPERS = {"a4": False, "rolle": True}


def _collection(partner: Partner, pk: int) -> Collection:
    rows = Collection.objects.filter(partner=partner, round__region=partner.region_id).select_related("round", "partner")
    return get_object_or_404(rows.exclude(status=Collection.Status.CALLED_OFF), round=pk)


@producer
@require_safe
def labels(request: MarketRequest, pk: int, *, partner: Partner) -> HttpResponse:
    """The boxes, and the papers to print on."""
    collection = _collection(partner, pk)
    page = {
        "section": "rounds",
        "partner": partner,
        "collection": collection,
        "boxes": labelling.in_order(collection=collection),
        "editable": collection.status == Collection.Status.OPEN,
    }
    return render(request, "dashboard/labels.html", page)


@producer
@require_safe
def paper(request: MarketRequest, pk: int, kind: str, *, partner: Partner) -> HttpResponseBase:
    """The labels as PDF, all of them or the one of `?kiste=`."""
    if kind not in PAPERS:
        raise Http404
    collection = _collection(partner, pk)
    sheet = labelling.of(collection=collection, roll=PAPERS[kind], only=request.GET.get("kiste", "")[:4])
    if not sheet.labels:
        raise Http404
    folder = fonts.prepare(settings.TYPESETTING_FONTS)
    pdf = sheets.labels(sheet, folder=folder, made_at=timezone.now().replace(microsecond=0))
    name = f"etiketten-{collection.round.delivery_day:%Y-%m-%d}.pdf"
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


@producer
@require_POST
def another(request: MarketRequest, pk: int, delivery_pk: int, *, partner: Partner) -> HttpResponseBase:
    """What a customer gets does not fit into one box."""
    collection = _collection(partner, pk)
    delivery = get_object_or_404(Delivery.objects.filter(boxes__collection=collection).distinct(), pk=delivery_pk)
    try:
        box = boxes.add(collection=collection, delivery=delivery, is_cold="cold" in request.POST)
        messages.success(request, _("Box %(code)s is new. Please print its label.") % {"code": box.code})
    except BoxRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("dashboard:labels", pk=pk)
