"""Addresses of the hub: what comes in, and which tour takes it on."""

from django.urls import path

from logistics.hub import views

app_name = "hub"
urlpatterns = [
    path("", views.home, name="home"),
    path("<int:pk>/", views.checkin_page, name="checkin"),
    path("<int:pk>/sortieren/", views.sorting, name="sorting"),
    path("<int:pk>/kiste/", views.take_in, name="take_in"),
    path("<int:pk>/kiste/<int:box_pk>/fehlt/", views.miss, name="miss"),
    path("<int:pk>/betrieb/<int:collection_pk>/", views.take_in_all, name="take_in_all"),
    path("<int:pk>/fertig/", views.finish, name="finish"),
]
