from __future__ import annotations

import copy
import pickle
from collections.abc import Iterator
from typing import Any

import pytest

from package._runtime.auth import Secret, authorize, choose, wrap
from package._runtime.errors import ConfigurationError
from package._runtime.prepare import Prepared

from .toyapi.client import Toy
from .toyapi.operations import EXCHANGE_CODE, GET_CONNECTION, LIST_CONNECTIONS, PROVIDER

SECRET = "s3cr3t-value"
PLAIN = Prepared("GET", "https://x/y?a=1", (("authorization", "mine"),))


def test_bearer_replaces_what_the_caller_set() -> None:
    signed = authorize(PLAIN, PROVIDER, {"userToken": SECRET})
    assert signed.headers == (("Authorization", f"Bearer {SECRET}"),)
    assert PLAIN.headers == (("authorization", "mine"),)
    assert SECRET not in repr(signed)


def test_basic() -> None:
    signed = authorize(PLAIN, PROVIDER, {"login": "Aladdin:open sesame"})
    assert signed.headers == (("Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),)


def test_api_keys_together() -> None:
    values = {"appId": "id", "appSecret": "key", "queryKey": "a&b", "cookieKey": "c=d"}
    signed = authorize(PLAIN, PROVIDER, values)
    assert dict(signed.headers) == {
        "authorization": "mine",
        "App-id": "id",
        "X-Secret": "Basic a2V5",
        "Cookie": "sid=c=d",
    }
    assert signed.url == "https://x/y?a=1&key=a%26b"


def test_prefix_that_is_there_already() -> None:
    signed = authorize(PLAIN, PROVIDER, {"appSecret": "Basic a2V5"})
    assert ("X-Secret", "Basic a2V5") in signed.headers


def test_first_alternative_that_can_be_met() -> None:
    token, app = Secret("t"), {"appId": Secret("i"), "appSecret": Secret("s")}
    assert choose(PROVIDER, GET_CONNECTION, {"userToken": token, **app}) == ("userToken",)
    assert choose(PROVIDER, GET_CONNECTION, app) == ("appId", "appSecret")
    assert choose(PROVIDER, LIST_CONNECTIONS, {}) == ()
    assert choose(PROVIDER, EXCHANGE_CODE, {"userToken": token}) == ()


def test_missing_credential_names_the_arguments() -> None:
    with pytest.raises(ConfigurationError) as caught:
        choose(PROVIDER, GET_CONNECTION, {"appId": Secret("i")})
    assert (
        "connections.get needs the client to be made with `token`, or `app_id` and `app_secret`"
        in (str(caught.value))
    )


@pytest.mark.parametrize(
    "value", ["", f"{SECRET}\n", f"{SECRET}\r\nX: y", f"{SECRET}\0", "€", 7, b"x"]
)
def test_unsendable_credential_is_refused_unseen(value: Any) -> None:
    with pytest.raises(ConfigurationError, match="`token`") as caught:
        wrap(PROVIDER, {"userToken": value})
    assert SECRET not in str(caught.value)
    with pytest.raises(ConfigurationError, match="`token`") as caught:
        authorize(PLAIN, PROVIDER, {"userToken": value})
    assert SECRET not in str(caught.value)


def every_text_of(value: object, depth: int = 4) -> Iterator[str]:
    yield repr(value)
    if depth and hasattr(value, "__dict__"):
        yield repr(vars(value))
        for inner in vars(value).values():
            yield from every_text_of(inner, depth - 1)


def test_no_text_of_a_client_shows_credentials() -> None:
    client = Toy(token=SECRET, app_id=lambda: SECRET, app_secret=SECRET)
    assert not [text for text in every_text_of(client) if SECRET in text]
    assert repr(client) == "Toy(base_url='https://demo.toy.example/2.0')"


def test_a_secret_is_not_copied_out() -> None:
    for leak in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            leak(Secret(SECRET))
