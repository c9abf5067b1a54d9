"""The office's first page: the rounds of these days, and what waits for somebody."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from logistics.models import DeliveryRound
from marketplace.dashboard import duties, round_report
from marketplace.dashboard.duties import Duty, Kind
from marketplace.regions.access import office
from marketplace.regions.requests import MarketRequest

PLACES = {
    Kind.APPLICANTS: ("office:producers", "?stand=applied"),
    Kind.TO_CLOSE: ("office:rounds", ""),
    Kind.TO_PLAN: ("office:rounds", ""),
    Kind.UNSERVED: ("office:rounds", ""),
    Kind.UNPACKED: ("office:rounds", ""),
    Kind.TOO_WARM: ("hub:home", ""),
    Kind.FAILED: ("office:orders", "?lieferung=failed"),
    Kind.UNFOLLOWED: ("office:drivers", ""),
    Kind.DOORSTEP: ("office:doorstep", ""),
    Kind.NO_FILE: ("office:documents", ""),
    Kind.OBJECTIONS: ("office:documents", "?art=389"),
    Kind.ACCOUNTS: ("office:accounts", ""),
    Kind.PAYOUTS: ("office:payouts", ""),
    Kind.WITHDRAWALS: ("aftersales:withdrawals", ""),
    Kind.COMPLAINTS: ("aftersales:office_complaints", ""),
    Kind.PAYBACKS: ("aftersales:paybacks", ""),
    Kind.LETTERS: ("desk:post", ""),
    Kind.NEWS: ("desk:post", ""),
    Kind.REVIEWS: ("reviews:office", ""),
    Kind.REPORTED: ("reviews:reported", ""),
    Kind.BANK: ("office:bank", ""),
}


@office
@require_safe
def home(request: MarketRequest) -> HttpResponse:
    """The week."""
    now = timezone.now()
    rounds = round_report.running(region=request.region)
    found = duties.waiting(region=request.region, rounds=rounds, at=now)
    page = {
        "section": "home",
        "rows": round_report.rows(rounds=rounds),
        "duties": [{"duty": duty, "url": _place(duty, rounds)} for duty in found],
        "today": timezone.localdate(now),
    }
    return render(request, "office/home.html", page)


def _place(duty: Duty, rounds: list[DeliveryRound]) -> str:
    """Where the work is done: the round itself where it is only one."""
    meant = [row for row in rounds if _concerns(duty.kind, row)]
    if len(meant) == 1:
        return reverse("office:round", args=[meant[0].pk])
    name, query = PLACES[duty.kind]
    return reverse(name) + query


def _concerns(kind: Kind, row: DeliveryRound) -> bool:
    status = DeliveryRound.Status(row.status)
    return {
        Kind.TO_CLOSE: status == DeliveryRound.Status.OPEN and row.cutoff_at <= timezone.now(),
        Kind.TO_PLAN: status == DeliveryRound.Status.CLOSED,
        Kind.UNSERVED: bool(row.plan.get("unserved")),
        Kind.UNPACKED: status in {DeliveryRound.Status.CLOSED, DeliveryRound.Status.PLANNED, DeliveryRound.Status.UNDER_WAY},
    }.get(kind, False)
