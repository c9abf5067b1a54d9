"""Says which orders something is open about: a complaint that nobody has decided, a withdrawal that is not settled."""

from typing import Any

from django.utils.translation import gettext as _

from marketplace.aftersales.models import Complaint, Withdrawal


def orders(*, region: Any) -> dict[int, str]:
    """The ids of the orders, each with the reason in a sentence. Two queries."""
    complaints = Complaint.objects.filter(order_line__order__region=region, status=Complaint.Status.OPEN)
    declared = Withdrawal.objects.filter(region=region, status=Withdrawal.Status.DECLARED, order__isnull=False)
    found = dict.fromkeys(complaints.values_list("order_line__order", flat=True), _("A complaint is open."))
    return found | dict.fromkeys(declared.values_list("order_id", flat=True), _("A withdrawal is open."))
