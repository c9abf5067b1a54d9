"""The office sees which documents could not be made or sent, why, and what to do."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import files, holds, rule_words, sending
from billing.models import DocumentHold, Invoice
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest

MOST = 100


@office
@require_safe
def held_list(request: MarketRequest) -> HttpResponse:
    """Documents that the rules refuse or that could not be made, and those that did not go out; the oldest first."""
    held = [_row(invoice, DocumentHold.Step.FILE) for invoice in holds.held(region=request.region)[:MOST]]
    stuck = [_row(invoice, DocumentHold.Step.MAIL) for invoice in holds.stuck(region=request.region, at=timezone.now())[:MOST]]
    making = files.due().filter(region=request.region, holds__isnull=True).count()
    return render(request, "office/held.html", {"section": "documents", "held": held, "stuck": stuck, "in_the_making": making})


@office
@require_POST
def retry(request: MarketRequest, pk: int) -> HttpResponse:
    """Try once more, at once."""
    invoice = get_object_or_404(Invoice.objects.filter(region=request.region).select_related("region"), pk=pk)
    now = timezone.now()
    made = files.due().filter(pk=pk).exists() and files.attempt(invoice=invoice, at=now)
    sent = sending.due().filter(pk=pk).exists() and sending.attempt(invoice=invoice, at=now)
    if made or sent:
        messages.success(request, _("%(number)s is made and sent.") % {"number": invoice.number})
    else:
        messages.error(request, _("%(number)s still does not go out.") % {"number": invoice.number})
    return redirect("office:held")


def _row(invoice: Invoice, step: str) -> dict[str, object]:
    hold = next((hold for hold in invoice.holds.all() if hold.step == step), None)
    self_billed = invoice.kind == Invoice.Kind.SELF_BILLED
    findings = [
        rule_words.told(rule=rule, severity=severity, original=text, self_billed=self_billed)
        for rule, severity, text in (hold.findings if hold else ())
    ]
    return {"invoice": invoice, "hold": hold, "findings": findings}
