"""Addresses of the basket."""

from django.urls import path

from marketplace.shop.views import basket

app_name = "basket"
urlpatterns = [
    path("", basket.summary, name="summary"),
    path("<int:pk>/hinzufuegen/", basket.add, name="add"),
    path("zeilen/<int:pk>/", basket.change, name="change"),
]
