"""Addresses of the region: choosing one's village."""

from django.urls import URLPattern

app_name = "regions"
urlpatterns: list[URLPattern] = []
