from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from package._runtime import errors
from package._runtime.otel import OpenTelemetryHook

from .conftest import TEMPLATES, Server
from .toyapi import Toy

FOUND = b'{"id":7,"status":"active"}'


def test_spans_follow_the_conventions(server: Server) -> None:
    pytest.importorskip("opentelemetry.sdk")
    from importlib import import_module

    sdk: Any = import_module("opentelemetry.sdk.trace")
    export: Any = import_module("opentelemetry.sdk.trace.export")
    memory: Any = import_module("opentelemetry.sdk.trace.export.in_memory_span_exporter")
    exporter = memory.InMemorySpanExporter()
    provider = sdk.TracerProvider()
    provider.add_span_processor(export.SimpleSpanProcessor(exporter))
    server.reply(503, Retry_After="0")
    server.reply(200, FOUND)
    server.reply(404)
    hook = OpenTelemetryHook(provider)
    with (
        provider.get_tracer("t").start_as_current_span("parent") as parent,
        Toy(token="s3cret", base_url=server.url, hooks=[hook]) as client,
    ):
        client.connections.get(7, options={"query": {"k": "s3cret"}})
        with pytest.raises(errors.NotFound):
            client.connections.get(7)
    first, second, third = (dict(one.attributes) for one in exporter.get_finished_spans()[:3])
    names = {one.name for one in exporter.get_finished_spans()[:3]}
    assert names == {"GET /users/me/connections/{connectionId}"}
    port = int(server.url.split(":")[2].split("/")[0])
    common = {
        "http.request.method": "GET",
        "server.address": "127.0.0.1",
        "server.port": port,
        "url.template": "/users/me/connections/{connectionId}",
        "url.full": f"{server.url}/users/me/connections/7",
    }
    masked = {**common, "url.full": f"{common['url.full']}?***=***"}
    assert first == {**masked, "http.response.status_code": 503, "error.type": "503"}
    assert second == {**masked, "http.response.status_code": 200, "http.request.resend_count": 1}
    assert third == {**common, "http.response.status_code": 404, "error.type": "404"}
    one = exporter.get_finished_spans()[0]
    assert one.kind.name == "CLIENT"
    assert one.parent.span_id == parent.get_span_context().span_id
    hidden: Any = hook
    assert not hidden._spans


def test_opentelemetry_is_imported_when_a_hook_is_made() -> None:
    program = (
        f"import sys; sys.path[:0] = [{str(TEMPLATES)!r}]; sys.modules['opentelemetry'] = None\n"
        "from package._runtime.otel import OpenTelemetryHook\n"
        "try: OpenTelemetryHook()\n"
        "except ImportError: print('late')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, timeout=60, text=True
    )
    assert done.stdout == "late\n"
