"""Decides what a link in a mail may do without a login: confirm one wish, or stop some kinds of notices; nothing else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.core import signing

from marketplace.notices.articles import DAYS_TO_CONFIRM

CONFIRM, STOP = "notices.confirm", "notices.stop"
CONFIRM_FOR, STOP_FOR = timedelta(days=DAYS_TO_CONFIRM), timedelta(days=400)


class BadLink(Exception):
    """The link was never given out by us."""


class LinkExpired(Exception):
    """The link was good once."""


@dataclass(frozen=True)
class Stop:
    """Whose notices of which kinds in which region are to stop."""

    region_id: int
    user_id: int | None
    email: str
    kinds: tuple[str, ...]


def for_confirming(*, notice_id: int) -> str:
    """What the link holds that confirms a wish."""
    return signing.dumps(notice_id, salt=CONFIRM)


def confirmed(*, signed: str) -> int:
    """The wish that a link confirms. Raises `BadLink` or `LinkExpired`."""
    found = _read(signed, CONFIRM, CONFIRM_FOR)
    if not isinstance(found, int):
        raise BadLink
    return found


def for_stopping(*, region_id: int, user_id: int | None, email: str, kinds: Iterable[str]) -> str:
    """What the link holds that stops some kinds of notices."""
    return signing.dumps([region_id, user_id, email, *kinds], salt=STOP)


def stopped(*, signed: str) -> Stop:
    """What a link stops. Raises `BadLink` or `LinkExpired`."""
    match _read(signed, STOP, STOP_FOR):
        case [int(region_id), int() | None as user_id, str(email), *kinds]:
            return Stop(region_id=region_id, user_id=user_id, email=email, kinds=tuple(str(kind) for kind in kinds))
    raise BadLink


def _read(signed: str, salt: str, lifetime: timedelta) -> object:
    try:
        return signing.loads(signed, salt=salt, max_age=lifetime)
    except signing.SignatureExpired as error:
        raise LinkExpired from error
    except signing.BadSignature as error:
        raise BadLink from error
