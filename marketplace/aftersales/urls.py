"""Addresses of aftersales: for everybody, for the office, for producers."""

from django.urls import path, re_path

from marketplace.aftersales.views import complaining, empties, office, producer, withdrawing

SIGNED = r"(?P<signed>[A-Za-z0-9_:.=-]{1,200})"
app_name = "aftersales"
urlpatterns = [
    path("vertrag-widerrufen/", withdrawing.withdraw, name="withdraw"),
    re_path(rf"^vertrag-widerrufen/{SIGNED}/$", withdrawing.withdraw_order, name="withdraw_order"),
    path("kasse/widerruf/", withdrawing.moved, name="moved"),
    re_path(rf"^reklamation/{SIGNED}/(?P<line_pk>\d{{1,18}})/$", complaining.complain, name="complain"),
    re_path(rf"^erstattung/{SIGNED}/$", complaining.bank_details, name="bank_details"),
    path("buero/reklamationen/", office.complaint_list, name="office_complaints"),
    path("buero/reklamationen/<int:pk>/", office.complaint, name="office_complaint"),
    path("buero/reklamationen/<int:pk>/gutschreiben/", office.credit, name="office_credit"),
    path("buero/reklamationen/<int:pk>/ablehnen/", office.refuse, name="office_refuse"),
    path("buero/reklamationen/<int:pk>/foto/", office.photo, name="office_photo"),
    path("buero/widerrufe/", office.withdrawal_list, name="withdrawals"),
    path("buero/widerrufe/<int:pk>/", office.withdrawal, name="withdrawal"),
    path("buero/widerrufe/<int:pk>/bestellung/", office.match, name="match"),
    path("buero/widerrufe/<int:pk>/ablehnen/", office.refuse_withdrawal, name="refuse_withdrawal"),
    path("buero/rueckzahlungen/", office.payback_list, name="paybacks"),
    path("buero/rueckzahlungen/konto/<int:pk>/", office.pay_back_account, name="pay_back_account"),
    path("buero/rueckzahlungen/<str:number>/", office.pay_back, name="pay_back"),
    path("buero/leergut/<int:pk>/", empties.office_page, name="office_empties"),
    path("betrieb/reklamationen/", producer.complaint_list, name="producer_complaints"),
    path("betrieb/reklamationen/<int:pk>/", producer.complaint, name="producer_complaint"),
    path("betrieb/reklamationen/<int:pk>/gutschreiben/", producer.credit, name="producer_credit"),
    path("betrieb/reklamationen/<int:pk>/ablehnen/", producer.refuse, name="producer_refuse"),
    path("betrieb/reklamationen/<int:pk>/foto/", producer.photo, name="producer_photo"),
    path("betrieb/leergut/<int:pk>/", empties.producer_page, name="producer_empties"),
]
