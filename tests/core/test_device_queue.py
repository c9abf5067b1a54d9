"""What a device that was without network sends, and what it hears of each report."""

import json
from uuid import uuid4

import pytest

from marketplace.core import device_queue
from marketplace.core.device_queue import Answer, Outcome, Told, Unreadable

AT = "2026-11-28T09:30:00.000Z"


def body(*fields: str) -> bytes:
    return json.dumps({"events": [{"uuid": str(uuid4()), "at": AT, "fields": one} for one in fields]}).encode()


def test_read_gives_the_reports_in_order_as_a_form_would_send_them() -> None:
    first, second = device_queue.read(body=body("kind=arrive&stop=3", "kind=delivered&note=Gr%C3%BC%C3%9Fe"))
    assert (first.fields["kind"], first.fields["stop"]) == ("arrive", "3")
    assert second.fields["note"] == "Grüße"
    assert first.reported_at.isoformat() == "2026-11-28T09:30:00+00:00"


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"[]",
        b"{}",
        b'{"events": 3}',
        b'{"events": [{}]}',
        b'{"events": [{"uuid": "x", "at": "2026-11-28T09:30:00Z", "fields": ""}]}',
        json.dumps({"events": [{"uuid": "b0513044-1546-4250-9cd7-be6dcdcb11e4", "at": "gestern", "fields": ""}]}).encode(),
    ],
)
def test_read_refuses_what_is_not_from_our_page(sent: bytes) -> None:
    with pytest.raises(Unreadable):
        device_queue.read(body=sent)


def test_answers_tells_of_each_and_asks_again_for_what_failed_by_our_fault() -> None:
    told = device_queue.read(body=body("kind=good", "kind=broken", "kind=bad"))

    def take(one: Told) -> Answer:
        return {"good": Answer(Outcome.TAKEN), "bad": Answer(Outcome.REFUSED, "Nein.")}[str(one.fields["kind"])]

    heard = device_queue.answers(told=told, take=take)["answers"]
    assert [(row["outcome"], row["sentence"]) for row in heard] == [("taken", ""), ("later", ""), ("refused", "Nein.")]
    assert [row["uuid"] for row in heard] == [str(one.uuid) for one in told]
