"""Decides which notices somebody gets: what is chosen, what goes without saying, and what must be sent in any case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.notices.models import ArticleNotice, Kind, NoticeChoice
from marketplace.regions.models import Region

#: what nobody has to ask for, because it follows from an order or from a tap; everything else is advertising and needs a yes
#: (section 7 UWG)
BY_ITSELF = frozenset({Kind.AVAILABLE, Kind.ON_THE_WAY, Kind.HITCH})
ABOUT = {
    Kind.AVAILABLE: _("Once for each article at which you pressed “Tell me”."),
    Kind.ON_THE_WAY: _("On the day, when the driver sets out, with the time at which we will be there."),
    Kind.HITCH: _("When a box is missing on its way, or when your goods still lie at the pickup point."),
    Kind.ROUND_OPENS: _("Once a round, when one can order for the next delivery day."),
    Kind.ROUND_CLOSES: _("The day before the ordering time ends: think of your round."),
    Kind.NEW_ARTICLES: _("Once a week at most, from the producers that you marked with the heart."),
    Kind.REVIEW: _("Once for each order, some days after the delivery, with a link to write a review."),
}
#: sent in any case, because the law or the safety of the account wants it
MANDATORY = (
    _("Confirmation of an order, of a change and of a cancellation"),
    _("Invoices and corrections"),
    _("Receipt of a withdrawal"),
    _("Login codes, and what changes at your account"),
)


@dataclass(frozen=True)
class Choice:
    """A kind of notice and whether the person gets it."""

    kind: str
    title: str
    about: str
    wanted: bool


def of(*, region: Region, user: Any) -> list[Choice]:
    """All kinds, in the order of the page; one query."""
    chosen = dict(NoticeChoice.objects.filter(region=region, user=user).values_list("kind", "wanted"))
    return [
        Choice(kind=kind, title=str(kind.label), about=str(ABOUT[kind]), wanted=chosen.get(kind, kind in BY_ITSELF))
        for kind in Kind
    ]


def wants(*, region: Region, kind: Kind, user_id: int | None, email: str) -> bool:
    """Whether a person, or the owner of an address, gets a kind of notice; one query."""
    who: dict[str, Any] = {"user_id": user_id} if user_id else {"user_id": None, "email": email.lower()}
    chosen = NoticeChoice.objects.filter(region=region, kind=kind, **who).values_list("wanted", flat=True).first()
    return kind in BY_ITSELF if chosen is None else chosen


@transaction.atomic
def choose(
    *, region: Region, kinds: Iterable[str], wanted: bool, at: datetime, user_id: int | None = None, email: str = ""
) -> None:
    """Switch kinds of notices on or off for a person, or for the owner of an address; what is so already stays as it is."""
    who: dict[str, Any] = {"region": region, "user_id": user_id, "email": "" if user_id else email.lower()}
    kinds = list(kinds)
    rows = [NoticeChoice(**who, kind=kind, wanted=wanted, changed_at=at) for kind in kinds]
    NoticeChoice.objects.bulk_create(rows, ignore_conflicts=True)
    NoticeChoice.objects.filter(**who, kind__in=kinds).exclude(wanted=wanted).update(wanted=wanted, changed_at=at)
    if Kind.AVAILABLE in kinds and not wanted:
        waiting = ArticleNotice.objects.filter(told_at__isnull=True, product__partner__region=region)
        (waiting.filter(user=user_id) if user_id else waiting.filter(email=who["email"])).delete()


def wanting(*, region: Region, kind: Kind) -> list[NoticeChoice]:
    """Who said yes to a kind in a region, with the person at hand."""
    rows = NoticeChoice.objects.filter(region=region, kind=kind, wanted=True, user__is_active=True)
    return list(rows.select_related("user").order_by("pk"))


def refusing(*, region: Region, kind: Kind) -> tuple[frozenset[int], frozenset[str]]:
    """The people, and the addresses without an account, who said no to a kind in a region."""
    rows = list(NoticeChoice.objects.filter(region=region, kind=kind, wanted=False).values_list("user_id", "email"))
    return frozenset(user for user, _email in rows if user), frozenset(email for _user, email in rows if email)
