"""Addresses of the stock shop; its catalogue is read by the ORM, as Haystack's simple engine finds nothing there."""

from typing import Any

from django.apps import apps
from django.urls import include, path

from benchmarks.stock.shelf import Shelf

config: Any = apps.get_app_config("oscar")
urlpatterns = [
    path("catalogue/", Shelf.as_view()),
    path("", include(config.urls[0])),
]
