"""Tells the office what became of an order, step by step, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.aftersales import banking
from marketplace.core.models import AuditEntry
from marketplace.order import letters, mails, revisions
from marketplace.order.models import Order

WORDS = {
    revisions.AMENDED: gettext_lazy("changed"),
    mails.CANCELLATION_TOLD: gettext_lazy("told of the cancellation"),
    letters.TAKEN: gettext_lazy("taken down on the telephone"),
    letters.WRITTEN: gettext_lazy("letter sent"),
    banking.GIVEN: gettext_lazy("account for money back named"),
    banking.PAID_BACK: gettext_lazy("money paid back"),
}


@dataclass(frozen=True)
class Step:
    """One entry of the trail; `by` is the person's name, or nothing where the market acted by itself."""

    at: datetime
    text: str
    by: str


def steps(*, order: Order, given_up: bool) -> list[Step]:
    """The order's trail, oldest first, in one query; where it was `given_up`, nothing was delivered at its end."""
    rows = AuditEntry.objects.filter(target_type=Order._meta.label_lower, target_id=order.pk)
    return [Step(row.at, _text(row, given_up), _person(row)) for row in rows.select_related("by").order_by("at", "pk")]


def _text(row: AuditEntry, given_up: bool) -> str:
    status = row.new.get("status")
    if given_up and status == Order.Status.COMPLETED:
        return _("not deliverable")
    if status in Order.Status.values:
        return _ended(row) if row.new.get("said") else str(Order.Status(status).label)
    if row.new.get("way") == mails.SILENT:
        return _("not told of the cancellation, as the office wished")
    return str(WORDS.get(row.action, _("noted")))


def _ended(row: AuditEntry) -> str:
    """Cancelled by the office, with its reason, and whether the goods are free again."""
    text = _("cancelled: %(reason)s") % {"reason": row.new["said"]}
    gone = _("goods not put back")
    return text if row.new.get("restocked", True) else f"{text} · {gone}"


def _person(row: AuditEntry) -> str:
    return "" if row.by is None else row.by.get_full_name() or row.by.email
