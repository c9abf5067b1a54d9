"""The suite's ground: real PostgreSQL and Valkey, a told clock, and no N+1 query anywhere."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from zlib import crc32

import pytest

#: no test talks to anybody but this machine
LOOPBACK = ["127.0.0.1", "::1", "localhost"]


def pytest_configure(config: pytest.Config) -> None:
    """pytest-django makes the databases of the tests that ask for one; a live server's tests ask only by their fixture.

    How busy the machine is says nothing about the code, so properties have no deadline and may be slow to draw. An example that
    fails is reported as it was found: making it small runs the test for minutes. Who looks for the fault asks for that with
    `--hypothesis-profile=shrink`.
    """
    from hypothesis import HealthCheck, Phase
    from hypothesis import settings as properties
    from pytest_django import fixtures

    from tests.plugins import emptied

    emptied.patch()
    fixtures._get_databases_for_setup = lambda items: ({"default"}, set())
    usual: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow], "print_blob": True}
    properties.register_profile("suite", phases=(Phase.explicit, Phase.reuse, Phase.generate), **usual)
    properties.register_profile("shrink", **usual)
    properties.load_profile(config.getoption("--hypothesis-profile") or "suite")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever else a test tries to connect to, pytest-socket refuses."""
    for item in items:
        item.add_marker(pytest.mark.allow_hosts(LOOPBACK))


#: twice is a form that saves a row and reads it once more; three times is a loop
SAME_QUERIES = 3
#: rules that change a row lock it themselves, whoever has locked it before them in the same request
LOCKED_ANEW = [{"model": model, "field": "get()"} for model in ("logistics.DeliveryRound", "logistics.Delivery", "order.Order")]
#: allauth asks for the address at each step of a login by code
ASKED_ANEW = [{"model": "account.EmailAddress", "field": "get()"}]


@pytest.fixture(scope="session", autouse=True)
def _no_n_plus_one() -> None:
    """Every request, of the test client and of a browser, fails when it asks row by row for what one query can tell."""
    from django.conf import settings
    from zeal.constants import initialize_app_registry
    from zeal.patch import patch

    initialize_app_registry()
    patch()
    settings.ZEAL_NPLUSONE_THRESHOLD = SAME_QUERIES
    settings.ZEAL_ALLOWLIST = [*LOCKED_ANEW, *ASKED_ANEW]
    settings.MIDDLEWARE = ["tests.plugins.row_by_row.watch", *settings.MIDDLEWARE]


@pytest.fixture(scope="session")
def django_db_modify_db_settings_parallel_suffix(request: pytest.FixtureRequest) -> None:
    """Give each worker, and each developer's own run (TEST_DB), a database of its own."""
    from django.conf import settings

    worker = getattr(request.config, "workerinput", {}).get("workerid", "")
    own = os.environ.get("TEST_DB", "")
    suffix = "_".join(part for part in ("test", "market", own, worker) if part)
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = suffix
    _extensions_in_the_template()
    if not request.config.getoption("nomigrations"):
        from tests.plugins import migrated

        settings.DATABASES["default"]["TEST"]["TEMPLATE"] = migrated.ensure()


def _extensions_in_the_template() -> None:
    """Tables made without migrations still need PostgreSQL's extensions, so every new database is born with them."""
    import psycopg

    url = urlsplit(os.environ["DATABASE_URL"])
    with psycopg.connect(urlunsplit(url._replace(path="/template1")), autocommit=True) as connection:
        # one worker after the other: two that create the same extension at once get in each other's way
        connection.execute("SELECT pg_advisory_lock(7355608)")
        for name in ("pg_trgm", "unaccent", "btree_gist"):
            connection.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_modify_db_settings: None, request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> None:
    """After the tables: what a migration would have put there, so that `--no-migrations` starts from the same ground."""
    from django.db import connection

    assert connection.settings_dict["NAME"].startswith("test_"), "not the suite's own database"
    with django_db_blocker.unblock():
        from tests.factories import ground

        ground.lay()


@pytest.fixture(autouse=True)
def _ground_again(request: pytest.FixtureRequest) -> None:
    """A test with transactions of its own leaves empty tables; the next one of the kind needs the ground again."""
    marker = request.node.get_closest_marker("django_db")
    if "transactional_db" in request.fixturenames or (marker is not None and marker.kwargs.get("transaction")):
        request.getfixturevalue("transactional_db")
        from tests.factories import ground

        ground.lay()


#: as many as Redis and Valkey have without being told; the first belongs to the queue
CACHE_DATABASES = 15


@pytest.fixture(scope="session")
def cache_address(request: pytest.FixtureRequest) -> str:
    """Each worker, and each developer's own run, has a database of Redis to itself: who clears a cache empties the whole one."""
    from django.conf import settings

    worker = getattr(request.config, "workerinput", {}).get("workerid", "gw0")
    number = int(worker.removeprefix("gw")) + crc32(os.environ.get("TEST_DB", "").encode())
    return urlunsplit(urlsplit(settings.REDIS_URL)._replace(path=f"/{number % CACHE_DATABASES + 1}"))


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path, cache_address: str) -> None:
    """Each test writes its files elsewhere, reads mail from memory, and finds an empty cache of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    own = {"LOCATION": cache_address, "KEY_PREFIX": f"test-{os.getpid()}-{tmp_path.name}"}
    settings.CACHES = {"default": {**settings.CACHES["default"], **own}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CELERY_TASK_ALWAYS_EAGER = True
