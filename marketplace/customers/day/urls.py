"""Addresses of the delivery day, each with a signed link."""

from django.urls import re_path

from marketplace.customers.day import views

app_name = "day"
SIGNED = r"(?P<signed>[A-Za-z0-9_:.-]{1,120})"
urlpatterns = [
    re_path(rf"^heute/{SIGNED}/$", views.live, name="live"),
    re_path(rf"^heute/{SIGNED}/ablegen/$", views.drop, name="drop"),
    re_path(rf"^abholen/{SIGNED}/$", views.fetching, name="fetching"),
]
