"""Addresses of what a device keeps for the time without network."""

from django.urls import path

from marketplace.shop.views import offline

app_name = "offline"
urlpatterns = [
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("sw.js", offline.worker, name="worker"),
    path("ohne-netz/", offline.page, name="page"),
    path("korb/nachholen/", offline.catch_up, name="catch_up"),
]
