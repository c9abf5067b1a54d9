"""Says which orders something is open about: a complaint that nobody has decided, a withdrawal that is not settled."""

from typing import Any

from django.db.models import Value
from django.utils.translation import gettext as _

from marketplace.aftersales.models import Complaint, Withdrawal


def orders(*, region: Any) -> dict[int, str]:
    """The ids of the orders, each with the reason in a sentence. One query."""
    complaints = Complaint.objects.filter(order_line__order__region=region, status=Complaint.Status.OPEN)
    declared = Withdrawal.objects.filter(region=region, status=Withdrawal.Status.DECLARED, order__isnull=False)
    rows = complaints.annotate(withdrawn=Value(0)).values_list("withdrawn", "order_line__order")
    rows = rows.union(declared.annotate(withdrawn=Value(1)).values_list("withdrawn", "order_id"))
    reasons = (_("A complaint is open."), _("A withdrawal is open."))
    return {order: reasons[withdrawn] for withdrawn, order in sorted(rows)}
