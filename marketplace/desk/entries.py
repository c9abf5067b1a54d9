"""Remembers what was agreed in a call until the order is placed: the delivery day, the window, how it is paid, a gift."""

from typing import Any

from django.http import HttpRequest

from marketplace.desk.models import Caller

KEY = "desk"
#: calls that are remembered at once
KEPT = 10


def told(request: HttpRequest, *, caller: Caller) -> dict[str, Any]:
    """What was said so far: round, window, payment, note, gift."""
    return dict(request.session.get(KEY, {}).get(str(caller.pk), {}))


def tell(request: HttpRequest, *, caller: Caller, **given: Any) -> None:
    """Remember more of it."""
    calls = dict(request.session.get(KEY, {}))
    mine = {**calls.pop(str(caller.pk), {}), **given}
    request.session[KEY] = dict([*calls.items(), (str(caller.pk), mine)][-KEPT:])


def forget(request: HttpRequest, *, caller: Caller) -> None:
    """The order is placed; the delivery day of the next call is the usual one again."""
    calls = dict(request.session.get(KEY, {}))
    calls.pop(str(caller.pk), None)
    request.session[KEY] = calls
