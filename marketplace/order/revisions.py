"""Decides what is told about a change of an order: how it read before and after, and what the difference comes to.

The trail keeps both versions of every change, so that a mail about the change can be written later. It keeps no address and no
note, only that they changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from marketplace.core import audit, money
from marketplace.core.models import AuditEntry
from marketplace.order.models import Order
from marketplace.users.models import User

AMENDED = "order.amend"


@dataclass(frozen=True, kw_only=True)
class Version:
    """How an order reads at one moment: pieces by article, when and where it comes, how it is paid, gross euro in all.

    `pieces` and `titles` are keyed by product.
    """

    pieces: Mapping[int, int]
    titles: Mapping[int, str]
    when: str
    where: str
    payment: str
    total: Decimal


@dataclass(frozen=True)
class Article:
    """Pieces of an article before and after."""

    title: str
    before: int
    after: int


@dataclass(frozen=True)
class Difference:
    """What a change comes to. `facts` are texts before and after, `details` names of what else is new, `money` is gross euro."""

    articles: tuple[Article, ...]
    facts: tuple[tuple[str, str], ...]
    details: tuple[str, ...]
    before: Decimal
    after: Decimal

    @property
    def money(self) -> Decimal:
        """What the order costs more; negative is less."""
        return self.after - self.before

    @property
    def less(self) -> Decimal:
        """What it costs less."""
        return max(-self.money, money.ZERO)

    def __bool__(self) -> bool:
        return bool(self.articles or self.facts or self.details or self.money)


def difference(*, before: Version, after: Version, details: tuple[str, ...] = ()) -> Difference:
    """What is new, articles in the order in which they stand, those that came last at the end."""
    titles = {**before.titles, **after.titles}
    changed = [pk for pk in titles if before.pieces.get(pk, 0) != after.pieces.get(pk, 0)]
    facts = ((before.when, after.when), (before.where, after.where), (before.payment, after.payment))
    return Difference(
        articles=tuple(Article(titles[pk], before.pieces.get(pk, 0), after.pieces.get(pk, 0)) for pk in changed),
        facts=tuple((old, new) for old, new in facts if old != new),
        details=details,
        before=before.total,
        after=after.total,
    )


def record(
    *,
    order: Order,
    before: Version,
    after: Version,
    details: tuple[str, ...],
    confirmed_at: datetime | None,
    at: datetime,
    by: User | None,
) -> None:
    """Keep what a change was; `confirmed_at` says whether the version before was confirmed to the customer."""
    audit.record(
        action=AMENDED,
        target=order,
        at=at,
        by=by,
        old={"version": _packed(before), "confirmed": confirmed_at is not None},
        new={"version": _packed(after), "revision": order.revision, "details": list(details)},
    )


def untold(*, order: Order) -> Difference | None:
    """What has changed since the version of which the customer was told last; None when nothing has."""
    entries = AuditEntry.objects.filter(action=AMENDED, target_type=Order._meta.label_lower, target_id=order.pk)
    since = []
    for entry in entries.order_by("-pk"):
        since.append(entry)
        if entry.old["confirmed"]:
            break
    if not since:
        return None
    details = dict.fromkeys(detail for entry in reversed(since) for detail in entry.new["details"])
    before, after = _unpacked(since[-1].old["version"]), _unpacked(since[0].new["version"])
    return difference(before=before, after=after, details=tuple(details))


def _packed(version: Version) -> dict[str, Any]:
    return {
        "articles": [[pk, version.titles[pk], pieces] for pk, pieces in version.pieces.items()],
        "when": version.when,
        "where": version.where,
        "payment": version.payment,
        "total": str(version.total),
    }


def _unpacked(packed: Mapping[str, Any]) -> Version:
    return Version(
        pieces={pk: pieces for pk, _title, pieces in packed["articles"]},
        titles={pk: title for pk, title, _pieces in packed["articles"]},
        when=packed["when"],
        where=packed["where"],
        payment=packed["payment"],
        total=Decimal(packed["total"]),
    )
