"""Addresses of the stock shop; its catalogue is read by the ORM, as Haystack's simple engine finds nothing there."""

from django.apps import apps
from django.urls import include, path

from benchmarks.stock.shelf import Shelf

urlpatterns = [
    path("catalogue/", Shelf.as_view()),
    path("", include(apps.get_app_config("oscar").urls[0])),
]
