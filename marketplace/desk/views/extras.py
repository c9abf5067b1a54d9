"""What else a caller may want: a voucher to be taken off, or that somebody else receives the goods."""

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.desk import entries, taking
from marketplace.desk.forms import GiftForm
from marketplace.desk.views.calling import caller_of
from marketplace.regions import hosts
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest
from marketplace.vouchers import codes
from marketplace.vouchers.standing import Person

UNPROCESSABLE = 422


@office
@require_POST
def redeem(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Put the voucher that the caller tells into the basket, or say why not."""
    caller = caller_of(request, pk)
    typed = request.POST.get("code", "")
    try:
        terms = codes.enter(
            basket=taking.keep_basket(caller=caller), typed=typed, person=Person(user_id=caller.user_id), at=timezone.now()
        )
    except codes.NotTaken as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The voucher %(code)s is in the basket.") % {"code": terms.code})
    return redirect(reverse("desk:caller", args=[pk]) + "#vouchers")


@office
@require_POST
def give_up(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Take a voucher out of the basket."""
    codes.take_out(basket=taking.basket_of(caller=caller_of(request, pk)), typed=request.POST.get("code", ""))
    messages.success(request, _("The voucher has been taken out."))
    return redirect(reverse("desk:caller", args=[pk]) + "#vouchers")


@office
def gift(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Who receives the goods instead of the caller; a button makes it an ordinary order again."""
    caller = caller_of(request, pk)
    if not caller.street:
        messages.info(request, _("A gift needs the address of who gives it on the card: the invoice goes there."))
        return redirect("desk:edit", pk=pk)
    if "none" in request.POST:
        entries.tell(request, caller=caller, gift=None, window=None)
        return redirect("desk:agree", pk=pk)
    told = entries.told(request, caller=caller).get("gift")
    form = GiftForm(request.POST or None, villages=hosts.villages_of(region=request.region), initial=told)
    if request.method == "POST" and form.is_valid():
        entries.tell(request, caller=caller, gift=form.cleaned_data, window=None)
        return redirect("desk:agree", pk=pk)
    context = {"section": "desk", "caller": caller, "form": form, "is_gift": bool(told)}
    return render(request, "desk/gift.html", context, status=UNPROCESSABLE if form.errors else 200)
