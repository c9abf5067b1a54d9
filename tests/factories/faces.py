"""The font cuts for printing in tests: made once, where the running shop keeps them too."""

import functools
from pathlib import Path

from django.conf import settings

from marketplace.core import fonts


@functools.cache
def folder() -> Path:
    """Where the cuts are."""
    return fonts.prepare(Path(settings.TYPESETTING_FONTS))
