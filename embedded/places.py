"""Where the embedded servers keep their files, and as whom they run."""

import contextlib
import hashlib
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
SPARE_ROOM = Path("/var/tmp")  # noqa: S108  (survives a reboot; what we put there is checked for its owner)


@dataclass(frozen=True)
class Account:
    """The unprivileged account that servers run as; `None` ids mean "as whoever we are"."""

    uid: int | None
    gid: int | None


def account() -> Account:
    """PostgreSQL refuses to run as root: root lends it `nobody`; everybody else runs it as themselves."""
    if os.geteuid() != 0:
        return Account(uid=None, gid=None)
    nobody = pwd.getpwnam("nobody")
    return Account(uid=nobody.pw_uid, gid=nobody.pw_gid)


def state_root(*, checkout: Path = CHECKOUT) -> Path:
    """The folder of everything this checkout makes while it runs: `MARKTRUNDE_STATE`, else `.state` in the checkout."""
    named = os.environ.get("MARKTRUNDE_STATE")
    return Path(named).resolve() if named else checkout / ".state"


def server_folder(*, state: Path) -> Path:
    """The folder for the servers of `state`: inside it, or in spare room when `nobody` could not get there (as below /root)."""
    state = state.resolve()
    if account().uid is None or _open_to_all(state):
        return state
    key = hashlib.sha256(str(state).encode()).hexdigest()[:16]
    return SPARE_ROOM / f"marktrunde-{key}"


def prepare_folder(folder: Path, *, owner: Account | None = None) -> Path:
    """Make `folder` (private, or passable for the servers' account) and refuse one that somebody else planted."""
    passable = account().uid is not None and owner is None
    expected_owner = os.geteuid() if owner is None or owner.uid is None else owner.uid
    for part in reversed([folder, *folder.parents]):
        if not part.exists():
            with contextlib.suppress(FileExistsError):  # somebody else of ours was quicker
                part.mkdir()
                part.chmod(0o711 if passable else 0o700)  # whatever the umask says
                if owner is not None and owner.uid is not None and owner.gid is not None:
                    os.chown(part, owner.uid, owner.gid)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != expected_owner:
        raise PermissionError(f"{folder} belongs to somebody else. Remove it or set MARKTRUNDE_STATE to another folder.")
    return folder


def write_private(path: Path, text: str, *, owner: Account | None = None) -> None:
    """Write a file that only its owner can read, in one step, so that no reader ever sees half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    if owner is not None and owner.uid is not None and owner.gid is not None:
        os.chown(draft, owner.uid, owner.gid)
    draft.replace(path)


def _open_to_all(folder: Path) -> bool:
    """May any account walk down to `folder`, as far as it exists already?"""
    existing = [part for part in (folder, *folder.parents) if part.exists()]
    return all(part.stat().st_mode & stat.S_IXOTH for part in existing)
