"""The end of a call: when, where and how it is paid; then everything is read aloud, and the order is placed."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from billing import terms
from billing.models import OrderTerms
from logistics import windows
from logistics.models import Delivery
from logistics.windows import WindowChoice
from marketplace.basket.models import Basket
from marketplace.checkout import legal, pages, proposal
from marketplace.checkout.forms import PAYMENT_TEXTS
from marketplace.checkout.problems import Problem, Refused, of_proposal
from marketplace.checkout.proposal import Proposal
from marketplace.desk import callers, entries, presents, taking
from marketplace.desk.forms import AgreementForm, ReadForm
from marketplace.desk.models import Caller, TakenOrder
from marketplace.desk.presents import Present
from marketplace.desk.views.calling import caller_of
from marketplace.desk.views.ordering import key_of, rounds_for
from marketplace.regions import hosts
from marketplace.regions.access import office
from marketplace.regions.models import Municipality
from marketplace.regions.requests import MarketRequest
from marketplace.vouchers.standing import Person

UNPROCESSABLE, CONFLICT = 422, 409


@office
def agree(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Window and payment; what the caller had last time is chosen already."""
    caller = caller_of(request, pk)
    basket, sight = taking.basket_of(caller=caller), callers.sight(caller=caller)
    drawn = proposal.draw_up(basket=basket, window_id=None, at=timezone.now(), sight=sight)
    if not drawn.contents.lines:
        messages.info(request, _("The basket is empty."))
        return redirect("desk:caller", pk=pk)
    told = entries.told(request, caller=caller)
    present = _present(request, told)
    village = (present or caller).municipality
    choices = _choices(request, village, drawn)
    last = taking.orders_of(caller=caller).first()
    initial = {
        "window": told.get("window") or _usual(choices, last, rounds_for(request, caller).current),
        "payment": told.get("payment") or (last.terms.method if last else None),
        "note": told.get("note", last.note if last else ""),
    }
    methods = terms.methods_for(user=caller.user, region=request.region)
    if present is not None:  # whoever receives it does not pay for it
        methods = [method for method in methods if method != OrderTerms.Method.HANDOVER]
    form = AgreementForm(request.POST or None, choices=choices, methods=methods, goods=drawn.goods, initial=initial)
    if request.method == "POST" and form.is_valid():
        entries.tell(request, caller=caller, **form.cleaned_data)
        return redirect("desk:read", pk=pk)
    context = {"section": "desk", "caller": caller, "form": form, "drawn": drawn, "present": present, "has_door": village}
    return render(request, "desk/agree.html", context, status=UNPROCESSABLE if form.errors else 200)


@office
def read(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Everything once more, to be read aloud; ticked, it becomes the order."""
    caller = caller_of(request, pk)
    if request.method == "POST":
        return _place(request, caller)
    return _page(request, caller, basket=taking.basket_of(caller=caller))


def _place(request: MarketRequest, caller: Caller) -> HttpResponseBase:
    posted = key_of(request.POST.get("basket", ""))
    done = TakenOrder.objects.filter(caller=caller, order__basket=posted).select_related("order").first()
    if done is not None:  # the button was pressed twice
        return redirect("desk:order", number=done.order.number)
    basket, told = taking.basket_of(caller=caller), entries.told(request, caller=caller)
    form = ReadForm(request.POST)
    form.is_valid()
    try:
        order = taking.take_down(
            caller=caller,
            basket=basket,
            window_id=told.get("window"),
            payment=told.get("payment", ""),
            fingerprint=request.POST.get("fingerprint", ""),
            read=form.read(),
            terms_accepted=legal.texts(region=request.region),
            at=timezone.now(),
            by=request.user,
            note=told.get("note", ""),
            present=_present(request, told),
            age_confirmed="age_confirmed" in request.POST,
        )
    except Refused as refused:
        return _page(request, caller, basket=basket, problems=refused.problems, form=form)
    entries.forget(request, caller=caller)
    messages.success(request, _("The order is placed."))
    return redirect("desk:order", number=order.number)


def _page(
    request: MarketRequest,
    caller: Caller,
    *,
    basket: Basket,
    problems: tuple[Problem, ...] | None = None,
    form: ReadForm | None = None,
) -> HttpResponseBase:
    told = entries.told(request, caller=caller)
    person = Person(user_id=caller.user_id)
    contact = taking.contact_of(caller=caller, note=told.get("note", ""), present=_present(request, told))
    drawn = proposal.draw_up(
        basket=basket,
        window_id=told.get("window"),
        at=timezone.now(),
        person=person,
        door=contact.door,
        sight=callers.sight(caller=caller),
    )
    if not drawn.contents.lines or drawn.window is None:
        return redirect("desk:agree" if drawn.contents.lines else "desk:caller", pk=caller.pk)
    found = of_proposal(proposal=drawn) if problems is None else problems
    context = {
        "section": "desk",
        "caller": caller,
        "contact": contact,
        "drawn": drawn,
        "basket": basket,
        "window": drawn.window,
        "at_home": windows.kind_of(window=drawn.window) == Delivery.Kind.HOME,
        "when": pages.when(drawn.window),
        "cutoff": pages.cutoff(drawn.window),
        "payment": PAYMENT_TEXTS.get(told.get("payment", ""), ""),
        "groups": pages.review_groups(proposal=drawn, problems=found),
        "rows": pages.sum_rows(proposal=drawn, net=pages.shows_net(user=caller.user, region=request.region, at=timezone.now())),
        "is_estimate": pages.highest_total(drawn) is not None,
        "problems": found,
        "form": form or ReadForm(),
        "texts": legal.texts(region=request.region),
    }
    return render(request, "desk/read.html", context, status=CONFLICT if problems else 200)


def _present(request: MarketRequest, told: dict[str, Any]) -> Present | None:
    villages = {row.pk: row for row in hosts.villages_of(region=request.region)} if told.get("gift") else {}
    return presents.of_entries(told=told, villages=villages)


def _choices(request: MarketRequest, village: Municipality | None, drawn: Proposal) -> list[WindowChoice]:
    """The windows of all open rounds; at the door only where somebody drives to."""
    farms = [partner.pk for partner in drawn.contents.producers]
    found = windows.choices(region=request.region, municipality=village, at=timezone.now(), farms=farms)
    return found if village else [choice for choice in found if choice.kind != Delivery.Kind.HOME]


def _usual(choices: list[WindowChoice], last: Any, current: Any) -> int | None:
    """The place of the last order on the day that is spoken of; otherwise the first with a free place."""
    free = [choice for choice in choices if choice.free > 0 and (current is None or choice.round_id == current.pk)]
    if last is not None:
        window = last.delivery.window
        place = window.place.name if window.place else ""
        same = [choice for choice in free if (choice.name == place if place else choice.kind == Delivery.Kind.HOME)]
        free = same or free
    return free[0].window_id if free else None
