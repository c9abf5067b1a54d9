"""Where the servers' files go."""

import os
from pathlib import Path

import pytest

from embedded.places import SPARE_ROOM, prepare_folder, server_folder, state_root, write_private


def test_state_root_is_in_the_checkout_unless_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("MARKTRUNDE_STATE", raising=False)
    assert state_root(checkout=tmp_path) == tmp_path / ".state"
    monkeypatch.setenv("MARKTRUNDE_STATE", str(tmp_path / "elsewhere"))
    assert state_root(checkout=tmp_path) == tmp_path / "elsewhere"


def test_server_folder_leaves_what_nobody_cannot_enter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    folder, other = server_folder(state=closed / "one"), server_folder(state=closed / "two")
    assert folder.parent == SPARE_ROOM
    assert folder != other


def test_server_folder_stays_in_place_for_an_ordinary_account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert server_folder(state=closed / "one") == closed / "one"


def test_prepare_folder_refuses_a_planted_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(PermissionError, match="belongs to somebody else"):
        prepare_folder(tmp_path / "link")


def test_write_private_is_for_the_owner_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_private(tmp_path / "secret", "word")
    finally:
        os.umask(before)
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
