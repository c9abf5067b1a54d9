"""Everything the demo needs before its first page: tables, a played market, static files. One process, so Django starts once."""

import hashlib
import io
import os
import signal
import sys
from pathlib import Path

from embedded.places import CHECKOUT, write_private


def main(logins: Path) -> None:
    """Bring database and static files up to date and write the demo's logins to the file `logins`."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C: just end, the demo says the rest
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
    import django

    from tools.messages import compile_all

    compile_all()
    django.setup()
    from django.core.management import call_command

    if _unapplied_migrations():
        call_command("migrate", interactive=False, verbosity=1)
    call_command("play_demo")
    _collect_static()
    answer = io.StringIO()
    call_command("demo_logins", stdout=answer)
    write_private(logins, answer.getvalue())


def _unapplied_migrations() -> bool:
    """Is there anything to migrate? (Asking is much cheaper than a `migrate` that finds nothing to do.)"""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _collect_static() -> None:
    """Collect and compress the static files unless the same files were collected last time."""
    from django.conf import settings
    from django.core.management import call_command

    target = Path(settings.STATIC_ROOT)
    stamp = target.with_name(f"{target.name}.stamp")
    fingerprint = _static_fingerprint()
    if target.exists() and stamp.exists() and stamp.read_text() == fingerprint:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(fingerprint)


def _static_fingerprint() -> str:
    """Changes whenever a static file, or an installed package that may bring some, does."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256((CHECKOUT / "requirements" / "app.txt").read_bytes())
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
