"""`python -m tests.plugins.migrated`: makes the database that the suite's own ones are copies of, so that migrations run once.

Its name tells from which migrations and packages it was made. Whoever comes while another process makes it waits; `make test`
makes it beside the static checks, and a worker that finds none makes it itself.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
OURS = ("marketplace", "logistics", "billing", "cms")
PREFIX, DRAFT = "migrated_", "draft_migrated"
#: of which the older ones are kept for other checkouts with the same servers
KEPT = 2
#: one at a time; any number that nobody else uses
LOCK = 7355609


def name() -> str:
    """The template for the migrations and packages of this checkout."""
    digest = hashlib.sha256((ROOT / "requirements" / "dev.txt").read_bytes())
    for path in sorted(path for folder in OURS for path in (ROOT / folder).glob("**/migrations/*.py")):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return f"{PREFIX}{digest.hexdigest()[:16]}"


def ensure() -> str:
    """The name of the template, which is there afterwards."""
    wanted = name()
    with psycopg.connect(_address("postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        rows = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid DESC", [f"{PREFIX}%"])
        known = [row[0] for row in rows]
        if wanted not in known:
            for outlived in (DRAFT, *known[KEPT:]):
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(outlived)))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DRAFT)))
            _migrate(DRAFT)
            connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(DRAFT), sql.Identifier(wanted)))
    return wanted


def _migrate(database: str) -> None:
    """In a process of its own, because Django has its settings already or is not set up yet."""
    command = [sys.executable, "-W", "ignore", "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, check=True, env={**os.environ, "DATABASE_URL": _address(database)})


def _address(database: str) -> str:
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}"))


if __name__ == "__main__":
    from tests.plugins import services  # noqa: F401 - starts the servers and says where they are

    ensure()
