"""What the office sees of paying online: what failed, what is disputed, and every payment with its state."""

from django.db.models import Exists, OuterRef, QuerySet, Sum

from billing.models import Dispute, OnlinePayment, Posting
from marketplace.regions.models import Region

Status = OnlinePayment.Status


def payments(*, region: Region) -> QuerySet[OnlinePayment]:
    """All payments of a region, the newest first; pages that were only opened are left out. `given` is what went back."""
    rows = OnlinePayment.objects.filter(region=region).exclude(status=Status.OPENED)
    rows = rows.exclude(status=Status.RELEASED, authorised_at=None).annotate(given=Sum("refunds__amount"))
    return rows.select_related("order", "invoice").defer("invoice__content").order_by("-opened_at", "-pk")


def failed(*, region: Region) -> QuerySet[OnlinePayment]:
    """Payments that failed, of orders for which something is still owed; the oldest first."""
    owed = Posting.objects.filter(ledger=Posting.Ledger.RECEIVABLE, order=OuterRef("order")).order_by().values("order")
    owing = owed.annotate(sum=Sum("amount")).filter(sum__gt=0)
    rows = OnlinePayment.objects.filter(Exists(owing), region=region, status=Status.FAILED, way__in=("keep", "hold", "later"))
    return rows.select_related("order").order_by("opened_at", "pk")


def disputes(*, region: Region) -> QuerySet[Dispute]:
    """Payments that customers' banks took back and that are not decided, the most urgent first."""
    rows = Dispute.objects.filter(payment__region=region, status=Dispute.Status.OPEN)
    rows = rows.select_related("payment__order", "payment__invoice").defer("payment__invoice__content")
    return rows.order_by("answer_until", "pk")
