"""Decides how values reach PostgreSQL: beside the statement, so that its plan can be kept, unless there are too many of them."""

from typing import Any, Final

from django.db.backends.postgresql.base import ServerBindingCursor
from psycopg import ClientCursor

#: the protocol counts the values of a statement in two bytes
MOST: Final = 65_535
#: so many statements stay prepared in a connection; a checkout and the pages before it ask more than psycopg's hundred
KEPT: Final = 300


def keep_more(*, connection: Any, **_told: object) -> None:
    """Receives Django's word of a new connection."""
    connection.connection.prepared_max = KEPT


class PlannedCursor(ServerBindingCursor):
    """Django's cursor that binds on the server; a list longer than the protocol allows is written into the statement instead."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """Ask."""
        if params is not None and len(params) > MOST:
            there: Any = self.connection  # type: ignore[attr-defined]  # Django's stubs know neither psycopg's cursor below it
            query, params = ClientCursor(there).mogrify(query, params), None
        return super().execute(query, params, **options)  # type: ignore[misc]  # nor what that one does
