"""What is said to whom: plain values between those who find what is due and the mail."""

from collections.abc import Collection
from dataclasses import dataclass

from marketplace.notices.models import Kind, Told
from marketplace.users.models import User


@dataclass(frozen=True)
class Reader:
    """A person with an account, or the owner of an address."""

    user_id: int | None
    email: str
    name: str = ""


@dataclass(frozen=True)
class Item:
    """One notice. `path` is the page it leads to; `key` makes sure that it is sent once; of an article's notice it is the row."""

    kind: Kind
    key: str
    title: str
    text: str
    path: str
    link: str


def reader_of(user: User) -> Reader:
    """A person with an account."""
    return Reader(user_id=user.pk, email=user.email, name=user.first_name)


def told_of(*, kind: Kind, keys: Collection[str]) -> frozenset[str]:
    """Those of the keys that have been told; one query, none without keys."""
    known = Told.objects.filter(kind=kind, key__in=keys).values_list("key", flat=True) if keys else ()
    return frozenset(known)
