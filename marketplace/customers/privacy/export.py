"""Hands out everything that is kept of a person as plain values (article 15 and 20 GDPR): one query a table."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db.models import Q, QuerySet

from marketplace.customers.privacy.elsewhere import FOREIGN, GROUPED
from marketplace.customers.privacy.holding import Holding
from marketplace.customers.privacy.holdings import MINE

ALL = (*MINE, *GROUPED, *FOREIGN)


def everything(*, user: Any, at: datetime) -> dict[str, Any]:
    """Every table with its rows of the person, for `json.dumps` with Django's encoder; empty tables are left out."""
    proven = addresses(user=user)
    tables = [
        {"table": holding.model, "title": str(holding.title), "rows": rows}
        for holding in ALL
        if (rows := list(_handed_out(holding, user, proven)))
    ]
    return {"exported_at": at, "person": user.email, "tables": tables}


def rows_of(*, holding: Holding, user: Any, proven: list[str]) -> QuerySet[Any]:
    """The person's rows in a table; those of somebody without an account when the address is proven to be the person's."""
    model = apps.get_model(holding.model)
    mine = Q(pk__in=[])
    for lookup in holding.mine:
        mine |= Q(**{lookup: user.pk})
    if proven:
        for lookup in holding.by_email:
            without = Q(user__isnull=True) if any(field.name == "user" for field in model._meta.fields) else Q()
            mine |= Q(**{f"{lookup}__in": proven}) & without
    found: QuerySet[Any] = model._default_manager.filter(mine)
    return found


def addresses(*, user: Any) -> list[str]:
    """The e-mail addresses that the person has proven, as they are written and in lower case."""
    known = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    return sorted({spelt for email in known for spelt in (email, email.lower())})


def _handed_out(holding: Holding, user: Any, proven: list[str]) -> Iterator[dict[str, Any]]:
    model = apps.get_model(holding.model)
    names = [field.attname for field in model._meta.concrete_fields if field.name not in holding.hidden]
    rows = rows_of(holding=holding, user=user, proven=proven).order_by("pk").distinct()
    for row in rows.values(*names, *holding.also):
        yield {name: _plain(value) for name, value in row.items() if value not in (None, "")}


def _plain(value: Any) -> Any:
    """Files and bytes are named, not copied; JSON's encoder knows the rest."""
    return f"{len(value)} bytes" if isinstance(value, bytes | memoryview) else value
