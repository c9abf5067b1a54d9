"""Every address, asked by everybody: one table says who gets what."""

from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.architecture import urls, world
from tests.architecture.who_sees_the_office import OFFICE
from tests.architecture.world import ASKING, World

pytestmark = pytest.mark.django_db

TABLE = """
#                                  visitor
#                                  .   customer (whose order and basket it is)
#                                  .   .   another customer (who looks after the pickup point)
#                                  .   .   .   producer (whose goods they are)
#                                  .   .   .   .   another producer
#                                  .   .   .   .   .   driver
#                                  .   .   .   .   .   .   editor
#                                  .   .   .   .   .   .   .   office
#                                  .   .   .   .   .   .   .   .   another region's office, here
#                                  .   .   .   .   .   .   .   .   .   the same, under its own address
change:by_link                GET  302 302 302 302 302 302 302 302 302 404
customer:overview             GET  302 200 200 200 200 200 200 200 200 200
customer:order                GET  302 200 404 404 404 404 404 404 404 404
customer:order_by_link        GET  200 200 200 200 200 200 200 200 200 404
customer:profile              GET  302 200 200 200 200 200 200 200 200 200
customer:addresses            GET  302 200 200 200 200 200 200 200 200 200
customer:address_new          GET  302 200 200 200 200 200 200 200 200 200
customer:address              GET  302 200 404 404 404 404 404 404 404 404
customer:address_usual        POST 302 302 404 404 404 404 404 404 404 404
customer:address_remove       POST 302 302 404 404 404 404 404 404 404 404
customer:purse                GET  302 200 200 200 200 200 200 200 200 200
customer:purse_code           GET  302 200 404 404 404 404 404 404 404 404
customer:mandate              GET  302 200 200 200 200 200 200 200 200 200
customer:mandate_revoke       POST 302 302 404 404 404 404 404 404 404 404
customer:application          GET  302 200 200 200 200 200 200 200 200 200
customer:purse_documents      POST 302 404 404 404 404 404 404 404 404 404
customer:year                 GET  302 200 200 200 200 200 200 200 200 200
customer:spending             GET  302 200 200 200 200 200 200 200 200 200
customer:safety               GET  302 200 200 200 200 200 200 200 200 200
customer:data                 GET  302 200 200 200 200 200 200 200 200 200
# these three ask for the password first
customer:download             GET  302 302 302 302 302 302 302 302 302 302
customer:prove                POST 302 302 302 302 302 302 302 302 302 302
customer:leave                GET  302 200 200 200 200 200 200 200 200 200
customer:erase                GET  302 302 302 302 302 302 302 302 302 302
day:live                      GET  200 200 200 200 200 200 200 200 200 404
substitute:page               GET  200 200 200 200 200 200 200 200 200 404
day:drop                      POST 422 422 422 422 422 422 422 422 422 404
day:fetching                  GET  200 200 200 200 200 200 200 200 200 404
offline:manifest              GET  200 200 200 200 200 200 200 200 200 200
offline:worker                GET  200 200 200 200 200 200 200 200 200 200
offline:page                  GET  200 200 200 200 200 200 200 200 200 200
offline:catch_up              POST 204 204 204 204 204 204 204 204 204 204
billing:invoices              GET  302 200 200 200 200 200 200 200 200 200
billing:prices                POST 302 404 404 404 404 404 404 404 404 404
billing:document              GET  302 200 404 404 404 404 404 200 404 404
billing:document=credit_note  GET  302 404 404 200 404 404 404 200 404 404
billing:document_by_link      GET  200 200 200 200 200 200 200 200 200 404
billing:pay                   GET  200 200 200 200 200 200 200 200 200 404
# no provider is connected, and nobody signed the report
billing:pay_page              GET  404 404 404 404 404 404 404 404 404 404
billing:pay_back              GET  302 302 302 302 302 302 302 302 302 404
billing:payment_report        POST 400 400 400 400 400 400 400 400 400 400
checkout:paid                 GET  302 302 302 302 302 302 302 302 302 404
basket:summary                GET  200 200 200 200 200 200 200 200 200 200
basket:add                    POST 302 302 302 302 302 302 302 302 302 302
basket:wish                   POST 404 302 404 404 404 404 404 404 404 404
basket:change                 POST 404 302 404 404 404 404 404 404 404 404
basket:share                  POST 302 302 302 302 302 302 302 302 302 302
basket:end_sharing            POST 302 302 302 302 302 302 302 302 302 302
basket:shared                 GET  200 302 200 200 200 200 200 200 200 404
basket:leave                  POST 302 302 302 302 302 302 302 302 302 302
basket:redeem                 POST 422 422 422 422 422 422 422 422 422 422
basket:give_up                POST 302 302 302 302 302 302 302 302 302 302
checkout:start                GET  200 302 302 302 302 302 302 302 302 302
checkout:together             GET  302 200 302 302 302 302 302 302 302 302
change:goods                  GET  404 200 404 404 404 404 404 404 404 404
change:article                POST 404 302 404 404 404 404 404 404 404 404
change:collect                POST 404 302 404 404 404 404 404 404 404 404
change:wish                   POST 404 302 404 404 404 404 404 404 404 404
change:join                   POST 404 302 404 404 404 404 404 404 404 404
change:drop                   POST 404 302 404 404 404 404 404 404 404 404
change:delivery               GET  404 200 404 404 404 404 404 404 404 404
change:details                GET  404 200 404 404 404 404 404 404 404 404
change:review                 GET  404 302 404 404 404 404 404 404 404 404
checkout:delivery             GET  200 200 200 200 200 200 200 200 200 200
checkout:details              GET  302 302 302 302 302 302 302 302 302 302
checkout:whose                GET  302 200 302 302 302 302 302 302 302 302
checkout:review               GET  302 302 302 302 302 302 302 302 302 302
checkout:thanks               GET  404 200 404 404 404 404 404 404 404 404
checkout:open_account         POST 404 302 404 404 404 404 404 404 404 404
aftersales:withdraw           GET  200 200 200 200 200 200 200 200 200 200
aftersales:withdraw_order     GET  200 200 200 200 200 200 200 200 200 404
aftersales:moved              GET  301 301 301 301 301 301 301 301 301 301
aftersales:complain           GET  200 200 200 200 200 200 200 200 200 404
aftersales:bank_details       GET  200 200 200 200 200 200 200 200 200 404
aftersales:office_complaints  GET  302 403 403 403 403 403 403 200 403 200
aftersales:office_complaint   GET  302 403 403 403 403 403 403 200 403 404
aftersales:office_credit      POST 302 403 403 403 403 403 403 422 403 404
aftersales:office_refuse      POST 302 403 403 403 403 403 403 422 403 404
aftersales:office_photo       GET  302 403 403 403 403 403 403 200 403 404
aftersales:withdrawals        GET  302 403 403 403 403 403 403 200 403 200
aftersales:withdrawal         GET  302 403 403 403 403 403 403 200 403 404
aftersales:match              POST 302 403 403 403 403 403 403 422 403 404
aftersales:refuse_withdrawal  POST 302 403 403 403 403 403 403 422 403 404
aftersales:paybacks           GET  302 403 403 403 403 403 403 200 403 200
aftersales:pay_back_account   POST 302 403 403 403 403 403 403 422 403 404
aftersales:pay_back           POST 302 403 403 403 403 403 403 422 403 404
aftersales:office_empties     GET  302 403 403 403 403 403 403 200 403 404
aftersales:producer_complaints GET  302 403 403 200 200 403 403 403 403 403
aftersales:producer_complaint GET  302 403 403 200 404 403 403 403 403 403
aftersales:producer_credit    POST 302 403 403 422 404 403 403 403 403 403
aftersales:producer_refuse    POST 302 403 403 422 404 403 403 403 403 403
aftersales:producer_photo     GET  302 403 403 200 404 403 403 403 403 403
aftersales:producer_empties   GET  302 403 403 404 404 403 403 403 403 403
checkout:cancel               POST 404 404 404 404 404 404 404 404 404 404
dashboard:home                GET  302 302 302 200 200 302 302 302 302 302
dashboard:apply               GET  200 200 200 200 200 200 200 200 200 200
dashboard:applied             GET  200 200 200 200 200 200 200 200 200 200
dashboard:rounds              GET  302 403 403 200 200 403 403 403 403 403
dashboard:round               GET  302 403 403 200 200 403 403 403 403 403
dashboard:record              POST 302 403 403 409 404 403 403 403 403 403
dashboard:pack_all            POST 302 403 403 302 404 403 403 403 403 403
dashboard:finish              POST 302 403 403 400 404 403 403 403 403 403
dashboard:reopen              POST 302 403 403 302 404 403 403 403 403 403
dashboard:replace             GET  302 403 403 200 404 403 403 403 403 403
dashboard:pack_queue          GET  302 403 403 200 200 403 403 403 403 403
dashboard:cuts                GET  302 403 403 200 404 403 403 403 403 403
dashboard:cut                 POST 302 403 403 400 404 403 403 403 403 403
dashboard:confirm             POST 302 403 403 302 404 403 403 403 403 403
dashboard:pick_list           GET  302 403 403 200 404 403 403 403 403 403
dashboard:labels              GET  302 403 403 200 404 403 403 403 403 403
dashboard:label_paper         GET  302 403 403 200 404 403 403 403 403 403
dashboard:another_box         POST 302 403 403 302 404 403 403 403 403 403
dashboard:articles            GET  302 403 403 200 200 403 403 403 403 403
dashboard:article_new         GET  302 403 403 200 200 403 403 403 403 403
dashboard:earning             GET  302 403 403 200 200 403 403 403 403 403
dashboard:article             GET  302 403 403 200 404 403 403 403 403 403
dashboard:reduction           GET  302 403 403 200 404 403 403 403 403 403
dashboard:switch              POST 302 403 403 302 404 403 403 403 403 403
dashboard:offer               POST 302 403 403 302 404 403 403 403 403 403
dashboard:purchases           GET  302 403 403 200 200 403 403 403 403 403
dashboard:purchase_ordered    POST 302 403 403 400 404 403 403 403 403 403
dashboard:purchase_arrived    POST 302 403 403 400 404 403 403 403 403 403
dashboard:purchase_sheet      GET  302 403 403 200 404 403 403 403 403 403
dashboard:case_count          POST 302 403 403 302 404 403 403 403 403 403
dashboard:farm_hand_over      POST 302 403 403 302 404 403 403 403 403 403
dashboard:farm_not_fetched    POST 302 403 403 302 404 403 403 403 403 403
dashboard:farm_hours          GET  302 403 403 200 200 403 403 403 403 403
dashboard:withdraw_farm_hours POST 302 403 403 302 404 403 403 403 403 403
dashboard:vouchers            GET  302 403 403 200 200 403 403 403 403 403
dashboard:voucher_new         GET  302 403 403 200 200 403 403 403 403 403
dashboard:voucher             GET  302 403 403 200 404 403 403 403 403 403
dashboard:voucher_end         POST 302 403 403 302 404 403 403 403 403 403
dashboard:incoming            GET  302 403 403 200 200 403 403 403 403 403
dashboard:incoming_page       GET  302 403 403 200 404 403 403 403 403 403
dashboard:incoming_file       GET  302 403 403 200 404 403 403 403 403 403
dashboard:settlements         GET  302 403 403 200 200 403 403 403 403 403
dashboard:seller_facts        GET  302 403 403 200 200 403 403 403 403 403
dashboard:seller_copy         GET  302 403 403 200 404 403 403 403 403 403
dashboard:seller_copy_table   GET  302 403 403 200 404 403 403 403 403 403
dashboard:statement           GET  302 403 403 200 404 403 403 403 403 403
dashboard:statement_table     GET  302 403 403 200 404 403 403 403 403 403
dashboard:settlement_year     GET  302 403 403 200 200 403 403 403 403 403
dashboard:settlement_year_table GET  302 403 403 200 200 403 403 403 403 403
dashboard:agency_statement    GET  302 403 403 200 404 403 403 403 403 403
dashboard:payout_account      GET  302 403 403 200 200 403 403 403 403 403
dashboard:payout_account_page GET  302 403 403 404 404 403 403 403 403 403
dashboard:payout_account_back GET  302 403 403 404 302 403 403 403 403 403
dashboard:objection           GET  302 403 403 200 404 403 403 403 403 403
dashboard:profile             GET  302 403 403 200 200 403 403 403 403 403
feeds:calendar                GET  200 200 200 200 200 200 200 200 200 404
desk:home                     GET  302 403 403 403 403 403 403 200 403 200
desk:new                      GET  302 403 403 403 403 403 403 200 403 200
desk:calls                    GET  302 403 403 403 403 403 403 200 403 200
desk:post                     GET  302 403 403 403 403 403 403 200 403 200
desk:letters                  GET  302 403 403 403 403 403 403 200 403 404
desk:order                    GET  302 403 403 403 403 403 403 200 403 404
desk:letter                   GET  302 403 403 403 403 403 403 200 403 404
desk:change                   GET  302 403 403 403 403 403 403 200 403 404
desk:cancel                   POST 302 403 403 403 403 403 403 302 403 404
desk:cancel_orders            GET  302 403 403 403 403 403 403 302 403 302
desk:cancelled_orders         GET  302 403 403 403 403 403 403 200 403 404
desk:caller                   GET  302 403 403 403 403 403 403 200 403 404
desk:edit                     GET  302 403 403 403 403 403 403 200 403 404
desk:forget                   POST 302 403 403 403 403 403 403 302 403 404
desk:add                      POST 302 403 403 403 403 403 403 404 403 404
desk:quantity                 POST 302 403 403 403 403 403 403 302 403 404
desk:again                    POST 302 403 403 403 403 403 403 302 403 404
desk:redeem                   POST 302 403 403 403 403 403 403 302 403 404
desk:give_up                  POST 302 403 403 403 403 403 403 302 403 404
desk:gift                     GET  302 403 403 403 403 403 403 200 403 404
desk:agree                    GET  302 403 403 403 403 403 403 200 403 404
desk:read                     GET  302 403 403 403 403 403 403 302 403 404
customer:box_photo            GET  200 200 200 200 200 200 200 200 200 404
logistics:tours               GET  302 403 403 403 403 200 403 403 403 403
logistics:tour                GET  302 403 403 403 403 200 403 403 403 403
logistics:queue               GET  302 403 403 403 403 200 403 403 403 403
logistics:pass_on             GET  302 403 403 403 403 200 403 403 403 403
logistics:take_over           GET  302 403 403 403 403 200 403 403 403 403
logistics:start               POST 302 403 403 403 403 302 403 403 403 403
logistics:report              POST 302 403 403 403 403 400 403 403 403 403
logistics:empties             POST 302 403 403 403 403 409 403 403 403 403
logistics:slip                GET  302 403 403 403 403 200 403 403 403 403
logistics:sheet               GET  302 403 403 403 403 200 403 403 403 403
hub:home                      GET  302 403 403 403 403 302 403 302 403 200
hub:checkin                   GET  302 403 403 403 403 200 403 200 403 404
hub:sorting                   GET  302 403 403 403 403 200 403 200 403 404
hub:take_in                   POST 302 403 403 403 403 409 403 409 403 404
hub:take_in_all               POST 302 403 403 403 403 302 403 302 403 404
hub:miss                      POST 302 403 403 403 403 302 403 302 403 404
hub:finish                    POST 302 403 403 403 403 302 403 302 403 404
hub:readings                  GET  302 403 403 403 403 200 403 200 403 404
hub:hold_back                 POST 302 403 403 403 403 302 403 302 403 404
hub:limits                    GET  302 403 403 403 403 403 403 200 403 200
pickup:reading                GET  302 403 200 403 403 403 403 403 403 403
pickup:invitation             GET  302 200 200 200 200 200 200 200 200 410
pickup:home                   GET  302 403 302 403 403 403 403 403 403 403
pickup:point                  GET  302 403 200 403 403 403 403 403 403 403
pickup:all_arrived            POST 302 403 302 403 403 403 403 403 403 403
pickup:box                    POST 302 403 302 403 403 403 403 403 403 403
pickup:hand_out               GET  302 403 200 403 403 403 403 403 403 403
pickup:empties                GET  302 403 200 403 403 403 403 403 403 403
# without a file of tiles there is no ground under the maps
regions:ground                GET  404 404 404 404 404 404 404 404 404 404
regions:village               GET  200 200 200 200 200 200 200 200 200 200
catalogue:index               GET  200 200 200 200 200 200 200 200 200 200
catalogue:category            GET  200 200 200 200 200 200 200 200 200 404
catalogue:detail              GET  200 200 200 200 200 200 200 200 200 404
catalogue:price               GET  200 200 200 200 200 200 200 200 200 404
catalogue:producers           GET  200 200 200 200 200 200 200 200 200 200
catalogue:producer            GET  200 200 200 200 200 200 200 200 200 404
catalogue:season              GET  200 200 200 200 200 200 200 200 200 200
catalogue:map                 GET  200 200 200 200 200 200 200 200 200 200
catalogue:search              GET  200 200 200 200 200 200 200 200 200 200
catalogue:article_picture     GET  404 404 404 404 404 404 404 404 404 404
catalogue:producer_picture    GET  404 404 404 404 404 404 404 404 404 404
catalogue:suggest             GET  200 200 200 200 200 200 200 200 200 200
catalogue:delivery            GET  200 200 200 200 200 200 200 200 200 200
catalogue:elsewhere           GET  200 200 200 200 200 200 200 200 200 200
catalogue:elsewhere_confirm   GET  200 200 200 200 200 200 200 200 200 410
catalogue:elsewhere_stop      GET  200 200 200 200 200 200 200 200 200 200
catalogue:wait_confirm        GET  200 200 200 200 200 200 200 200 200 410
catalogue:wait                GET  200 200 200 200 200 200 200 200 200 404
catalogue:offer               GET  410 410 410 410 410 410 410 410 410 404
catalogue:leave               GET  200 200 200 200 200 200 200 200 200 404
catalogue:favourites          GET  302 200 200 200 200 200 200 200 200 200
standing:overview             GET  302 200 200 200 200 200 200 200 200 200
standing:new                  GET  302 200 302 302 302 302 302 302 302 302
standing:detail               GET  302 200 404 404 404 404 404 404 404 404
standing:change               GET  302 200 404 404 404 404 404 404 404 404
standing:skip                 POST 302 302 404 404 404 404 404 404 404 404
standing:pause                POST 302 422 404 404 404 404 404 404 404 404
standing:resume               POST 302 302 404 404 404 404 404 404 404 404
standing:accept_price         POST 302 302 404 404 404 404 404 404 404 404
standing:end_one              GET  302 200 404 404 404 404 404 404 404 404
standing:again                GET  302 200 404 404 404 404 404 404 404 404
standing:end                  GET  200 200 200 200 200 200 200 200 200 200
notices:mark                  POST 404 404 404 404 404 404 404 404 404 404
notices:choices               GET  302 200 200 200 200 200 200 200 200 200
notices:ask                   POST 422 302 302 302 302 302 302 302 302 404
notices:drop                  POST 302 302 302 302 302 302 302 302 302 404
notices:ask_how_it_was        POST 404 404 404 404 404 404 404 404 404 404
notices:confirm               GET  200 200 200 200 200 200 200 200 200 410
notices:stop                  GET  200 200 200 200 200 200 200 200 200 404
catalogue:ranking             GET  200 200 200 200 200 200 200 200 200 200
reviews:write                 GET  200 200 200 200 200 200 200 200 200 404
reviews:order                 GET  200 200 200 200 200 200 200 200 200 404
reviews:report                GET  200 200 200 200 200 200 200 200 200 404
reviews:article               GET  200 200 200 200 200 200 200 200 200 404
reviews:of_producer           GET  200 200 200 200 200 200 200 200 200 404
reviews:office                GET  302 403 403 403 403 403 403 200 403 200
reviews:publish               POST 302 403 403 403 403 403 403 302 403 404
reviews:refuse                POST 302 403 403 403 403 403 403 422 403 404
reviews:reported              GET  302 403 403 403 403 403 403 200 403 200
reviews:judge                 POST 302 403 403 403 403 403 403 422 403 404
reviews:producer              GET  302 403 403 200 200 403 403 403 403 403
reviews:reply                 POST 302 403 403 302 404 403 403 403 403 403
cms:sitemap                   GET  200 200 200 200 200 200 200 200 200 200
cms:robots                    GET  200 200 200 200 200 200 200 200 200 200
cms:calendar                  GET  200 200 200 200 200 200 200 200 200 200
cms:event_file                GET  200 200 200 200 200 200 200 200 200 404
""" + OFFICE.lstrip()


class _Undo(Exception):
    """Whatever a request wrote is taken back before the next one."""


def test_everybody_gets_what_the_table_says() -> None:
    expected = [line.split() for line in TABLE.strip().splitlines() if not line.startswith("#")]
    assert {row[0].partition("=")[0] for row in expected} == {address.name for address in urls.ours()}
    made = world.make()
    clients = made.clients()
    found = [[name, method, *_asked(made, clients, name, method)] for name, method, *_codes in expected]
    assert _lines(found) == _lines(expected)


def _asked(made: World, clients: dict[str, Client], name: str, method: str) -> Iterator[str]:
    address = reverse(name.partition("=")[0], args=_arguments(made, name))
    for column in ASKING:
        yield str(_status(clients[column], method, address))


def _arguments(made: World, name: str) -> list[Any]:
    """Nothing for an address without a gap in it."""
    route = next(address.route for address in urls.ours() if address.name == name.partition("=")[0])
    return made.arguments(name) if "<" in route else []


def _status(client: Client, method: str, address: str) -> int:
    status, cookies = 0, SimpleCookie(client.cookies)
    try:
        with transaction.atomic():
            status = client.generic(method, address).status_code
            client.cookies = cookies  # a session that it began is gone with it
            raise _Undo
    except _Undo:
        return status


def _lines(rows: list[list[str]]) -> list[str]:
    return [f"{name:<30}{method:<5}{' '.join(codes)}" for name, method, *codes in rows]
