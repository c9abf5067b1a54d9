"""Addresses of the region: choosing one's village, and the ground under maps."""

from django.urls import path

from marketplace.regions import views

app_name = "regions"
urlpatterns = [
    path("", views.village, name="village"),
    path("karte/<slug:mark>/<str:told>.svg", views.ground, name="ground"),
]
