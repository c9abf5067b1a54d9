"""Addresses of the basket."""

from django.urls import path, re_path

import marketplace.shop.views.basket as basket
import marketplace.shop.views.shared_basket as shared

app_name = "basket"
urlpatterns = [
    path("", basket.summary, name="summary"),
    path("<int:pk>/hinzufuegen/", basket.add, name="add"),
    path("zeilen/<int:pk>/", basket.change, name="change"),
    path("zeilen/<int:pk>/wunsch/", basket.wish, name="wish"),
    path("teilen/", shared.share, name="share"),
    path("teilen/beenden/", shared.end, name="end_sharing"),
    re_path(r"^gemeinsam/(?P<key>[0-9a-f]{32})/$", shared.open_shared, name="shared"),
    path("gemeinsam/verlassen/", shared.leave, name="leave"),
    path("gutschein/", basket.redeem, name="redeem"),
    path("gutschein/entfernen/", basket.give_up, name="give_up"),
]
