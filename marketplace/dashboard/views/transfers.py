"""The office chooses which producers are paid through the payment provider, and sees what became of it."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing.models import ConnectedAccount, ProviderTransfer
from billing.online import connection, onboarding, transferring
from billing.online.onboarding import NotOffered
from billing.online.provider import NotPossible, Unreachable
from billing.online.remitting import Remitter
from billing.online.transferring import TransferStands
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest


@office
@require_safe
def transfers(request: MarketRequest) -> HttpResponse:
    """Accounts first, then every transfer with its state. Four queries."""
    context = {
        "section": "payouts",
        "offered": connection.is_offered(region=request.region),
        "accounts": ConnectedAccount.objects.filter(region=request.region)
        .select_related("partner")
        .order_by("partner__name", "pk"),
        "transfers": transferring.listed(region=request.region),
    }
    return render(request, "office/transfers.html", context)


@office
@require_POST
def choose(request: MarketRequest, pk: int) -> HttpResponseBase:
    """From now on this producer is paid like that, or by the bank again."""
    account = get_object_or_404(ConnectedAccount, pk=pk, region=request.region)
    wanted = request.POST.get("wanted") == "yes"
    try:
        onboarding.choose(account=account, wanted=wanted, at=timezone.now(), by=request.user)
    except NotOffered as refusal:
        messages.error(request, str(refusal))
    else:
        told = _("Is paid through the payment provider from now on.") if wanted else _("Is paid by the bank again from now on.")
        messages.success(request, f"{account.partner}: {told}")
    return redirect("office:transfers")


@office
@require_POST
def give_up(request: MarketRequest, pk: int) -> HttpResponseBase:
    """What waits for money at the provider goes into a file for the bank after all."""
    transfer = get_object_or_404(ProviderTransfer, pk=pk, account__region=request.region)
    provider = connection.of(region=request.region)
    if provider is None:
        messages.error(request, _("Paying online is not connected here."))
        return redirect("office:transfers")
    try:
        row = transferring.give_up(transfer=transfer, remitter=Remitter(provider=provider), at=timezone.now(), by=request.user)
    except TransferStands as refusal:
        messages.error(request, str(refusal))
    except (Unreachable, NotPossible):
        messages.error(request, _("The payment service does not answer at the moment. Please try again in a minute."))
    else:
        done = row.status == ProviderTransfer.Status.DONE
        messages.success(request, _("It was transferred already.") if done else _("Given up. It waits for a file for the bank."))
    return redirect("office:transfers")
