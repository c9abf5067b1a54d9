"""Empties the tables after a test with transactions of its own, those alone that hold something: most of three hundred do not.

Django truncates all of them and then makes content types and permissions anew, which takes longer than most of these tests.
Those two stay here as migrating made them. Whoever may not switch triggers off (no superuser) gets Django's way.
"""

from typing import Any

from django.db import connection
from django.test import TransactionTestCase

#: made by migrating, told by no test
KEPT = frozenset({"django_content_type", "auth_permission", "django_migrations"})
_truncated = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # Django's own, untyped


def patch() -> None:
    """From now on."""
    TransactionTestCase._fixture_teardown = _emptied  # type: ignore[attr-defined]  # likewise


def _emptied(case: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            _truncated(case)
            return
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall() if name not in KEPT]
        cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in tables))
        full = [name for (name,) in cursor.fetchall()]
        cursor.execute("SET session_replication_role = replica")
        try:
            for name in full:
                cursor.execute(f"DELETE FROM {name}")
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")
