"""Decides what becomes of it when somebody says that a published review should not stand there (article 16 DSA).

A report takes nothing away by itself: the office looks at it, decides, and whoever left an address is told.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Min, Prefetch, QuerySet
from django.utils.translation import gettext as _

from marketplace.core import audit
from marketplace.regions.models import Region
from marketplace.reviews.models import Report, Review
from marketplace.reviews.reviews import LONGEST_ANSWER
from marketplace.users.models import User

OPEN = Report.Status.OPEN


class ReportRefused(Exception):
    """There is nothing to report; the message is fit for the person who tried."""


def report(*, review: Review, ground: str, text: str, email: str, at: datetime) -> Report:
    """Note what somebody finds wrong; `email` may be empty. Raises `ReportRefused` when the review is not public."""
    if review.status != Review.Status.PUBLISHED:
        raise ReportRefused(_("This review is not public any more."))
    return Report.objects.create(
        review=review, ground=ground, text=text.strip()[:LONGEST_ANSWER], email=email.lower(), reported_at=at
    )


@transaction.atomic
def keep(*, review: Review, answer: str, at: datetime, by: User | None) -> int:
    """The review stays; settles all that was reported about it so far and says how many reports that were."""
    row = Review.objects.select_for_update().get(pk=review.pk)
    said = answer.strip()[:LONGEST_ANSWER]
    settled = Report.objects.filter(review=row, status=OPEN).update(
        status=Report.Status.KEPT, answer=said, decided_at=at, decided_by=by
    )
    if settled:
        audit.record(action="review.kept", target=row, at=at, by=by, new={"reports": settled})
    return settled


def reported(*, region: Region) -> QuerySet[Review]:
    """The reviews of a region that somebody reported and nobody has judged, the longest waiting first, with `open_reports`."""
    rows = Report.objects.filter(status=OPEN).order_by("reported_at", "pk")
    found: QuerySet[Review] = (
        Review.objects.filter(partner__region=region, reports__status=OPEN)
        .select_related("order_line", "partner")
        .prefetch_related(Prefetch("reports", queryset=rows, to_attr="open_reports"))
        .alias(first_report=Min("reports__reported_at"))
        .order_by("first_report", "pk")
    )
    return found


def waiting(*, region: Region) -> QuerySet[Review]:
    """The same reviews, each once and plain, to be counted."""
    judged = Report.objects.filter(review__partner__region=region, status=OPEN).values("review")
    found: QuerySet[Review] = Review.objects.filter(pk__in=judged)
    return found
