"""Decides who can review what, and what becomes of a review: published or not, answered, rewritten, taken back.

Only who ordered an article that was delivered can review it, once for each line of an order; so every review is of a purchase
that the market knows (section 5b(3) UWG). Bad reviews are published like good ones.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.core import audit
from marketplace.core.transitions import lock_for
from marketplace.order.models import Line, Order
from marketplace.reviews.models import MOST_STARS, Report, Review
from marketplace.users.models import User

Status = Review.Status
LONGEST_TEXT, LONGEST_ANSWER = 2000, 1000


class ReviewRefused(Exception):
    """It cannot be written or decided like that; the message is fit for the person who tried."""


def reviewable(*, order: Order) -> list[Line]:
    """The lines of an order that came and can be reviewed; no query when the lines and what was packed are at hand."""
    if order.status != Order.Status.COMPLETED:
        return []
    return [line for line in order.lines.all() if _came(line)]


def can_be_reviewed(*, line: Line) -> bool:
    """Whether one line came with an order that is done; its order and what was packed are at hand."""
    return line.order.status == Order.Status.COMPLETED and _came(line)


@transaction.atomic
def write(*, line: Line, stars: int, text: str, at: datetime) -> Review:
    """Keep what the buyer of a line says, for the office to look at; a second time replaces the first. Raises `ReviewRefused`."""
    if not can_be_reviewed(line=line):
        raise ReviewRefused(_("You can review an article once it was delivered to you."))
    if _sells(line):
        raise ReviewRefused(_("You cannot review your own goods."))
    if not 1 <= stars <= MOST_STARS:
        raise ReviewRefused(_("Please choose one to five stars."))
    told = {"stars": stars, "text": text.strip()[:LONGEST_TEXT], "written_at": at}
    known = Review.objects.filter(order_line=line).first()
    if known is not None:
        return _rewrite(known, told)
    try:
        with transaction.atomic():
            made = Review.objects.create(
                order_line=line,
                product_id=line.product_id,
                partner_id=line.partner_id,
                first_name=line.order.first_name,
                village=line.order.delivery.city[:1].upper(),
                **told,
            )
    except IntegrityError:
        raise ReviewRefused(_("We have your review of this article already.")) from None
    audit.record(action="review.written", target=made, at=at, new={"stars": stars})
    return made


@transaction.atomic
def take_back(*, line: Line, at: datetime) -> bool:
    """Delete what the buyer of a line has said; False when there is nothing."""
    known = Review.objects.select_for_update().filter(order_line=line).first()
    if known is None:
        return False
    audit.record(action="review.taken_back", target=known, at=at, old={"stars": known.stars})
    known.delete()
    return True


@transaction.atomic
def publish(*, review: Review, at: datetime, by: User | None) -> Review:
    """Show it to everybody; reports about it are settled by that. Raises `ForbiddenTransition` when it is shown already."""
    return _decide(lock_for(row=review, to=Status.PUBLISHED), Status.PUBLISHED, "", at, by)


@transaction.atomic
def refuse(*, review: Review, reason: str, at: datetime, by: User | None) -> Review:
    """Show it to nobody and tell the author why; reports about it are settled by that.

    Raises `ReviewRefused` without a reason, or `ForbiddenTransition`.
    """
    row = lock_for(row=review, to=Status.REFUSED)
    if not reason.strip():
        raise ReviewRefused(_("Please tell the customer why."))
    return _decide(row, Status.REFUSED, reason.strip()[:LONGEST_ANSWER], at, by)


@transaction.atomic
def reply(*, review: Review, text: str, at: datetime, by: User | None) -> Review:
    """The producer's answer to a published review, public at once; an empty one takes it away. Raises `ReviewRefused`."""
    row = Review.objects.select_for_update().get(pk=review.pk)
    if row.status != Status.PUBLISHED:
        raise ReviewRefused(_("Only published reviews can be answered."))
    row.reply = text.strip()[:LONGEST_ANSWER]
    row.replied_at = at if row.reply else None
    row.save(update_fields=["reply", "replied_at"])
    audit.record(action="review.answered", target=row, at=at, by=by, new={"reply": bool(row.reply)})
    return row


def _rewrite(known: Review, told: dict[str, object]) -> Review:
    """The office looks at it again, and what was answered to the old words is gone."""
    row = (
        Review.objects.select_for_update().get(pk=known.pk)
        if known.status == Status.OPEN
        else lock_for(row=known, to=Status.OPEN)
    )
    kept = {**told, "decided_at": None, "decided_by": None, "reason": "", "told_at": None, "reply": "", "replied_at": None}
    for name, value in kept.items():
        setattr(row, name, value)
    row.status = Status.OPEN
    row.save(update_fields=["status", *kept])
    return row


def _decide(row: Review, to: str, reason: str, at: datetime, by: User | None) -> Review:
    old, row.status = row.status, to
    row.reason, row.decided_at, row.decided_by, row.told_at = reason, at, by, None
    row.save(update_fields=["status", "reason", "decided_at", "decided_by", "told_at"])
    decided = Report.Status.KEPT if to == Status.PUBLISHED else Report.Status.REMOVED
    Report.objects.filter(review=row, status=Report.Status.OPEN).update(status=decided, decided_at=at, decided_by=by)
    audit.record(action=f"review.{to}", target=row, at=at, by=by, old={"status": old}, new={"status": to})
    return row


def _came(line: Line) -> bool:
    packed = getattr(line, "packed_line", None)
    return line.product_id is not None and line.partner_id is not None and packed is not None and bool(packed.delivered)


def _sells(line: Line) -> bool:
    """Whether the buyer acts for the producer, or ordered with the producer's address."""
    order, partner = line.order, line.partner
    if order.user_id is not None and partner.users.filter(pk=order.user_id).exists():
        return True
    return bool(partner.email) and order.email.casefold() == partner.email.casefold()
