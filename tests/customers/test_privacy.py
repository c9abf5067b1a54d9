"""What is kept of a person: no table is forgotten, everything is handed out."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import EmailField, Field, GenericIPAddressField, Model

from marketplace.customers.privacy import elsewhere, export
from marketplace.customers.privacy.holding import Fate
from marketplace.users.models import User

#: names of columns in which people are found
PERSONAL = {"first_name", "last_name", "phone", "recipient", "street", "iban", "guest_email", "phone_number"}
KNOWN = {holding.model: holding for holding in export.ALL}


#: what points at one of these belongs to the person, too
THROUGH = {holding.model for holding in export.ALL if not holding.ends} | {User._meta.label}


def _personal(model: type[Model]) -> bool:
    """Whether a table relates to a person: by a foreign key, over a table that does, or by what its columns are called."""
    return any(_names_somebody(field) or _target(field) in THROUGH for field in _fields(model))


def _fields(model: type[Model]) -> Iterator[Field[Any, Any]]:
    yield from (*model._meta.concrete_fields, *model._meta.many_to_many)


def _names_somebody(field: Field[Any, Any]) -> bool:
    return field.name in PERSONAL or isinstance(field, EmailField | GenericIPAddressField)


def _target(field: Field[Any, Any]) -> str:
    return field.related_model._meta.label if isinstance(field.related_model, type) else ""


def _at_work_alone(model: type[Model]) -> bool:
    """Only who did something at work is named, and every such field is known."""
    fields = [field for field in _fields(model) if _names_somebody(field) or _target(field) in THROUGH]
    return all(_is_at_work(model, field) for field in fields)


def _is_at_work(model: type[Model], field: Field[Any, Any]) -> bool:
    return any((parent._meta.label, field.name) in elsewhere.AT_WORK for parent in model.__mro__ if hasattr(parent, "_meta"))


def test_no_table_with_a_person_is_forgotten() -> None:
    """Whoever adds one says in `marketplace.customers.privacy` what erasing does to it, or that it holds nothing."""
    forgotten = [
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if _personal(model) and model._meta.label not in KNOWN and model._meta.label not in elsewhere.NOTHING
        if not _at_work_alone(model)
    ]
    assert forgotten == []


def test_every_field_that_points_at_a_person_is_accounted_for() -> None:
    loose = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in _fields(model)
        if _target(field) == User._meta.label and not _is_at_work(model, field)
        if field.name not in getattr(KNOWN.get(model._meta.label), "mine", ())
    ]
    assert loose == []


def test_the_list_names_only_what_there_is() -> None:
    for holding in export.ALL:
        model = apps.get_model(holding.model)
        names = {field.name for field in model._meta.concrete_fields}
        assert {*holding.hidden, *holding.masked} <= names, holding.model
        assert model._default_manager.values(*holding.mine, *holding.by_email, *holding.also).query
        assert bool(holding.because) == (holding.fate != Fate.DELETED), holding.model
    for label, name in elsewhere.AT_WORK:
        assert apps.get_model(label)._meta.get_field(name)
    assert all(apps.get_model(label) for label in elsewhere.NOTHING)
    assert len(KNOWN) == len(export.ALL)
