"""Webhooks of all four kinds: verified over the raw body, lately sent, and read as one kind of event."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from clients._runtime.webhooks import SignatureRules, Webhook
from clients.facade import Event, WebhookError, receive
from clients.facade.models import ConnectionStatus, EventType

NOW = datetime(2024, 6, 3, 10, 0, 0, tzinfo=UTC)
SECRET = "whsec_" + base64.b64encode(b"a secret of the tests").decode()
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
URL = "https://me.example/hooks/bank?x=1"

CONNECTION = {
    "id": "5b7e2c1a",
    "integrationId": "0a1b",
    "sourceId": "7c7d",
    "sourceType": "Accounting",
    "platformName": "Xero",
    "linkUrl": "https://link-api.codat.io/x",
    "status": "Deauthorized",
    "created": "2024-06-01T08:00:00Z",
}
POWENS = {
    "id": 9071,
    "id_user": 412,
    "id_connector": 40,
    "created": "2024-05-14 09:30:41",
    "active": True,
}

Signed = tuple[bytes, dict[str, str], str | bytes]


def svix(payload: object, at: datetime = NOW) -> Signed:
    body = json.dumps(payload).encode()
    stamp = str(int(at.timestamp()))
    text = b"msg_1." + stamp.encode() + b"." + body
    digest = hmac.new(b"a secret of the tests", text, hashlib.sha256).digest()
    signature = "v1,c3RhbGU= v1," + base64.b64encode(digest).decode()
    headers = {"Webhook-Id": "msg_1", "Webhook-Timestamp": stamp, "Webhook-Signature": signature}
    return body, headers, SECRET


def powens(payload: object, at: datetime = NOW) -> Signed:
    body = json.dumps(payload).encode()
    date = at.isoformat()
    text = b"POST./hooks/bank." + date.encode() + b"." + body
    digest = hmac.new(b"plain", text, hashlib.sha256).digest()
    headers = {"BI-Signature-Date": date, "BI-Signature": base64.b64encode(digest).decode()}
    return body, headers, "plain"


def saltedge(payload: dict[str, Any], at: datetime = NOW) -> Signed:
    meta = {"version": "5", "time": at.isoformat()}
    body = json.dumps({**payload, "meta": meta}).encode()
    signature = KEY.sign(f"{URL}|".encode() + body, padding.PKCS1v15(), SHA256())
    return body, {"Signature": base64.b64encode(signature).decode()}, PEM


def _codat(kind: str) -> dict[str, object]:
    company = {"id": "1e2d", "name": "Test Bakery"}
    return {
        "id": "b",
        "eventType": kind,
        "generatedDate": "2024-06-03T10:00:00Z",
        "payload": {"referenceCompany": company, "connection": CONNECTION},
    }


def _basiq(kind: str) -> dict[str, object]:
    entity = "https://au-api.basiq.io/users/5f2e/connections/77aa01"
    return {"eventTypeId": kind, "eventId": "e1", "links": {"event": "x", "eventEntity": entity}}


def _salt(**data: object) -> dict[str, object]:
    return {"data": {"connection_id": "111", "customer_id": "222", **data}}


EVENTS: list[tuple[str, Callable[..., Signed], dict[str, Any], str]] = [
    (
        "powens",
        powens,
        {"user": {"id": 412}, "connection": {**POWENS, "state": None}},
        "connection.synced",
    ),
    (
        "powens",
        powens,
        {"connection": {**POWENS, "state": "decoupled"}},
        "connection.action_required",
    ),
    ("powens", powens, {"connection": {**POWENS, "state": "wrongpass"}}, "connection.failed"),
    ("powens", powens, {"connection": {**POWENS, "state": "bug"}}, "connection.failed"),
    ("powens", powens, {"id": 9071}, "connection.deleted"),
    ("basiq", svix, _basiq("connection.created"), "connection.created"),
    ("basiq", svix, _basiq("connection.activated"), "connection.active"),
    ("basiq", svix, _basiq("connection.invalidated"), "connection.failed"),
    ("basiq", svix, _basiq("connection.deleted"), "connection.deleted"),
    ("basiq", svix, _basiq("transactions.updated"), "connection.synced"),
    ("basiq", svix, _basiq("consent.expired"), "connection.disconnected"),
    ("basiq", svix, _basiq("brand.new"), "unknown"),
    ("saltedge", saltedge, _salt(stage="finish"), "connection.synced"),
    ("saltedge", saltedge, _salt(stage="fetch_recent"), "progress"),
    ("saltedge", saltedge, _salt(stage="interactive", html="<p>"), "connection.action_required"),
    ("saltedge", saltedge, _salt(error_class="InvalidCredentials"), "connection.failed"),
    ("saltedge", saltedge, _salt(), "connection.deleted"),
    ("codat_expenses", svix, _codat("connection.disconnected"), "connection.disconnected"),
    ("codat_lending", svix, _codat("connection.reconnected"), "connection.active"),
    ("codat_lending", svix, _codat("read.completed"), "connection.synced"),
]


def _receive(provider: str, signed: Signed, **more: Any) -> Event[Any]:
    body, headers, secret = signed
    given = {"body": body, "headers": headers, "secret": secret, "url": URL, "now": NOW, **more}
    by_name: Any = receive
    made: Event[Any] = by_name(provider, **given)
    return made


@pytest.mark.parametrize(("provider", "sign", "payload", "kind"), EVENTS)
def test_events_are_read(
    provider: str, sign: Callable[..., Signed], payload: dict[str, Any], kind: str
) -> None:
    event = _receive(provider, sign(payload))
    assert (event.provider, event.type) == (provider, EventType(kind))
    expected = {"powens": "9071", "basiq": "77aa01", "saltedge": "111"}.get(provider, "5b7e2c1a")
    assert event.connection_id == expected
    assert event.raw.items() >= payload.items()
    if "codat" in provider:
        assert event.connection is not None
        assert event.connection.status is ConnectionStatus.DEAUTHORIZED
        assert (event.owner_id, event.connection.owner_id, event.id) == ("1e2d", "1e2d", "msg_1")
    if provider == "basiq":
        assert (event.owner_id, event.id) == ("5f2e", "msg_1")


@pytest.mark.parametrize(("provider", "sign", "payload"), [event[:3] for event in EVENTS[::4]])
def test_what_is_not_to_be_trusted_is_refused(
    provider: str, sign: Callable[..., Signed], payload: dict[str, Any]
) -> None:
    body, headers, secret = sign(payload)
    spaced = json.dumps(json.loads(body), indent=1).encode()
    old, future = sign(payload, NOW - timedelta(minutes=6)), sign(
        payload, NOW + timedelta(minutes=6)
    )
    unsigned = {k: v for k, v in headers.items() if "ignature" not in k or "Date" in k}
    other = PEM if isinstance(secret, bytes) else secret[:-4] + "AAAA"
    wrong: list[Signed] = [
        (body + b" ", headers, secret),
        (spaced, headers, secret),
        (body, unsigned, secret),
        (body, {**headers, **dict.fromkeys(headers.keys() - unsigned.keys(), "v1,????")}, secret),
        old,
        future,
    ]
    if not isinstance(secret, bytes):
        wrong += [(body, headers, other), (body, headers, "")]
    for signed in wrong:
        with pytest.raises(WebhookError) as caught:
            _receive(provider, signed)
        text = str(caught.value)
        assert provider in text
        assert str(secret) not in text
        assert "9071" not in text


def test_the_published_vector_of_the_scheme_is_accepted() -> None:
    """The example that the makers of the scheme of Basiq and Codat publish."""
    rules = SignatureRules(
        provider="basiq",
        algorithm="hmac-sha256",
        secret="whsec",
        parts=(
            *(("header", "webhook-id"), ("text", "."), ("header", "webhook-timestamp")),
            *(("text", "."), ("body", "")),
        ),
        header="webhook-signature",
        prefix="v1,",
        separator=" ",
        time=("header", "webhook-timestamp"),
    )
    webhook = Webhook(
        b'{"test": 2432232314}',
        {
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp": "1614265330",
            "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        },
    )
    sent = rules.verify(
        webhook,
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        now=datetime.fromtimestamp(1614265330, UTC),
    )
    assert sent.year == 2021


def test_signatures_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []
    real = hmac.compare_digest

    def spy(a: bytes, b: bytes) -> bool:
        compared.append(len(b))
        return real(a, b)

    monkeypatch.setattr("clients._runtime.webhooks.hmac.compare_digest", spy)
    _receive("basiq", svix(_basiq("connection.created")))
    # Both signatures of the header, though the second is right.
    assert compared == [32, 32]


def test_events_say_when_they_happened_where_the_provider_does() -> None:
    assert _receive("codat_lending", svix(_codat("read.completed"))).occurred_at == NOW
    assert _receive("saltedge", saltedge(_salt())).occurred_at == NOW
    assert _receive("basiq", svix(_basiq("connection.created"))).occurred_at is None
    zoneless = {**_codat("read.completed"), "generatedDate": "2024-06-03T10:00:00.1234567"}
    found = _receive("codat_lending", svix(zoneless)).occurred_at
    assert found is not None
    assert found.tzinfo is UTC


def test_an_event_with_less_than_a_whole_connection_is_read_all_the_same() -> None:
    event = _codat("connection.created")
    event["payload"] = {"connection": {"status": "Linked"}, "referenceCompany": {"id": "1e2d"}}
    found = _receive("codat_lending", svix(event))
    assert (found.type, found.connection) == (EventType.CONNECTION_CREATED, None)


def test_a_callback_may_be_named_by_its_url() -> None:
    event = _receive("saltedge", saltedge(_salt(stage="x")), native_type="service")
    assert (event.type, event.native_type) == (EventType.UNKNOWN, "service")


def test_an_event_shows_no_payload() -> None:
    assert "Bakery" not in repr(_receive("codat_lending", svix(_codat("read.completed"))))
    with pytest.raises(ValueError, match="no webhooks of 'nobody'"):
        _receive("nobody", svix({}))
