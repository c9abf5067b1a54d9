"""Addresses of the people who hand goods out at a pickup point."""

from django.urls import path

from logistics.pickup import views

app_name = "pickup"
urlpatterns = [
    path("einladung/<str:token>/", views.invitation, name="invitation"),
    path("", views.home, name="home"),
    path("<slug:slug>/", views.point_page, name="point"),
    path("<slug:slug>/alles-da/<int:round_pk>/", views.all_arrived, name="all_arrived"),
    path("<slug:slug>/temperatur/<int:round_pk>/", views.read_temperature, name="reading"),
    path("<slug:slug>/kiste/<int:pk>/", views.box, name="box"),
    path("<slug:slug>/ausgabe/<int:pk>/", views.hand_out, name="hand_out"),
    path("<slug:slug>/leergut/<int:pk>/", views.take_empties, name="empties"),
]
