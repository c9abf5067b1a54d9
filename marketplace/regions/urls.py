"""Addresses of the region: choosing one's village."""

from django.urls import path

from marketplace.regions import views

app_name = "regions"
urlpatterns = [path("", views.village, name="village")]
