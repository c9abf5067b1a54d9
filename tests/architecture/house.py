"""The house as its own tests read it: which files there are, parsed once."""

import ast
import functools
import subprocess
from collections.abc import Iterator
from pathlib import Path

from embedded.places import CHECKOUT

#: the packages in which rules live
RULED = ("marketplace", "logistics", "billing", "cms")
#: everything that is Python of ours
OURS = (*RULED, "embedded", "tools", "benchmarks", "tests", "requirements")
#: copies of Oscar's migrations and Django's own are nobody's prose
GENERATED = "migrations"
SHELL = {"views", "forms", "tasks", "receivers", "admin", "urls", "wagtail_hooks"}


@functools.cache
def tracked() -> tuple[Path, ...]:
    """Every file that git keeps or would keep; without git (an unpacked archive) everything outside of hidden folders."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=CHECKOUT, capture_output=True, check=False
    )
    if listed.returncode == 0:
        names = {Path(name) for name in listed.stdout.decode().split("\0") if name}
    else:
        names = {path.relative_to(CHECKOUT) for path in CHECKOUT.rglob("*") if not _hidden(path.relative_to(CHECKOUT))}
    return tuple(sorted(name for name in names if (CHECKOUT / name).is_file()))


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts[:-1])


def modules(*, of: tuple[str, ...] = RULED) -> Iterator[Path]:
    """Python files of these top folders, migrations left out."""
    for path in tracked():
        if path.suffix == ".py" and path.parts[0] in of and GENERATED not in path.parts:
            yield path


@functools.cache
def text(path: Path) -> str:
    """What a file says."""
    return (CHECKOUT / path).read_text(encoding="utf-8")


@functools.cache
def tree(path: Path) -> ast.Module:
    """A module, parsed."""
    return ast.parse(text(path), filename=str(path))


def is_shell(path: Path) -> bool:
    """Whether a module is a view, form, task, receiver, admin, URLconf or command, alone or as a package."""
    words = {part.removesuffix(".py") for part in path.parts}
    return bool(words & SHELL) or "commands" in words or path.stem.endswith("_urls")


def templates() -> Iterator[Path]:
    """Templates that become pages (mails and papers have rules of their own)."""
    for path in tracked():
        if path.suffix == ".html" and "templates" in path.parts and "mail" not in str(path):
            yield path
