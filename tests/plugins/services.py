"""Starts the suite's own PostgreSQL and Valkey before Django reads its settings (pytest loads this with `-p`)."""

import os

if not os.environ.get("DATABASE_URL") or not os.environ.get("REDIS_URL"):
    from embedded import services
    from embedded.places import state_root

    _services = services.ensure(state=state_root() / "tests", durable=False)
    os.environ.setdefault("DATABASE_URL", _services.database_url)
    os.environ.setdefault("REDIS_URL", _services.redis_url)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's own loop runs beside the live server
