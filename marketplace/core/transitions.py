"""Decides whether a row may go from one status to another, and locks it while it does."""

from collections.abc import Mapping
from typing import TypeVar

from django.db import models
from django.utils.translation import gettext as _

Row = TypeVar("Row", bound=models.Model)
Transitions = Mapping[str, frozenset[str]]


class ForbiddenTransition(Exception):
    """The row is not in a status from which this step is possible; the message is fit for the person who tried."""


def lock_for(*, row: Row, to: str) -> Row:
    """Reload `row` under a row lock and return it, if its `TRANSITIONS` map allows the status `to`.

    Must run inside a transaction. The caller changes the returned row, not the one passed in.
    Raises `ForbiddenTransition` when the present status does not lead to `to`.
    """
    model = type(row)
    locked = model._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    transitions: Transitions = model.TRANSITIONS  # type: ignore[attr-defined]  # each model with a status declares it
    present = locked.status  # type: ignore[attr-defined]  # likewise
    if to not in transitions.get(present, frozenset()):
        raise ForbiddenTransition(
            _("This step is not possible: the status is already “%(status)s”.") % {"status": locked.get_status_display()}  # type: ignore[attr-defined]  # Django adds it
        )
    return locked
