"""Sizes that are made ahead, and what it costs to look them up."""

from typing import Any

import pytest
from django.core.files.storage import default_storage

from marketplace.pictures import sizes, tasks, uploads
from marketplace.pictures.models import Picture, Rendition
from tests.factories.market import NOW
from tests.pictures.photos import drawn, photo

pytestmark = pytest.mark.django_db


def pictures(count: int) -> list[Picture]:
    made = [
        uploads.store(file=photo(image=drawn(640, 480)), title=f"Bild {n}", description=f"Beet {n}", by=None, at=NOW)
        for n in range(count)
    ]
    sizes.prepare(pictures=made, sizes=(sizes.CARD,))
    return list(Picture.objects.order_by("pk"))


def test_prepare_makes_both_formats_once() -> None:
    made = pictures(1)
    assert sizes.prepare(pictures=made, sizes=(sizes.CARD,)) == 2
    assert sorted(Rendition.objects.values_list("filter_spec", flat=True)) == sorted(sizes.CARD.specs)


@pytest.mark.parametrize("count", [1, 3])
def test_look_up_needs_one_query(count: int, django_assert_num_queries: Any) -> None:
    found = pictures(count)
    with django_assert_num_queries(1):
        sizes.look_up(pictures=found, sizes=(sizes.CARD,))
        shown = [sizes.shown(picture=picture, size=sizes.CARD) for picture in found]
    assert [(row.alt, row.url[-4:], row.webp_url[-5:]) for row in shown if row] == [
        (f"Beet {n}", ".jpg", ".webp") for n in range(count)
    ]


def test_shown_of_no_picture_is_none() -> None:
    assert sizes.shown(picture=None, size=sizes.CARD) is None


def test_shown_of_a_lost_file_is_none() -> None:
    [picture] = pictures(1)
    default_storage.delete(str(picture.file.name))
    assert sizes.shown(picture=picture, size=sizes.HERO) is None


def test_new_picture_gets_its_sizes_after_commit(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        picture = uploads.store(file=photo(), title="Bild", description="Beet", by=None, at=NOW)
    tasks.prepare_picture(picture_id=picture.pk)
    assert picture.renditions.count() == 2 * len(sizes.HOUSE)
