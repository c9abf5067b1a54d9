"""Decides what a device that reports late may send, and what it is told: reports made without network, each answered by itself.

The device (`js/work/queue.js`) first asks who is logged in, then sends what this person reported: `{"events": [{"uuid", "at",
"fields"}]}`, `fields` as a form would send them. It keeps a report until it hears "taken", "known" or, to be read, "refused".
"""

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.dateparse import parse_datetime

logger = logging.getLogger(__name__)
MOST = 200


class Unreadable(ValueError):
    """What came is not from our page."""


class Outcome(StrEnum):
    """What became of a report."""

    TAKEN = "taken"
    KNOWN = "known"
    REFUSED = "refused"
    #: our fault: the device keeps it and sends it again
    LATER = "later"


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """One report as the device tells it; `reported_at` is by the device's clock and aware."""

    uuid: UUID
    reported_at: datetime
    fields: QueryDict


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one report; `sentence` says why not, to whoever reported it."""

    outcome: Outcome
    sentence: str = ""


def read(*, body: bytes) -> list[Told]:
    """The reports of one sending, in the device's order. Raises `Unreadable`."""
    try:
        events = json.loads(body)["events"]
        return [_told(event) for event in events[:MOST]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unreadable(str(error)) from error


def greeting(*, who: object, token: str) -> dict[str, str]:
    """What the device asks for first: whose reports may be sent now, and the token that goes with them."""
    return {"who": str(who), "token": token}


def answers(*, told: Iterable[Told], take: Callable[[Told], Answer]) -> dict[str, Any]:
    """What the device is told: `take` each report; one that fails by our fault is asked for again and holds up no other."""
    return {"answers": [_answer(one, take) for one in told]}


def _answer(one: Told, take: Callable[[Told], Answer]) -> dict[str, str]:
    try:
        answer = take(one)
    except Exception:
        logger.exception("The report %s of a device could not be taken in; the device sends it again.", one.uuid)
        answer = Answer(Outcome.LATER)
    return {"uuid": str(one.uuid), "outcome": answer.outcome, "sentence": answer.sentence}


def _told(event: dict[str, Any]) -> Told:
    at = parse_datetime(event["at"])
    if at is None:
        raise Unreadable(event["at"])
    return Told(
        uuid=UUID(event["uuid"]),
        reported_at=at if at.tzinfo else at.replace(tzinfo=UTC),
        fields=QueryDict(str(event["fields"]).replace("%00", "")),
    )
