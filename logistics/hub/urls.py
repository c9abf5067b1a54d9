"""Addresses of the hub: what comes in, which tour takes it on, and how cold it is."""

from django.urls import path

from logistics.hub.views import checkin, readings

app_name = "hub"
urlpatterns = [
    path("", checkin.home, name="home"),
    path("kuehlung/", readings.limits, name="limits"),
    path("<int:pk>/", checkin.checkin_page, name="checkin"),
    path("<int:pk>/sortieren/", checkin.sorting, name="sorting"),
    path("<int:pk>/kiste/", checkin.take_in, name="take_in"),
    path("<int:pk>/kiste/<int:box_pk>/fehlt/", checkin.miss, name="miss"),
    path("<int:pk>/betrieb/<int:collection_pk>/", checkin.take_in_all, name="take_in_all"),
    path("<int:pk>/fertig/", checkin.finish, name="finish"),
    path("<int:pk>/temperatur/", readings.reading_page, name="readings"),
    path("<int:pk>/temperatur/<uuid:uuid>/zurueckhalten/", readings.hold_back, name="hold_back"),
]
