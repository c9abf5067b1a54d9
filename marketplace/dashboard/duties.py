"""Says what waits for the office of a region: every duty is found by a query, none is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from django.db.models import IntegerField, QuerySet, Subquery
from django.utils.translation import ngettext

from billing import files, payments, refunds, settlements
from billing.models import BankLine, Invoice
from logistics import readings
from logistics import reports as drivers_reports
from logistics.models import Collection, DeliveryRound
from marketplace.aftersales import complaints, withdrawals
from marketplace.aftersales.models import Complaint
from marketplace.dashboard import credit, second_attempts
from marketplace.order import letters, news
from marketplace.partner.models import Partner
from marketplace.regions.models import Region
from marketplace.reviews import reading, reports
from marketplace.reviews.models import Review

What = TypeVar("What", bound=StrEnum)


class Kind(StrEnum):
    """What has to be looked at."""

    APPLICANTS = "applicants"
    TO_CLOSE = "to_close"
    TO_PLAN = "to_plan"
    UNSERVED = "unserved"
    UNPACKED = "unpacked"
    TOO_WARM = "too_warm"
    FAILED = "failed"
    UNFOLLOWED = "unfollowed"
    DOORSTEP = "doorstep"
    NO_FILE = "no_file"
    OBJECTIONS = "objections"
    ACCOUNTS = "accounts"
    PAYOUTS = "payouts"
    WITHDRAWALS = "withdrawals"
    COMPLAINTS = "complaints"
    PAYBACKS = "paybacks"
    LETTERS = "letters"
    NEWS = "news"
    REVIEWS = "reviews"
    REPORTED = "reported"
    BANK = "bank"


@dataclass(frozen=True)
class Duty:
    """One kind of work and how much of it there is; `urgent` when customers wait for it."""

    kind: Kind
    count: int
    urgent: bool = False

    @property
    def text(self) -> str:
        """The sentence for the list."""
        return _sentence(self.kind, self.count) % {"number": self.count}


URGENT = frozenset({Kind.TO_CLOSE, Kind.UNSERVED, Kind.FAILED, Kind.UNFOLLOWED, Kind.TOO_WARM, Kind.NO_FILE, Kind.WITHDRAWALS})


def waiting(*, region: Region, rounds: list[DeliveryRound], at: datetime) -> list[Duty]:
    """What is to be done, the urgent first; `rounds` are those of the region that are not over."""
    counts = counted(region=region, queries=_queries(region, at))
    counts[Kind.TO_CLOSE] = sum(row.status == DeliveryRound.Status.OPEN and row.cutoff_at <= at for row in rounds)
    counts[Kind.TO_PLAN] = sum(row.status == DeliveryRound.Status.CLOSED for row in rounds)
    counts[Kind.UNSERVED] = sum(len(row.plan.get("unserved", ())) for row in rounds)
    found = [Duty(kind=kind, count=counts[kind], urgent=kind in URGENT) for kind in Kind if counts[kind]]
    return sorted(found, key=lambda duty: not duty.urgent)


class _Count(Subquery):
    """How many rows a query finds, as a value within another one."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def counted(*, region: Region, queries: Mapping[What, QuerySet[Any]]) -> dict[What, int]:
    """How many rows each query finds: all counts in one query, however many kinds there are."""
    counts = (_Count(rows.order_by().values("pk")) for rows in queries.values())
    return dict(zip(queries, Region.objects.filter(pk=region.pk).values_list(*counts).get(), strict=True))


def _queries(region: Region, at: datetime) -> dict[Kind, QuerySet[Any]]:
    under_way = DeliveryRound.objects.filter(region=region, status__in=("closed", "planned", "under_way"))
    return {
        Kind.APPLICANTS: Partner.objects.filter(region=region, status=Partner.Status.APPLIED),
        Kind.UNPACKED: Collection.objects.filter(round__in=under_way, status=Collection.Status.OPEN),
        Kind.TOO_WARM: readings.too_warm(region=region),
        Kind.FAILED: second_attempts.waiting(region=region),
        Kind.UNFOLLOWED: drivers_reports.open_in(region=region),
        Kind.DOORSTEP: payments.open_handovers(region=region),
        Kind.NO_FILE: files.due().filter(region=region),
        Kind.OBJECTIONS: objections(region=region),
        Kind.ACCOUNTS: credit.waiting(region=region),
        Kind.PAYOUTS: settlements.to_pay_out(region=region),
        Kind.WITHDRAWALS: withdrawals.waiting(region=region),
        Kind.COMPLAINTS: complaints.of_region(region=region).filter(status=Complaint.Status.OPEN),
        Kind.PAYBACKS: refunds.orders(region=region),
        Kind.LETTERS: letters.due(region=region, at=at),
        Kind.NEWS: news.waiting(region=region),
        Kind.REVIEWS: reading.of_region(region=region).filter(status=Review.Status.OPEN),
        Kind.REPORTED: reports.waiting(region=region),
        Kind.BANK: BankLine.objects.filter(region=region, status=BankLine.Status.OPEN),
    }


def objections(*, region: Region) -> QuerySet[Invoice]:
    """Credit notes which a producer did not accept and which nobody has cancelled."""
    return Invoice.objects.filter(
        region=region, kind=Invoice.Kind.SELF_BILLED, objected_at__isnull=False, replaced_by__isnull=True
    )


def _sentence(kind: Kind, number: int) -> str:
    return {
        Kind.APPLICANTS: ngettext("%(number)s business wants to sell", "%(number)s businesses want to sell", number),
        Kind.TO_CLOSE: ngettext("%(number)s round should be closed by now", "%(number)s rounds should be closed by now", number),
        Kind.TO_PLAN: ngettext("%(number)s round has no tours yet", "%(number)s rounds have no tours yet", number),
        Kind.UNSERVED: ngettext("%(number)s stop is on no tour", "%(number)s stops are on no tour", number),
        Kind.UNPACKED: ngettext("%(number)s producer is still packing", "%(number)s producers are still packing", number),
        Kind.TOO_WARM: ngettext("Goods are too warm at %(number)s place", "Goods are too warm at %(number)s places", number),
        Kind.FAILED: ngettext("%(number)s delivery failed", "%(number)s deliveries failed", number),
        Kind.UNFOLLOWED: ngettext(
            "%(number)s report of a driver could not be followed", "%(number)s reports of drivers could not be followed", number
        ),
        Kind.DOORSTEP: ngettext(
            "%(number)s order is not paid at the door yet", "%(number)s orders are not paid at the door yet", number
        ),
        Kind.NO_FILE: ngettext("%(number)s document has no file yet", "%(number)s documents have no file yet", number),
        Kind.OBJECTIONS: ngettext("%(number)s objection to a credit note", "%(number)s objections to credit notes", number),
        Kind.ACCOUNTS: ngettext(
            "%(number)s customer account awaits approval", "%(number)s customer accounts await approval", number
        ),
        Kind.PAYOUTS: ngettext("%(number)s credit note awaits payout", "%(number)s credit notes await payout", number),
        Kind.WITHDRAWALS: ngettext("%(number)s withdrawal to settle", "%(number)s withdrawals to settle", number),
        Kind.COMPLAINTS: ngettext("%(number)s complaint is open", "%(number)s complaints are open", number),
        Kind.PAYBACKS: ngettext("%(number)s customer gets money back", "%(number)s customers get money back", number),
        Kind.LETTERS: ngettext("%(number)s letter to be posted", "%(number)s letters to be posted", number),
        Kind.NEWS: ngettext("%(number)s customer to be told by letter", "%(number)s customers to be told by letter", number),
        Kind.REVIEWS: ngettext("%(number)s review to be read", "%(number)s reviews to be read", number),
        Kind.REPORTED: ngettext("%(number)s review is reported", "%(number)s reviews are reported", number),
        Kind.BANK: ngettext("%(number)s bank booking is unexplained", "%(number)s bank bookings are unexplained", number),
    }[kind]
