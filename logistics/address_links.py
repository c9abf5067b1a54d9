"""Decides what the links in mails to addresses without an account may do: confirm one wish, or take one back; nothing else."""

from datetime import timedelta
from enum import StrEnum

from django.core import signing

#: how long an address may be confirmed; afterwards it is forgotten
GOOD_FOR = timedelta(days=3)


class Purpose(StrEnum):
    """What a link is for; the value is its salt."""

    WAIT = "logistics.wait.confirm"
    AREA = "logistics.area.confirm"
    AREA_STOP = "logistics.area.stop"


class BadLink(Exception):
    """The link was never given out by us for this purpose."""


class LinkExpired(Exception):
    """The link was good once."""


def sign(*, purpose: Purpose, pk: int) -> str:
    """What a link holds: the row, and when the link was made."""
    return signing.TimestampSigner(salt=purpose).sign_object([pk])


def read(*, token: str, purpose: Purpose) -> int:
    """The row that a link is for. Raises `BadLink` or `LinkExpired`; a link that takes something back does not expire."""
    lifetime = None if purpose == Purpose.AREA_STOP else GOOD_FOR
    try:
        (pk,) = signing.TimestampSigner(salt=purpose).unsign_object(token, max_age=lifetime)
    except signing.SignatureExpired as error:
        raise LinkExpired from error
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadLink from error
    return int(pk)
