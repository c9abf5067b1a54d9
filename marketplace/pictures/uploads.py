"""Takes a picture that somebody sends and keeps it, cleaned."""

from datetime import datetime
from typing import IO

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from marketplace.core import audit
from marketplace.pictures.cleaning import BadPicture, clean
from marketplace.pictures.models import Picture

__all__ = ["BadPicture", "store"]


@transaction.atomic
def store(
    *, file: IO[bytes], title: str, description: str, by: AbstractBaseUser | None, at: datetime, credit: str = ""
) -> Picture:
    """Keep a picture. `description` says what can be seen, for those who cannot see it; `by` is who sent it.

    The file is judged by its content and written anew (see `cleaning.clean`). Raises `BadPicture` with a sentence to show.
    """
    if not title.strip() or not description.strip():
        raise BadPicture(_("Please say in a few words what can be seen in the picture."))
    cleaned = clean(file=file, name=getattr(file, "name", "") or title)
    picture = Picture(
        title=title.strip()[:255], description=description.strip()[:255], credit=credit[:200], uploaded_by_user=by, file=cleaned
    )
    picture.keep_as_cleaned()
    picture.save()
    audit.record(action="picture.stored", target=picture, at=at, by=by, new={"title": picture.title})
    return picture
