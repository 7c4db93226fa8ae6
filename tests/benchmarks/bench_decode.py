"""Decoding a large answer, against pydantic alone on equal models. Run by `make bench`."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable

from pydantic import TypeAdapter

from clients._runtime.settle import Answer, settle
from clients._runtime.values import Headers
from clients.powens import models, operations
from tests.behaviour.wire import operation_of

_CONNECTIONS = 10_000
_ROUNDS = 9


def test_decoding_ten_thousand_connections() -> None:
    """The documented example, often."""
    documented = operation_of("powens", "listUserConnections").example(200)
    connection = documented["connections"][0]
    documented = {**documented, "connections": [connection] * _CONNECTIONS}
    content = json.dumps(documented).encode()
    operation = operations.LIST_USER_CONNECTIONS
    kind = next(source for source in operation.results.values() if source)()
    adapter: TypeAdapter[models.ConnectionsList] = TypeAdapter(kind)

    def ours() -> object:
        return settle(operations.PROVIDER, operation, Answer(200, Headers(), content))

    def theirs() -> object:
        return adapter.validate_json(content)

    assert ours() == theirs()
    ratios = [_seconds(ours) / _seconds(theirs) for _ in range(_ROUNDS)]
    ratio = statistics.median(ratios)
    sys.stdout.write(
        f"\ndecode {_CONNECTIONS} connections, against validate_json: "
        f"ratio {ratio:.2f} (at most 1.15)\n"
    )
    assert ratio <= 1.15


def _seconds(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun
