"""Credentials and what is as good as one are in no text that a program may print or log."""

from __future__ import annotations

import asyncio
import copy
import json
import logging
import pickle
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from clients import AsyncPowens, Basiq, CodatExpenses, Powens, errors

from .calling import generated, secrets_of
from .compare import secrets_in
from .server import Answer, Loopback, Received, answer_json
from .wire import Media, Operation, Spec, operation_of, operations, specs

GET = operation_of("powens", "getUserConnection")
SECRET = "s3cret-Value/9"
BODY_SECRET = "hunter2-hunter2"


def _models() -> Iterator[Any]:
    for operation in operations():
        named = [("request", operation.body.media)] if operation.body else []
        named += [(str(one.status), one.media) for one in operation.replies if one.media]
        for part, media in named:
            for name, example in media.examples.items():
                if secrets_in(operation.spec, media.schema, example):
                    yield pytest.param(operation, media, name, id=f"{operation}-{part}-{name}")


@pytest.mark.parametrize(("operation", "media", "name"), list(_models()))
def test_models_do_not_show_what_is_secret(operation: Operation, media: Media, name: str) -> None:
    example = media.examples[name]
    kind = getattr(generated(operation.spec, "models"), media.schema["$ref"].rpartition("/")[2])

    model = kind.model_validate(example)

    for secret in secrets_in(operation.spec, media.schema, example):
        assert secret not in f"{model!r} {model} {copy.deepcopy(model)!r}"


@pytest.mark.parametrize("asynchronous", [False, True], ids=["sync", "async"])
@pytest.mark.parametrize("spec", specs(), ids=lambda spec: spec.name)
def test_clients_do_not_show_credentials(spec: Spec, asynchronous: bool) -> None:
    kind = getattr(generated(spec), f"{'Async' if asynchronous else ''}{spec.title}")
    secrets = secrets_of(spec)

    client = kind(**secrets)

    for secret in secrets.values():
        assert secret not in f"{client!r} {client} {vars(client)!r}"


@pytest.mark.parametrize(
    "value", [f"{SECRET}\r\nX: 1", f"{SECRET} ", f"{SECRET}\0", f"{SECRET}\u2028", 7, b"x"]
)
def test_a_credential_that_cannot_be_sent_is_not_shown(value: Any) -> None:
    with pytest.raises(errors.ConfigurationError, match="`token`") as caught:
        Powens(token=value)

    assert SECRET not in "".join(traceback.format_exception(caught.value))


def test_a_session_of_one_call_does_not_travel_with_the_next(server: Loopback) -> None:
    server.always(200, GET.example(200), **{"Set-Cookie": f"sid={SECRET}; Path=/"})

    with Powens(token="t", base_url=server.url) as client:
        client.connections.get(1)
        client.connections.get(2)

    assert [one.header("cookie") for one in server.received] == [None, None]


def test_no_credential_comes_from_the_environment(
    server: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine 127.0.0.1 login someone password {BODY_SECRET}\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server.always(200, operation_of("powens", "initUserToken").example(200))

    with Powens(base_url=server.url) as client:
        client.authentication.init_user()

    assert server.only.header("authorization") is None


def test_nothing_is_logged_that_is_secret(
    server: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    server.always(200, GET.example(200))
    caplog.set_level(logging.DEBUG)

    with Powens(token=SECRET, base_url=server.url) as client:
        client.connections.update(9071, body={"password": BODY_SECRET})

    assert BODY_SECRET in server.only.body.decode()
    # The HTTP library logs, so an empty log would prove nothing.
    assert caplog.text
    assert SECRET not in caplog.text
    assert BODY_SECRET not in caplog.text


def _everything_about(error: BaseException) -> str:
    shown = [*traceback.format_exception(error), repr(error), repr(pickle.dumps(error))]
    return " ".join([*shown, repr(copy.copy(error)), repr(vars(error))])


@pytest.mark.parametrize("status", [None, 200, 400, 500], ids=["lost", "unreadable", "400", "500"])
def test_errors_do_not_show_what_was_sent(
    status: int | None, server: Loopback, http: httpx2.Client
) -> None:
    client = Powens(token=SECRET, base_url=server.url, http_client=http, decoding="strict")
    server.reset(lambda _: answer_json(status, {"code": "x"}) if status else None)

    with pytest.raises(errors.ApiError) as caught:
        client.connections.update(
            9071,
            body={"password": BODY_SECRET},
            options={"retries": 0, "query": {"q": SECRET}, "headers": {"X-A": BODY_SECRET}},
        )

    shown = _everything_about(caught.value)
    assert SECRET not in shown
    assert BODY_SECRET not in shown
    assert caught.value.__cause__ is None


def test_errors_of_the_asynchronous_client_do_not_show_what_was_sent(server: Loopback) -> None:
    server.reset(lambda _: None)

    async def main() -> None:
        async with AsyncPowens(token=SECRET, base_url=server.url) as client:
            with pytest.raises(errors.TransportError) as caught:
                await client.connections.create(body={"id_connector": 40, "password": BODY_SECRET})
            shown = _everything_about(caught.value)
            assert SECRET not in shown
            assert BODY_SECRET not in shown

    asyncio.run(main())


def test_errors_do_not_quote_the_answer(server: Loopback, http: httpx2.Client) -> None:
    client = Basiq(api_key=SECRET, base_url=server.url, http_client=http, decoding="strict")
    server.always(200, {"access_token": [BODY_SECRET], BODY_SECRET: 1})

    with pytest.raises(errors.DecodeError) as caught:
        client.authentication.token(body={"scope": "SERVER_ACCESS"})

    shown = f"{caught.value} {caught.value!r} {traceback.format_exception(caught.value)}"
    assert BODY_SECRET not in shown
    assert "access_token" in shown


def test_an_argument_that_cannot_be_sent_is_not_shown(server: Loopback) -> None:
    with (
        Powens(token="t", base_url=server.url) as client,
        pytest.raises(errors.RequestError, match="`body`") as caught,
    ):
        client.connections.create(body={"password": f"{BODY_SECRET}\ud800"})

    assert BODY_SECRET not in _everything_about(caught.value)
    assert not server.received


@pytest.mark.parametrize("status", [200, 400, 401, 500])
@pytest.mark.parametrize("provider", ["powens", "codat"])
def test_errors_do_not_hold_credentials_that_the_answer_quotes(
    provider: str, status: int, server: Loopback, http: httpx2.Client
) -> None:
    def echo(received: Received) -> Answer:
        seen = received.header("authorization")
        content = json.dumps([{"message": f"{seen} {SECRET}", "request_id": seen}]).encode()
        return Answer(status, content, {"X-Request-Id": f"{seen} {SECRET}"})

    server.reset(echo)
    powens = Powens(token=SECRET, base_url=server.url, http_client=http, retries=0)
    codat = CodatExpenses(api_key=SECRET, base_url=server.url, http_client=http, retries=0)
    with pytest.raises(errors.ApiError) as caught:
        powens.connections.get(1) if provider == "powens" else codat.companies.get("1")

    written = (server.received[0].header("authorization") or "").rpartition(" ")[2]
    shown = _everything_about(caught.value)
    assert len(written) > 8
    assert SECRET not in shown
    assert written not in shown
