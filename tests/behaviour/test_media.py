"""Clients of documents with every kind of body and answer, generated and then called."""

from __future__ import annotations

import asyncio
import importlib
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner

from linkwright.cli import main
from tests.helpers import REPO
from tests.runtime.uploads import Upload, Uploads, parts_of, uploads

CASES = {
    "acme_bodies": "bodies/media",
    "acme_answers": "responses/media",
    "acme_styles": "parameters/styles",
    "acme_silent": "responses/undocumented",
    "acme_servers": "servers/several",
    "acme_pages": "operations/paged_forms",
}


@pytest.fixture(scope="module", autouse=True)
def packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Generates the documents of some cases, as packages that can be imported."""
    folder = tmp_path_factory.mktemp("media")
    for name, case in CASES.items():
        spec = REPO / "tests" / "cases" / case / "spec.yaml"
        result = CliRunner().invoke(
            main,
            ["generate", "--spec", str(spec), "--name", "acme", "--out", str(folder / name)],
        )
        assert result.exit_code == 0, result.output
    sys.path.insert(0, str(folder))
    yield
    sys.path.remove(str(folder))


@pytest.fixture
def provider() -> Iterator[Uploads]:
    with uploads() as state:
        yield state


Call = Callable[..., Any]


@pytest.fixture(params=["sync", "async"])
def call(request: pytest.FixtureRequest) -> Call:
    """Call a method, such as `letters.create`, of the client of a package."""

    def sync(package: str, method: str, *args: Any, client: dict[str, Any], **given: Any) -> Any:
        acme = importlib.import_module(package).Acme(**client)
        resource, _, name = method.partition(".")
        with acme:
            return getattr(getattr(acme, resource), name)(*args, **given)

    def aio(package: str, method: str, *args: Any, client: dict[str, Any], **given: Any) -> Any:
        async def body() -> Any:
            acme = importlib.import_module(package).AsyncAcme(**client)
            resource, _, name = method.partition(".")
            async with acme:
                return await getattr(getattr(acme, resource), name)(*args, **given)

        return asyncio.run(body())

    return sync if request.param == "sync" else aio


def _sent(upload: Upload) -> tuple[str, bytes]:
    return upload.headers["content-type"], upload.body


def test_bodies(call: Call, provider: Uploads) -> None:
    def send(method: str, **given: Any) -> Upload:
        call("acme_bodies", method, client={"base_url": provider.url}, **given)
        return provider.received[-1]

    with closing(io.BytesIO(b"\x89PNG")) as scan:
        upload = send(
            "letters.create",
            body={"scan": scan, "pages": [b"1", b"2"], "tags": ["a"], "form": {"name": "n"}},
        )
    assert [(p.get_content_type(), p.get_payload()) for p in parts_of(upload)][1:] == [
        ("application/octet-stream", "1"),
        ("application/octet-stream", "2"),
        ("application/json", '["a"]'),
        ("application/json", '{"name":"n"}'),
    ]
    form = {"name": "a b", "address": {"city": "X"}, "expand": ["a", "b"], "link": "x/y"}
    assert send("forms.create", body=form).body == (
        b"name=a+b&address%5Bcity%5D=X&expand=a,b&link=x/y"
    )
    assert _sent(send("scans.replace", body=b"%PDF")) == ("application/pdf", b"%PDF")
    assert _sent(send("scans.create", body=b"png", content_type="image/png")) == (
        "image/png",
        b"png",
    )
    assert _sent(send("scans.send_xml", body="<a/>")) == ("text/xml", b"<a/>")


ANSWERS: list[tuple[str, str, dict[str, Any], bytes, str, object]] = [
    ("scans.get", "application/pdf", {}, b"%PDF", "application/pdf, */*;q=0.1", b"%PDF"),
    ("letters.export", "text/csv", {"accept": "text/csv"}, b"a,1", "text/csv, */*;q=0.1", "a,1"),
    ("letters.export", "", {"accept": "text/csv"}, b"a,1", "text/csv, */*;q=0.1", "a,1"),
    (
        "letters.export",
        "application/octet-stream",
        {"accept": "text/csv"},
        b"a,1",
        "text/csv, */*;q=0.1",
        "a,1",
    ),
    ("letters.feed", "application/rss+xml", {}, b"<a/>", "application/rss+xml, */*;q=0.1", "<a/>"),
    ("letters.any", "text/plain", {}, b"text", "*/*", "text"),
    ("letters.any", "application/json", {}, b"[1]", "*/*", [1]),
    ("letters.empty", "", {}, b"", "application/json", None),
    ("letters.picture", "image/png", {}, b"png", "image/*, */*;q=0.1", b"png"),
]


@pytest.mark.parametrize(("method", "media_type", "given", "content", "accept", "value"), ANSWERS)
def test_answers(
    call: Call,
    method: str,
    media_type: str,
    given: dict[str, Any],
    content: bytes,
    accept: str,
    value: object,
) -> None:
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(200, content=content, headers={"Content-Type": media_type})

    transport = httpx2.MockTransport(answer)
    aio = call.__name__ == "aio"
    http: Any = (httpx2.AsyncClient if aio else httpx2.Client)(transport=transport)
    arguments = ["7"] if method == "scans.get" else []
    assert call("acme_answers", method, *arguments, client={"http_client": http}, **given) == value
    assert seen[0].headers["accept"] == accept


def test_an_operation_that_says_nothing_of_its_answers(call: Call) -> None:
    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(201, json={"a": 1})

    transport = httpx2.MockTransport(answer)
    aio = call.__name__ == "aio"
    http: Any = (httpx2.AsyncClient if aio else httpx2.Client)(transport=transport)
    assert call("acme_silent", "letters.silent", client={"http_client": http}) == {"a": 1}


SERVERS: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("letters.create", {}, {}, "https://us.letters.example/letters"),
    (
        "letters.create",
        {"server": "https://post2.letters.example/"},
        {},
        "https://post2.letters.example/letters",
    ),
    (
        "letters.create",
        {"options": {"server": "https://post2.letters.example/"}},
        {},
        "https://post2.letters.example/letters",
    ),
    (
        "letters.create",
        {"server": "https://post2.letters.example/"},
        {"base_url": "https://proxy.example"},
        "https://proxy.example/letters",
    ),
    ("letters.get_only", {}, {}, "https://only.example/letters/only"),
]


@pytest.mark.parametrize(("method", "given", "client", "url"), SERVERS)
def test_one_of_several_servers(
    call: Call, method: str, given: dict[str, Any], client: dict[str, Any], url: str
) -> None:
    seen: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(str(request.url))
        return httpx2.Response(204)

    transport = httpx2.MockTransport(answer)
    aio = call.__name__ == "aio"
    http: Any = (httpx2.AsyncClient if aio else httpx2.Client)(transport=transport)
    call("acme_servers", method, client={"http_client": http, "region": "us", **client}, **given)
    assert seen == [url]


def test_pages_and_browsers_at_one_of_several_servers() -> None:
    seen: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(str(request.url))
        return httpx2.Response(200, json=[{"id": "a"}] if len(seen) < 2 else [])

    http = httpx2.Client(transport=httpx2.MockTransport(answer))
    acme = importlib.import_module("acme_servers").Acme(http_client=http)
    assert [letter.id for letter in acme.letters.list(server="mail")] == ["a"]
    assert [url.partition("?")[0] for url in seen] == ["https://eu.mail.example/v2/letters"] * 2
    assert acme.letters.print(server="print") == "https://print.example/letters/print"
    errors = importlib.import_module("acme_servers.errors")
    with pytest.raises(errors.RequestError, match="must be one of post, mail"):
        next(iter(acme.letters.list(server="nowhere")))
    with pytest.raises(errors.RequestError, match="it has one server"):
        acme.letters.get_only(options={"server": "x"})


@pytest.mark.parametrize("flavor", ["sync", "async"])
def test_a_list_in_pages_or_as_a_whole(flavor: str) -> None:
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        if "json" not in request.headers["accept"]:
            return httpx2.Response(200, content=b"id\na", headers={"Content-Type": "text/csv"})
        more = {"next_cursor": "n"} if len(seen) < 3 else {}
        return httpx2.Response(200, json={"data": [{"id": str(len(seen))}], **more})

    transport = httpx2.MockTransport(answer)
    package = importlib.import_module("acme_pages")

    async def body() -> tuple[object, list[str], int]:
        acme = package.AsyncAcme(http_client=httpx2.AsyncClient(transport=transport))
        whole = await acme.entries.list(accept="text/csv", cursor="c")
        ids = [entry.id async for entry in acme.entries.list(accept="application/json")]
        return whole, ids, (await acme.raw(acme.entries.list, accept="text/csv")).status

    if flavor == "async":
        whole, ids, status = asyncio.run(body())
    else:
        acme = package.Acme(http_client=httpx2.Client(transport=transport))
        whole = acme.entries.list(accept="text/csv", cursor="c")
        ids = [entry.id for entry in acme.entries.list()]
        status = acme.raw(acme.entries.list, accept="text/csv").status
    assert (whole, ids, status) == ("id\na", ["2", "3"], 200)
    asked = [request.headers["accept"].partition(",")[0] for request in seen]
    assert asked == ["text/csv", "application/json", "application/json", "text/csv"]
    assert dict(seen[0].url.params) == {"cursor": "c"}


def test_pages_that_come_in_another_form() -> None:
    """A provider that answers with CSV whatever it is asked for is an error of ours."""

    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, content=b"id\na", headers={"Content-Type": "text/csv"})

    http = httpx2.Client(transport=httpx2.MockTransport(answer))
    acme = importlib.import_module("acme_pages").Acme(http_client=http)
    errors = importlib.import_module("acme_pages.errors")
    with pytest.raises(errors.ApiError):
        list(acme.entries.list())


def test_parameters(call: Call) -> None:
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(204)

    transport = httpx2.MockTransport(answer)
    aio = call.__name__ == "aio"

    def client() -> dict[str, Any]:
        return {"http_client": (httpx2.AsyncClient if aio else httpx2.Client)(transport=transport)}

    path = ("a/b", ["x", "y"], "z", [1, 2], "1", "2", "f", "r:s/t", {"k": [1]})
    call("acme_styles", "places.paths", *path, client=client())
    assert seen[-1].url.raw_path.decode() == (
        "/path/a%2Fb/x,y/.z/;matrix=1;matrix=2/12/f.json/r:s%2Ft/%7B%22k%22%3A%5B1%5D%7D"
    )
    given = {
        "form": ["a", "b"],
        "joined": ["a", "b"],
        "spaces": ["a", "b"],
        "pipes": ["a", "b"],
        "piped": ["a", "b"],
        "deep": {"status": "s", "limit": 1},
        "spread": {"status": "s"},
        "reserved": "a/b",
        "empty": "",
        "filter": {"limit": 1},
        "expression": "<a/>",
    }
    call("acme_styles", "places.queries", client=client(), **given)
    assert seen[-1].url.query.decode() == "&".join(
        [
            "form=a&form=b",
            "joined=a,b",
            "spaces=a%20b",
            "pipes=a%7Cb",
            "piped=a&piped=b",
            "deep%5Bstatus%5D=s&deep%5Blimit%5D=1",
            "status=s",
            "reserved=a/b",
            "empty=",
            "filter=%7B%22limit%22%3A1%7D",
            "expression=%3Ca%2F%3E",
        ]
    )
    others = {"x_list": ["a", "b"], "x_pairs": {"limit": 1}, "session": "s;", "seen": ["a", "b"]}
    call("acme_styles", "places.others", client=client(), **others)
    assert seen[-1].headers["x-list"] == "a,b"
    assert seen[-1].headers["x-pairs"] == "limit=1"
    assert seen[-1].headers["cookie"] == "session=s%3B; seen=a,b"
