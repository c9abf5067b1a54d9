"""Works the addresses of static files out once: a page names twenty of them, and they stay while a process runs."""

from typing import Any

from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class _Remembered:
    """Keeps what the storage below answers; with options (while files are collected) it is asked anew."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._addresses: dict[str | None, str] = {}

    def url(self, name: str | None, *args: Any, **options: Any) -> str:
        """The address of a file."""
        if args or options:
            return self._asked(name, *args, **options)
        if name not in self._addresses:
            self._addresses[name] = self._asked(name)
        return self._addresses[name]

    def _asked(self, name: str | None, *args: Any, **options: Any) -> str:
        address: str = super().url(name, *args, **options)  # type: ignore[misc]  # the storage that stands beside
        return address


class PlainFiles(_Remembered, StaticFilesStorage):
    """Files under their own names, for development and tests."""


class HashedFiles(_Remembered, CompressedManifestStaticFilesStorage):
    """Files under names that hold a hash of what is in them, packed, for the demo and production."""
