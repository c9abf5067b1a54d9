"""The office keeps the round plans, sees their months, and says what becomes of rounds that differ from them."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import F
from django.forms import Form
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from logistics import leeway, plans, rescheduling
from logistics.leeway import NotLaidDown
from logistics.models import DeliveryRound, PickupPoint, RoundException, RoundRule
from logistics.plans import BadPlan
from logistics.rescheduling import NotRescheduled
from marketplace.dashboard import round_calendar
from marketplace.dashboard.forms.plans import (
    AreaRows,
    CancelForm,
    CutoffForm,
    ExceptionForm,
    LeewayForm,
    MoveForm,
    PlanForm,
    WindowRows,
)
from marketplace.regions.access import office
from marketplace.regions.models import Municipality
from marketplace.regions.requests import MarketRequest

#: months that the calendar goes on by
STEP = round_calendar.MONTHS


@office
@require_safe
def plan_list(request: MarketRequest) -> HttpResponse:
    """All plans, and their months at a glance."""
    today = timezone.localdate()
    first = _month(request.GET.get("ab", "")) or today.replace(day=1)
    months = round_calendar.months(region=request.region, first=first, today=today)
    rules = RoundRule.objects.filter(region=request.region).order_by("-is_active", "name", "pk")
    page = {"section": "rounds", "rules": rules, "months": months, "before": _on(first, -STEP), "after": _on(first, STEP)}
    return render(request, "office/plans.html", page)


@office
def plan_new(request: MarketRequest) -> HttpResponseBase:
    """Enter a plan."""
    return _plan_form(request, None)


@office
def plan_page(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Change a plan, enter exceptions, and decide about rounds that differ."""
    return _plan_form(request, _rule(request, pk))


@office
@require_POST
def exception(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Move or leave out one day of a plan."""
    rule, form = _rule(request, pk), ExceptionForm(request.POST)
    if form.is_valid():
        try:
            plans.except_day(rule=rule, at=timezone.now(), by=request.user, **form.cleaned_data)
        except BadPlan as refusal:
            form.add_error("day", str(refusal))
        else:
            messages.success(request, _("The exception is entered."))
            return redirect("office:plan_page", rule.pk)
    return _plan_form(request, rule, exception_form=form)


@office
@require_POST
def drop_exception(request: MarketRequest, pk: int, exception_pk: int) -> HttpResponseBase:
    """The day goes by the plan again."""
    rows = RoundException.objects.filter(rule=_rule(request, pk)).select_related("rule__region")
    plans.drop_exception(exception=get_object_or_404(rows, pk=exception_pk), at=timezone.now(), by=request.user)
    messages.success(request, _("The exception is gone."))
    return redirect("office:plan_page", pk)


@office
def reschedule(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Keep or move a round, change its cut-off while it can be ordered for, or cancel it until its first vehicle starts."""
    delivery_round = get_object_or_404(DeliveryRound.objects.filter(region=request.region).select_related("rule__region"), pk=pk)
    if request.method != "POST" and not rescheduling.is_cancellable(delivery_round=delivery_round):
        messages.error(request, _("This round has started or is over. Nothing can be moved or cancelled any more."))
        return redirect("office:round", pk)
    what = request.POST.get("what", "")
    cutoff = timezone.localtime(delivery_round.cutoff_at)
    forms: dict[str, Form] = {
        "move": MoveForm(request.POST if what == "move" else None, prefix="move"),
        "cutoff": CutoffForm(
            request.POST if what == "cutoff" else None, prefix="cutoff", initial={"day": cutoff.date(), "clock": cutoff.time()}
        ),
        "leeway": LeewayForm(request.POST if what == "leeway" else None, prefix="leeway", initial=_leeway(delivery_round)),
        "cancel": CancelForm(request.POST if what == "cancel" else None, prefix="cancel"),
    }
    try:
        if request.method == "POST" and _rescheduled(request, delivery_round, what, forms):
            return redirect("office:round", delivery_round.pk)
    except (NotRescheduled, NotLaidDown) as refusal:
        forms[what if what in forms else "cancel"].add_error(None, str(refusal))
        delivery_round.refresh_from_db()
    found = rescheduling.differing(rule=delivery_round.rule, at=timezone.now())
    page = {
        "section": "rounds",
        "round": delivery_round,
        "differing": next((one for one in found if one.round.pk == delivery_round.pk), None),
        "orders": delivery_round.deliveries.exclude(status="cancelled").count(),
        "is_open": delivery_round.status == DeliveryRound.Status.OPEN,
        **forms,
    }
    return render(request, "office/reschedule.html", page, status=422 if any(form.is_bound for form in forms.values()) else 200)


def _rescheduled(request: MarketRequest, row: DeliveryRound, what: str, forms: dict[str, Any]) -> bool:
    """Whether what was asked for is done. Raises `NotRescheduled` or `NotLaidDown`."""
    told: dict[str, Any] = {"delivery_round": row, "at": timezone.now(), "by": request.user}
    if what == "keep":
        rescheduling.keep(**told)
        messages.success(request, _("The round stays as it is."))
        return True
    if what not in forms:
        raise NotRescheduled(_("Please choose what shall become of the round."))
    form = forms[what]
    if not form.is_valid():
        return False
    if what == "move":
        rescheduling.move(**told, **form.cleaned_data, seen=parse_date(request.POST.get("seen", "")))
        messages.success(request, _("The round is moved. Everybody who has ordered is told by e-mail."))
    elif what == "cutoff":
        rescheduling.set_cutoff(**told, to=form.moment(), seen=parse_datetime(request.POST.get("seen", "")))
        messages.success(request, _("The end of orders is moved. Whoever can change an order for a shorter time now is told."))
    elif what == "leeway":
        leeway.lay_down(**told, **form.cleaned_data)
        messages.success(request, _("What customers may do themselves is kept for this round."))
    else:
        number = rescheduling.cancel(**told, reason=form.cleaned_data["reason"])
        text = ngettext(
            "The round is cancelled. %(number)s customer is told by e-mail.",
            "The round is cancelled. %(number)s customers are told by e-mail.",
            number,
        )
        messages.success(request, text % {"number": number})
    return True


def _leeway(row: DeliveryRound) -> dict[str, bool]:
    return {"may_change": row.customers_may_change, "may_cancel": row.customers_may_cancel}


def _plan_form(request: MarketRequest, rule: RoundRule | None, exception_form: ExceptionForm | None = None) -> HttpResponseBase:
    told = request.POST if request.method == "POST" and exception_form is None else None
    form = PlanForm(told, instance=rule)
    points = PickupPoint.objects.filter(region=request.region, is_active=True).order_by("name")
    rows = WindowRows(told, initial=_windows(rule), form_kwargs={"points": points}, prefix="windows")
    villages = Municipality.objects.filter(region=request.region).order_by("name", "pk")
    area_rows = AreaRows(told, initial=_areas(rule), form_kwargs={"villages": villages}, prefix="areas")
    if told is not None and form.is_valid() and rows.is_valid() and area_rows.is_valid():
        areas = [row.area() for row in area_rows if row.cleaned_data and not row.cleaned_data.get("DELETE")]
        windows = [row.window() for row in rows if row.cleaned_data and not row.cleaned_data.get("DELETE")]
        try:
            plan = form.plan(region=request.region)
            kept = plans.save(rule=plan, windows=windows, areas=areas, at=timezone.now(), by=request.user)
        except BadPlan as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The plan is saved."))
            return redirect("office:plan_page", kept.pk)
    forms = {"form": form, "rows": rows, "area_rows": area_rows, "exception_form": exception_form or ExceptionForm()}
    page = {**_page(rule), **forms}
    return render(request, "office/plan_form.html", page, status=422 if told or exception_form else 200)


def _page(rule: RoundRule | None) -> dict[str, Any]:
    """What the page of a plan shows besides its forms."""
    page: dict[str, Any] = {"section": "rounds", "rule": rule}
    if rule is None:
        return page
    coming = rule.exceptions.filter(day__gte=timezone.localdate()).order_by("day")
    return {**page, "exceptions": coming, "differing": rescheduling.differing(rule=rule, at=timezone.now())}


def _windows(rule: RoundRule | None) -> list[dict[str, Any]]:
    """The windows of a plan as the rows of the form begin."""
    names = ("pickup_point", "starts", "ends", "capacity", "fee")
    return list(plans.windows_of(rule=rule).values(*names, crates=F("capacity_crates"))) if rule else []


def _areas(rule: RoundRule | None) -> list[dict[str, Any]]:
    """The areas of a plan as the rows of the form begin."""
    if rule is None:
        return []
    return [
        {
            "name": row.name,
            "municipalities": [village.pk for village in row.municipalities.all()],
            "postal_codes": ", ".join(row.postal_codes),
            "fee": row.fee,
            "minimum": row.minimum_order,
            "free_from": row.free_from,
        }
        for row in rule.areas.prefetch_related("municipalities").order_by("fee", "name", "pk")
    ]


def _rule(request: MarketRequest, pk: int) -> RoundRule:
    return get_object_or_404(RoundRule.objects.filter(region=request.region).select_related("region"), pk=pk)


def _month(text: str) -> date | None:
    """`2026-11`; None for nothing. Raises `Http404` for what is no month."""
    if not text:
        return None
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as wrong:
        raise Http404 from wrong


def _on(first: date, months: int) -> str:
    whole = first.year * 12 + first.month - 1 + months
    return f"{whole // 12}-{whole % 12 + 1:02}"
