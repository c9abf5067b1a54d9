"""Work that dies at any statement and is begun again by another worker, and what the books are in the end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

READS_OR_WRITES = ("SELECT", "INSERT", "UPDATE", "DELETE")


class Killed(BaseException):
    """The process is gone: nothing that catches exceptions gets to see it."""


@contextmanager
def counted(most: int | None = None) -> Iterator[list[str]]:
    """The statements that read or write, as they come; after so many, everything ends."""
    seen: list[str] = []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(READS_OR_WRITES):
            if len(seen) == most:
                raise Killed
            seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield seen


@contextmanager
def forgotten() -> Iterator[None]:
    """What happens in here leaves the tables as they were."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def dying(job: Callable[[], object], *, stride: int) -> int:
    """Do the work again and again; the first worker dies at the first statement, the next later; how many died."""
    deaths = 0
    while True:
        try:
            with counted(1 + deaths * stride):
                job()
        except Killed:
            deaths += 1
        else:
            return deaths


def told() -> dict[str, list[tuple[Any, ...]]]:
    """All that the tables of billing say, but for keys, texts and moments: amounts, days, numbers and states."""
    return {model.__name__: _rows(model) for model in apps.get_app_config("billing").get_models()}


def _rows(model: type[models.Model]) -> list[tuple[Any, ...]]:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    plain = [field.attname for field in fields if _is_plain(field)]
    filled = [field.attname for field in fields if field.null and field.attname not in plain]
    rows = model._default_manager.values_list(*plain, *filled) if plain or filled else model._default_manager.values_list("pk")
    found = [(*row[: len(plain)], *(value is not None for value in row[len(plain) :])) for row in rows]
    return sorted(found, key=repr)


def _is_plain(field: Any) -> bool:
    if field.is_relation or isinstance(field, models.DateTimeField):
        return False
    numbers = (models.DecimalField, models.DateField, models.BooleanField, models.IntegerField)
    return isinstance(field, numbers) or (isinstance(field, models.CharField) and bool(field.choices))
