"""`python -m embedded.backup make|restore FOLDER`: one folder with the whole market in it, and back again.

A backup holds the database (PostgreSQL's custom format), the media files and their checksums. It speaks to `DATABASE_URL`, or to
the demo's own database when that is not set. Restoring happens in one transaction: it works or changes nothing.
"""

import argparse
import hashlib
import importlib.metadata
import os
import subprocess
import sys
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg

from embedded import postgres, services
from embedded.places import CHECKOUT, prepare_folder, server_folder, state_root

DUMP, MEDIA, SUMS = "database.dump", "media.tar", "SHA256SUMS"


class BackupFailed(RuntimeError):
    """No backup, or no restore, was made; the message says why."""


def make(*, database_url: str, media: Path, target: Path, programs: Path | None = None) -> Path:
    """Write a backup to the new folder `target`. The database comes first, so every picture it names is in the media after it."""
    if target.exists():
        raise BackupFailed(f"{target} exists already.")
    draft = target.with_name(f"{target.name}.unfinished")
    draft.mkdir(parents=True, mode=0o700)
    command = [_program("pg_dump", programs), "--format=custom", "--no-owner", "--no-privileges", f"--file={draft / DUMP}"]
    _run(command, database_url=database_url)
    with tarfile.open(draft / MEDIA, "w") as archive:
        if media.exists():
            archive.add(media, arcname="media")
    (draft / SUMS).write_text("".join(f"{_sum(draft / name)}  {name}\n" for name in (DUMP, MEDIA)))
    draft.replace(target)
    return target


def restore(*, database_url: str, media: Path, source: Path, replace: bool, programs: Path | None = None) -> None:
    """Put a backup into the database and the media folder. A database with tables in it is refused unless `replace`."""
    _check_sums(source)
    if not replace and _has_tables(database_url):
        raise BackupFailed("The database is not empty. Say --replace (make restore REPLACE=yes) to give up what is in it.")
    script = source / f".restore-{os.getpid()}.sql"
    try:
        unpack = [_program("pg_restore", programs), "--no-owner", "--no-privileges", f"--file={script}", str(source / DUMP)]
        _run(unpack, database_url=None)
        load = [_program("psql", programs), "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
        load += ["--command=DROP SCHEMA public CASCADE", "--command=CREATE SCHEMA public", f"--file={script}"]
        _run(load, database_url=database_url)
    finally:
        script.unlink(missing_ok=True)
    media.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(source / MEDIA) as archive:
        for member in archive.getmembers():
            member.name = str(Path(member.name).relative_to("media"))
            archive.extract(member, media, filter="data")


def main() -> int:
    """Run one command; 0 when it did."""
    parser = argparse.ArgumentParser(prog="python -m embedded.backup", description=__doc__)
    parser.add_argument("command", choices=["make", "restore"])
    parser.add_argument("folder", type=Path, nargs="?", help="default for make: backups/ and the time")
    parser.add_argument("--replace", action="store_true", help="restore: give up what the database holds")
    asked = parser.parse_args()
    media = Path(os.environ.get("MEDIA_ROOT", state_root() / "media"))
    try:
        url, programs = _database()
        if asked.command == "make":
            folder = asked.folder or CHECKOUT / "backups" / datetime.now(tz=UTC).strftime("%Y-%m-%dT%H%M%SZ")
            print(f"Backed up to {make(database_url=url, media=media, target=folder, programs=programs)}")
        elif asked.folder is None:
            raise BackupFailed("Which backup? make restore FROM=backups/…")
        else:
            restore(database_url=url, media=media, source=asked.folder, replace=asked.replace, programs=programs)
            print("Restored. Empty the cache and start the web servers and workers again.")
    except (BackupFailed, services.StartFailed, psycopg.Error, OSError) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _database() -> tuple[str, Path | None]:
    """The database to speak to, and where PostgreSQL's programs are (None: on PATH)."""
    named = os.environ.get("DATABASE_URL")
    try:
        state = services.default_state(durable=True)
        programs = postgres.program("pg_dump", folder=prepare_folder(server_folder(state=state))).parent
    except importlib.metadata.PackageNotFoundError:
        programs = None
    if named:
        return named, programs
    return services.ensure(durable=True).database_url, programs


def _program(name: str, programs: Path | None) -> str:
    return name if programs is None else str(programs / name)


def _run(command: list[str], *, database_url: str | None) -> None:
    """Run one of PostgreSQL's programs; the password goes through the environment, where `ps` does not show it."""
    done = subprocess.run(command, env=os.environ | _address(database_url), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BackupFailed(f"{Path(command[0]).name} failed:\n{done.stderr.strip()}")


def _address(database_url: str | None) -> dict[str, str]:
    if database_url is None:
        return {}
    parts = urlsplit(database_url)
    found = {
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
    }
    return {name: value for name, value in found.items() if value}


def _has_tables(database_url: str) -> bool:
    with psycopg.connect(database_url) as connection:
        return connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public' LIMIT 1").fetchone() is not None


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_sums(source: Path) -> None:
    """Refuse a backup that is not the one that was written."""
    if not (source / SUMS).exists():
        raise BackupFailed(f"{source} is no finished backup.")
    for line in (source / SUMS).read_text().splitlines():
        expected, name = line.split("  ", 1)
        if not (source / name).exists() or _sum(source / name) != expected:
            raise BackupFailed(f"{name} in {source} is damaged.")


if __name__ == "__main__":
    sys.exit(main())
