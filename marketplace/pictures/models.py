"""Pictures and their renditions; the file that is stored holds no position and no camera."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.models import Image as WagtailImage


class Picture(AbstractImage):
    """A picture with a description for those who cannot see it and a credit for who made it."""

    credit = models.CharField(_("credit"), max_length=200, blank=True)

    admin_form_fields = (*WagtailImage.admin_form_fields, "credit")

    @property
    def default_alt_text(self) -> str:
        """The description; never the file's name."""
        return self.description


class Rendition(AbstractRendition):
    """A picture in a size and format."""

    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)
