"""A backup brings back the database and the media, or changes nothing."""

from pathlib import Path

import psycopg
import pytest

from embedded import backup, postgres, services
from embedded.places import server_folder

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def programs(running_state: Path) -> Path:
    return postgres.program("pg_dump", folder=server_folder(state=running_state)).parent


@pytest.fixture
def url(running_state: Path) -> str:
    """The database, with one table and nothing else."""
    found = services.ensure(state=running_state, durable=False).database_url
    with psycopg.connect(found, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE EXTENSION pg_trgm")
        connection.execute("CREATE TABLE orders (number int PRIMARY KEY); INSERT INTO orders VALUES (1), (2)")
    return found


@pytest.fixture
def media(tmp_path: Path) -> Path:
    folder = tmp_path / "media"
    (folder / "pictures").mkdir(parents=True)
    (folder / "pictures" / "apfel.webp").write_bytes(b"apple")
    return folder


def _orders(url: str) -> list[int]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT number FROM orders ORDER BY number")]


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def test_restore_brings_back_rows_and_pictures(url: str, media: Path, tmp_path: Path, programs: Path) -> None:
    made = backup.make(database_url=url, media=media, target=tmp_path / "saved", programs=programs)
    _execute(url, "DELETE FROM orders; CREATE TABLE later (number int)")
    backup.restore(database_url=url, media=tmp_path / "back", source=made, replace=True, programs=programs)
    assert _orders(url) == [1, 2]
    assert (tmp_path / "back" / "pictures" / "apfel.webp").read_bytes() == b"apple"
    with pytest.raises(psycopg.errors.UndefinedTable):
        _execute(url, "SELECT * FROM later")


def test_restored_database_can_be_saved_and_restored_again(url: str, media: Path, tmp_path: Path, programs: Path) -> None:
    for name in ("one", "two"):
        made = backup.make(database_url=url, media=media, target=tmp_path / name, programs=programs)
        backup.restore(database_url=url, media=media, source=made, replace=True, programs=programs)
    assert _orders(url) == [1, 2]


def test_restore_refuses_a_full_database(url: str, media: Path, tmp_path: Path, programs: Path) -> None:
    made = backup.make(database_url=url, media=media, target=tmp_path / "saved", programs=programs)
    _execute(url, "INSERT INTO orders VALUES (3)")
    with pytest.raises(backup.BackupFailed, match="not empty"):
        backup.restore(database_url=url, media=media, source=made, replace=False, programs=programs)
    assert _orders(url) == [1, 2, 3]


def test_restore_refuses_a_damaged_backup(url: str, media: Path, tmp_path: Path, programs: Path) -> None:
    made = backup.make(database_url=url, media=media, target=tmp_path / "saved", programs=programs)
    with (made / backup.DUMP).open("ab") as file:
        file.write(b"x")
    with pytest.raises(backup.BackupFailed, match="damaged"):
        backup.restore(database_url=url, media=media, source=made, replace=True, programs=programs)


def test_failed_restore_changes_nothing(url: str, media: Path, tmp_path: Path, programs: Path) -> None:
    _execute(url, "CREATE VIEW numbers AS SELECT number FROM orders")
    made = backup.make(database_url=url, media=media, target=tmp_path / "saved", programs=programs)
    (made / backup.DUMP).write_bytes((made / backup.DUMP).read_bytes()[:-400])
    sums = "".join(f"{backup._sum(made / name)}  {name}\n" for name in (backup.DUMP, backup.MEDIA))
    (made / backup.SUMS).write_text(sums)
    with pytest.raises(backup.BackupFailed):
        backup.restore(database_url=url, media=media, source=made, replace=True, programs=programs)
    assert _orders(url) == [1, 2]


def test_unfinished_backup_is_none(url: str, media: Path, tmp_path: Path, programs: Path) -> None:
    (tmp_path / "saved").mkdir()
    with pytest.raises(backup.BackupFailed, match="no finished backup"):
        backup.restore(database_url=url, media=media, source=tmp_path / "saved", replace=True, programs=programs)
    with pytest.raises(backup.BackupFailed, match="exists already"):
        backup.make(database_url=url, media=media, target=tmp_path / "saved", programs=programs)
