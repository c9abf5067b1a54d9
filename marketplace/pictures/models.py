"""Pictures and their renditions; the file that is stored holds no position and no camera."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.models import Image as WagtailImage

from marketplace.pictures import cleaning


class Picture(AbstractImage):
    """A picture with a description for those who cannot see it and a credit for who made it.

    Whichever way a file comes here (Wagtail's forms, the producers' page, a script), it is cleaned before it is stored.
    """

    credit = models.CharField(_("credit"), max_length=200, blank=True)
    #: what `sizes.look_up` found; Wagtail looks here before it asks the database
    prefetched_renditions: "list[Rendition]"
    #: the new file that has been cleaned and is not stored yet
    _cleaned: Any = None

    admin_form_fields = (*WagtailImage.admin_form_fields, "credit")

    @property
    def default_alt_text(self) -> str:
        """The description; never the file's name."""
        return str(self.description)

    def clean(self) -> None:
        """Tell a form what is wrong with a new file."""
        super().clean()
        try:
            self._clean_new_file()
        except cleaning.BadPicture as error:
            raise ValidationError({"file": str(error)}) from error

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row, and never a new file as it came. Raises `BadPicture`."""
        self._clean_new_file()
        super().save(*args, **kwargs)

    def keep_as_cleaned(self) -> None:
        """Say that the new file went through `cleaning` already, and note its size and hash."""
        self._cleaned = self.file
        self._set_image_file_metadata()

    def _clean_new_file(self) -> None:
        new: Any = getattr(self, "file")  # noqa: B009 - a descriptor whose type mypy cannot tell
        if not new or new._committed or self._cleaned is new:
            return
        self.file = cleaning.clean(file=new.file, name=new.name)
        self.keep_as_cleaned()


class Rendition(AbstractRendition):
    """A picture in a size and format."""

    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)
