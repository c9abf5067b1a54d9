"""A state folder of its own for each test that starts servers."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from embedded import services
from embedded.places import server_folder


def _fresh() -> Path:
    room = Path(tempfile.mkdtemp(prefix="marktrunde-test-"))
    room.chmod(0o711)  # so that `nobody` gets through when root runs the tests
    return room


def _forget(room: Path) -> None:
    state = room / "state"
    services.stop(state=state)
    shutil.rmtree(server_folder(state=state), ignore_errors=True)
    shutil.rmtree(room)


@pytest.fixture
def state() -> Iterator[Path]:
    """A state folder that does not exist yet; its servers are stopped afterwards."""
    room = _fresh()
    yield room / "state"
    _forget(room)


@pytest.fixture(scope="module")
def running_state() -> Iterator[Path]:
    """A state folder whose servers run already, shared by the tests of a module."""
    room = _fresh()
    services.ensure(state=room / "state", durable=False)
    yield room / "state"
    _forget(room)
