"""The office says which articles only certain customers see: assortments, groups of customers, and the rules between them."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.assortments import groups, reach, rules
from marketplace.assortments.groups import GroupRefused, Kind
from marketplace.assortments.models import Assortment, AssortmentRule, CustomerGroup
from marketplace.assortments.rules import RuleRefused
from marketplace.catalogue import assorted
from marketplace.dashboard import assortment_register
from marketplace.dashboard.forms.assortments import SHOW, JoinForm, LeaveForm, NameForm, RuleForm
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest

UNPROCESSABLE, CONFLICT = 422, 409


@office
@require_safe
def overview(request: MarketRequest) -> HttpResponse:
    """All of it on one page."""
    return _page(request)


@office
@require_POST
def found(request: MarketRequest) -> HttpResponseBase:
    """A new assortment, hidden from everybody at first."""
    form = NameForm(request.POST, auto_id="assortment_%s")
    if not form.is_valid():
        return _page(request, new=form, status=UNPROCESSABLE)
    try:
        groups.found_assortment(region=request.region, name=form.cleaned_data["name"], **_by(request))
    except GroupRefused as refusal:
        form.add_error("name", str(refusal))
        return _page(request, new=form, status=CONFLICT)
    messages.success(
        request, _("It is hidden from everybody now. Say below who sees it, and producers can tick it at their articles.")
    )
    return redirect("office:assortments")


@office
@require_safe
def assortment_page(request: MarketRequest, pk: int) -> HttpResponse:
    """One assortment: its articles, its name, and what its end would show to whom."""
    return _assortment_page(request, _assortment(request, pk))


@office
@require_POST
def rename(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Another name for an assortment."""
    row = _assortment(request, pk)
    form = _renamed(request, row)
    return redirect("office:assortment", pk=pk) if form is None else _assortment_page(request, row, form=form, status=CONFLICT)


@office
@require_POST
def delete(request: MarketRequest, pk: int) -> HttpResponseBase:
    """An assortment less; its articles go back to whoever sees them without it."""
    row = _assortment(request, pk)
    seen = [int(key) for key in request.POST.get("articles", "").split(",") if key.isascii() and key.isdecimal()]
    try:
        assorted.take_away(assortment=row, seen=seen, **_by(request))
    except GroupRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("office:assortment", pk=pk)
    messages.success(request, _("The assortment “%(name)s” and its rules are gone.") % {"name": row.name})
    return redirect("office:assortments")


@office
@require_POST
def lay_down(request: MarketRequest) -> HttpResponseBase:
    """A rule."""
    form = RuleForm(request.POST, region=request.region)
    if not form.is_valid():
        return _page(request, rule=form, status=UNPROCESSABLE)
    told = form.cleaned_data
    what: dict[str, Any] = {"assortment": told["assortment"], "group": told["group"], "shows": told["what"] == SHOW}
    try:
        rules.lay_down(region=request.region, **what, **_by(request))
    except RuleRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, rule=form, status=CONFLICT)
    messages.success(request, _("The rule holds from now on."))
    return redirect("office:assortments")


@office
@require_POST
def raise_up(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Higher priority."""
    rules.raise_up(rule=_rule(request, pk), **_by(request))
    return redirect("office:assortments")


@office
@require_POST
def drop(request: MarketRequest, pk: int) -> HttpResponseBase:
    """A rule less."""
    rule = _rule(request, pk)
    rules.drop(rule=rule, **_by(request))
    if reach.is_for_everybody(assortment=rule.assortment):
        messages.warning(request, _("Everybody sees “%(name)s” now.") % {"name": rule.assortment.name})
    else:
        messages.success(request, _("The rule holds no more."))
    return redirect("office:assortments")


@office
@require_POST
def found_group(request: MarketRequest) -> HttpResponseBase:
    """A new group; who is in it is said on its page."""
    form = NameForm(request.POST, auto_id="group_%s")
    if not form.is_valid():
        return _page(request, group=form, status=UNPROCESSABLE)
    try:
        new = groups.found_group(region=request.region, name=form.cleaned_data["name"], **_by(request))
    except GroupRefused as refusal:
        form.add_error("name", str(refusal))
        return _page(request, group=form, status=CONFLICT)
    return redirect("office:group", pk=new.pk)


@office
@require_safe
def group_page(request: MarketRequest, pk: int) -> HttpResponse:
    """Who is in a group."""
    return _group_page(request, get_object_or_404(_groups(request), pk=pk))


@office
@require_POST
def rename_group(request: MarketRequest, pk: int) -> HttpResponseBase:
    """Another name for a group."""
    row = get_object_or_404(_groups(request), pk=pk)
    form = _renamed(request, row)
    return redirect("office:group", pk=pk) if form is None else _group_page(request, row, name=form, status=CONFLICT)


@office
@require_POST
def join(request: MarketRequest, pk: int) -> HttpResponseBase:
    """An account or a person joins."""
    group = get_object_or_404(_groups(request), pk=pk)
    form = JoinForm(request.POST, group=group)
    if not form.is_valid():
        return _group_page(request, group, form=form, status=UNPROCESSABLE)
    told = form.cleaned_data
    for kind, member in ((Kind.ACCOUNTS, told.get("account")), (Kind.PEOPLE, told.get("person"))):
        if member is not None:
            groups.join(group=group, kind=kind, member=member, **_by(request))
    messages.success(request, _("Taken into the group."))
    return redirect("office:group", pk=pk)


@office
@require_POST
def leave(request: MarketRequest, pk: int) -> HttpResponseBase:
    """An account, a person or a card leaves."""
    group = get_object_or_404(_groups(request), pk=pk)
    form = LeaveForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        groups.leave(group=group, kind=told["kind"], member_id=told["member"], **_by(request))
        messages.success(request, _("No longer in the group."))
    return redirect("office:group", pk=pk)


@office
@require_POST
def take_away(request: MarketRequest, pk: int) -> HttpResponseBase:
    """The group with its rules."""
    group = get_object_or_404(_groups(request), pk=pk)
    groups.take_away_group(group=group, **_by(request))
    messages.success(request, _("The group “%(name)s” and its rules are gone.") % {"name": group.name})
    return redirect("office:assortments")


def _page(
    request: MarketRequest,
    *,
    new: NameForm | None = None,
    rule: RuleForm | None = None,
    group: NameForm | None = None,
    status: int = 200,
) -> HttpResponse:
    region = request.region
    page = {
        "section": "assortments",
        "rows": assortment_register.of_region(region=region),
        "rules": assortment_register.rules_of(region=region),
        "groups": _groups(request).annotate(
            account_count=Count("accounts", distinct=True),
            person_count=Count("people", distinct=True),
            caller_count=Count("callers", distinct=True),
        ),
        "new": new or NameForm(auto_id="assortment_%s"),
        "rule": rule or RuleForm(region=region),
        "group": group or NameForm(auto_id="group_%s"),
    }
    return render(request, "office/assortments.html", page, status=status)


def _renamed(request: MarketRequest, thing: Assortment | CustomerGroup) -> NameForm | None:
    """None when it has its new name, else the form that says why not."""
    form, old = NameForm(request.POST), thing.name
    if form.is_valid():
        try:
            groups.rename(thing=thing, name=form.cleaned_data["name"], **_by(request))
        except GroupRefused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("“%(old)s” is called “%(name)s” now.") % {"old": old, "name": thing.name})
            return None
    return form


def _assortment_page(
    request: MarketRequest, assortment: Assortment, *, form: NameForm | None = None, status: int = 200
) -> HttpResponse:
    freed = assorted.freed(assortment=assortment)
    page = {
        "section": "assortments",
        "assortment": assortment,
        "who": reach.of_articles(region=assortment.region, belonging={0: [assortment.pk]})[0],
        "freed": freed,
        "articles": ",".join(str(one.product.pk) for one in freed),
        "form": form or NameForm(initial={"name": assortment.name}),
    }
    return render(request, "office/assortment.html", page, status=status)


def _group_page(
    request: MarketRequest,
    group: CustomerGroup,
    *,
    form: JoinForm | None = None,
    name: NameForm | None = None,
    status: int = 200,
) -> HttpResponse:
    page = {
        "name_form": name or NameForm(initial={"name": group.name}, auto_id="rename_%s"),
        "section": "assortments",
        "group": group,
        "members": assortment_register.members(group=group),
        "sees": assortment_register.seen_by(group=group),
        "form": form or JoinForm(group=group),
    }
    return render(request, "office/customer_group.html", page, status=status)


def _assortment(request: MarketRequest, pk: int) -> Assortment:
    return get_object_or_404(Assortment.objects.filter(region=request.region).select_related("region"), pk=pk)


def _groups(request: MarketRequest) -> QuerySet[CustomerGroup]:
    return CustomerGroup.objects.filter(region=request.region).select_related("region").order_by("name", "pk")


def _rule(request: MarketRequest, pk: int) -> AssortmentRule:
    return get_object_or_404(rules.of_region(region=request.region).select_related("region"), pk=pk)


def _by(request: MarketRequest) -> dict[str, Any]:
    return {"at": timezone.now(), "by": request.user}
