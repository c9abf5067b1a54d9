"""What a piece of work costs: queries, and CPU of this process and its PostgreSQL backend together.

CPU is the same however busy the machine is; wall time is not, so nobody looks at it here.
"""

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

#: from the twelfth time on the database keeps the plan: five until a statement is prepared, five until its plan stays
WARM, RUNS, TIMES = 12, 30, 3
#: queries, CPU seconds of the quickest of several
Cost = tuple[int, float]


def pages_of(client: Any, addresses: Mapping[str, str], *, first: Callable[[], object] | None = None) -> dict[str, Cost]:
    """The cost of each page by name; `first` is done before each request, and counted with it."""
    return {name: cost_of(partial(_get, client, address, first)) for name, address in addresses.items()}


def cost_of(work: Callable[..., object], *, runs: int = RUNS, begin: Callable[[], Any] | None = None) -> Cost:
    """Queries of one run, CPU seconds of the quickest of several; what `begin` makes for each run is not counted."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(WARM):
        work(*_begun(begin))
    given = _begun(begin)
    with CaptureQueriesContext(connection) as asked:
        work(*given)
    queries = len(asked)
    spent = []
    for _ in range(TIMES):
        ready = [_begun(begin) for _ in range(runs)]
        start = _cpu()
        for given in ready:
            work(*given)
        spent.append((_cpu() - start) / runs)
    return queries, min(spent)


def _begun(begin: Callable[[], Any] | None) -> tuple[Any, ...]:
    return (begin(),) if begin else ()


def _get(client: Any, address: str, first: Callable[[], object] | None = None) -> None:
    if first is not None:
        first()
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)


def _cpu() -> float:
    """Seconds of CPU that this process and its database backend have used."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    try:
        with open(f"/proc/{pid}/schedstat") as file:
            backend = int(file.read().split()[0]) / 1e9
    except OSError:  # another system, or a database elsewhere: then only this process counts
        backend = 0.0
    return time.process_time() + backend
