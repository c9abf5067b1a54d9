"""Turns what a phone kept while packing without network into reports, by the same forms that the page has."""

from datetime import datetime

from django import forms

from logistics.models import PackingEvent
from logistics.pack_reports import Report
from marketplace.core.device_queue import Told
from marketplace.dashboard.forms.packing import CratesForm, LineForm
from marketplace.users.models import User

Kind = PackingEvent.Kind


def report(*, told: Told, received_at: datetime, by: User) -> Report:
    """What was reported; `problem` is set when it cannot be read, so that it is kept all the same."""
    line = told.fields.get("line", "")
    line_id = int(line) if line.isdecimal() and len(line) < 12 else None
    form: LineForm | CratesForm = LineForm(told.fields) if line_id is not None else CratesForm(told.fields)
    return Report(
        uuid=told.uuid,
        kind=Kind.RECORD if line_id is not None else Kind.FINISH,
        line_id=line_id,
        reported_at=told.reported_at,
        received_at=received_at,
        by=by,
        data=_data(form, told) if form.is_valid() else dict(told.fields.items()),
        problem=_problem(form),
    )


def _data(form: forms.Form, told: Told) -> dict[str, object]:
    found = form.cleaned_data
    if isinstance(form, CratesForm):
        return dict(found)
    batch = found["batch"] if "batch" in told.fields else None
    return {"quantity": found["quantity"], "weight_g": found["weight"], "agreed": found["agreed"], "batch": batch}


def _problem(form: forms.Form) -> str:
    return next((str(text) for texts in form.errors.values() for text in texts), "")
