"""Documents as vendors publish them, whole. They are not part of the project.

Each is generated, imported and type-checked, and every operation called against a server that
holds the request against the document, by a validator that is not ours.
"""

from __future__ import annotations

import fcntl
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from linkwright.config import Project, Provider
from linkwright.pipeline import draft
from linkwright.workers import Workers
from tests.helpers import REPO, python

from .calling import MODES, Caller, Mode, Variant
from .checks import faults
from .compare import differences, kinds_of_text
from .server import Answer, Loopback, Received, answer_json
from .vendors import CORPUS, DOCUMENTS, PACKAGE, VendorSpec, vendor
from .wire import Operation, Reply

pytestmark = pytest.mark.skipif(
    not CORPUS.exists(), reason=f"the corpus of real documents is not at {CORPUS}"
)

#: What the documents demand and forbid at once, so that no value can be made.
_CONTRADICTIONS = {
    # Closed by `additionalProperties`, and all its properties are in `allOf`.
    ("list-sync-transactions", "was not made well: $: additionalProperties"),
    # A string whose one value is `true` without quotes.
    ("updateSyncUserConnection", "body: $.resume: type"),
}


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Path]:
    """Where the clients of all documents are, made once for all workers; on the path."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "real_documents"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            _generate(folder / PACKAGE)
            (folder / "done").touch()
    sys.path.insert(0, str(folder))
    yield folder
    sys.path.remove(str(folder))


def _generate(out: Path) -> None:
    """Everything but black, whose work changes nothing here and takes most of the time."""
    providers = tuple(Provider(name, CORPUS / file) for name, file in DOCUMENTS.items())
    with Workers() as workers:
        made = draft(Project(providers, None), workers)
    for path, text in made.files.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_text(text, "utf-8")


@pytest.fixture(scope="module")
def vendors() -> dict[str, VendorSpec]:
    """Documents that this worker has read."""
    return {}


@pytest.fixture(params=DOCUMENTS)
def spec(request: pytest.FixtureRequest, vendors: dict[str, VendorSpec]) -> VendorSpec:
    """One document."""
    if request.param not in vendors:
        vendors[request.param] = vendor(request.param)
    return vendors[request.param]


def test_mypy_accepts_all(folder: Path) -> None:
    ran = python(
        "-m",
        "mypy",
        "--strict",
        *("--config-file", "", "--cache-dir", REPO / ".mypy_cache" / "real_documents"),
        PACKAGE,
        cwd=folder,
        timeout=300,
    )
    assert ran.status == 0, ran.out


@pytest.mark.parametrize("mode", MODES)
def test_every_operation(spec: VendorSpec, mode: Mode, server: Loopback, caller: Caller) -> None:
    wanted = [f"{one.method} {one.path} ({one.id})" for one in spec.operations]
    assert sorted(caller.methods(spec, mode)) == sorted(wanted)

    wrong = [
        f"{operation.id} {call}: {fault}"
        for operation in spec.operations
        for call, found in _calls(operation, mode, server, caller)
        for fault in found
        if (operation.id, fault) not in _CONTRADICTIONS
    ]
    assert not wrong, "\n".join(wrong)


def _calls(
    operation: Operation, mode: Mode, server: Loopback, caller: Caller
) -> Iterator[tuple[str, list[str]]]:
    """Call an operation for each documented success; gives what is wrong with each call.

    Synchronously with every example. That the asynchronous client decodes alike needs only one.
    """
    bodies = list(operation.body.media.examples) if operation.body else [None]
    replies = operation.replies or (Reply(200, None),)
    for reply in replies:
        examples = list(reply.media.examples) if reply.media else ["nothing"]
        for turn in range(max(len(bodies), len(examples)) if mode == "sync" else 1):
            example = examples[turn % len(examples)]
            variant = Variant(turn % 2 == 0, bodies[turn % len(bodies)])
            try:
                wrong = list(_call(operation, variant, reply, example, mode, server, caller))
            except Exception:
                wrong = [traceback.format_exc(limit=-3)]
            yield f"{variant} {reply.status} {example}", wrong


def _call(
    operation: Operation,
    variant: Variant,
    reply: Reply,
    example: str,
    mode: Mode,
    server: Loopback,
    caller: Caller,
) -> Iterator[str]:
    expected = variant.expected(operation)
    value: Any = reply.media.examples[example] if reply.media else None
    objections: list[str] = []

    def respond(request: Received) -> Answer:
        # A fault in a check must not look like a broken connection.
        try:
            objections.extend(faults(request, expected))
        except Exception as error:
            objections.append(f"cannot be checked: {error!r}")
        return _answer(reply, value)

    server.reset(respond)
    answer = caller.answer(operation, mode, variant.arguments(operation, retries=0))
    yield from objections
    if len(server.received) != 1:
        yield f"{len(server.received)} requests"
    if answer.status != reply.status:
        yield f"status {answer.status}"
    if reply.media is None:
        if answer.value is not None:
            yield f"{answer.value!r} of nothing"
    elif "json" not in reply.media.type:
        if answer.value != _content(value):
            yield f"{answer.value!r} is not what came"
    else:
        # Every other example is there because the schema allows it.
        violations = operation.spec.violations(reply.media.schema, value)
        yield from (f"was not made well: {violation}" for violation in violations)
        yield from (f"issue: {issue}" for issue in answer.issues)
        kinds = kinds_of_text(operation.spec, reply.media.schema, value)
        yield from differences(value, _dumped(answer.value), kinds)


def _answer(reply: Reply, value: object) -> Answer:
    if reply.media is None:
        return Answer(reply.status)
    if "json" in reply.media.type:
        return answer_json(reply.status, value)
    return Answer(reply.status, _content(value), {"Content-Type": reply.media.type})


def _content(value: object) -> bytes:
    return str(value).encode()


def _dumped(value: object) -> object:
    adapter: TypeAdapter[Any] = TypeAdapter(Any)
    return adapter.dump_python(value, mode="json", by_alias=True, exclude_unset=True)
