"""Addresses of the basket."""

from django.urls import path

import marketplace.shop.views.basket as basket

app_name = "basket"
urlpatterns = [
    path("", basket.summary, name="summary"),
    path("<int:pk>/hinzufuegen/", basket.add, name="add"),
    path("zeilen/<int:pk>/", basket.change, name="change"),
    path("zeilen/<int:pk>/wunsch/", basket.wish, name="wish"),
    path("gutschein/", basket.redeem, name="redeem"),
    path("gutschein/entfernen/", basket.give_up, name="give_up"),
]
