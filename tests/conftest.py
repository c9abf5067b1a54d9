"""The suite's ground: real PostgreSQL and Valkey, a told clock, and no N+1 query anywhere."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest


@pytest.fixture(scope="session")
def django_db_modify_db_settings_parallel_suffix(request: pytest.FixtureRequest) -> None:
    """Give each worker, and each developer's own run (TEST_DB), a database of its own."""
    from django.conf import settings

    worker = getattr(request.config, "workerinput", {}).get("workerid", "")
    own = os.environ.get("TEST_DB", "")
    suffix = "_".join(part for part in ("test", "market", own, worker) if part)
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = suffix
    _extensions_in_the_template()


def _extensions_in_the_template() -> None:
    """Tables made without migrations still need PostgreSQL's extensions, so every new database is born with them."""
    import psycopg

    url = urlsplit(os.environ["DATABASE_URL"])
    with psycopg.connect(urlunsplit(url._replace(path="/template1")), autocommit=True) as connection:
        for name in ("pg_trgm", "unaccent", "btree_gist"):
            connection.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> None:
    """After the tables: what a migration would have put there, so that `--no-migrations` starts from the same ground."""
    with django_db_blocker.unblock():
        from tests.factories import ground

        ground.lay()


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Each test writes its files elsewhere, reads mail from memory, and finds an empty cache of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": f"test-{os.getpid()}-{tmp_path.name}"}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CELERY_TASK_ALWAYS_EAGER = True
    yield
