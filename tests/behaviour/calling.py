"""Calls generated methods with arguments that the specifications give as examples.

What is taken from the generated package is how to call it: which method an operation has, and
which of its arguments stands for which name on the wire. What to expect never is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib import import_module
from typing import Any, Final, Literal, Self, TypeAlias
from uuid import UUID

from .checks import ABSENT, Expected
from .wire import Body, Operation, Parameter, Spec

__all__ = ["MODES", "Caller", "Mode", "Variant", "generated", "secrets_of", "variants"]

Mode: TypeAlias = Literal["sync", "async"]
MODES: Final[tuple[Mode, ...]] = ("sync", "async")


@dataclass(frozen=True)
class Variant:
    """One way to call an operation.

    Attributes:
        optional: Whether everything that may be left out is given.
        example: Name of the body's example.
        as_model: Whether the body is given as model, rather than as dictionary.
    """

    optional: bool
    example: str | None = None
    as_model: bool = False

    def __str__(self) -> str:
        body = [] if self.example is None else [self.example, "model" if self.as_model else "dict"]
        return "-".join(["all" if self.optional else "required", *body])

    def expected(self, operation: Operation) -> Expected:
        """The request that this has to become."""
        values = {
            (parameter.place, parameter.name): parameter.example
            for parameter in operation.parameters
            if parameter.required or self.optional
        }
        body: object = ABSENT
        if operation.body and self.example:
            body = operation.body.media.examples[self.example]
        return Expected(operation, values, body, secrets_of(operation.spec))

    def arguments(self, operation: Operation, **options: object) -> dict[str, Any]:
        """The same as keyword arguments of the generated method."""
        target = _generated_operation(operation)
        names = {(param.place, param.wire): param.name for param in target.params}
        given: dict[str, Any] = {}
        for parameter in operation.parameters:
            if not (parameter.required or self.optional):
                continue
            name = names.get((parameter.place, parameter.name))
            if name is not None:
                given[name] = _natural(parameter)
            elif parameter.name == target.idempotency_header:
                options["idempotency_key"] = parameter.example
            else:
                raise LookupError(f"{operation} has no argument for {parameter.name}")
        if operation.body and self.example:
            given["body"] = self._body(operation.spec, operation.body)
        return {**given, "options": options} if options else given

    def _body(self, spec: Spec, body: Body) -> object:
        example = body.media.examples[self.example or ""]
        if not self.as_model:
            return example
        name = body.media.schema["$ref"].rpartition("/")[2]
        return getattr(generated(spec, "models"), name).model_validate(example)


def variants(operation: Operation) -> list[Variant]:
    """All ways to call an operation that differ on the wire or in Python."""
    extra = any(not parameter.required for parameter in operation.parameters)
    body = operation.body
    if body is None:
        return [Variant(False), *([Variant(True)] if extra else [])]
    bare = [] if body.required else [Variant(False)]
    return bare + [
        Variant(optional, example, as_model)
        for example in body.media.examples
        for as_model in (True, False)
        for optional in ((True, False) if extra and body.required else (True,))
    ]


class Caller:
    """Holds a synchronous and an asynchronous client of every provider.

    Args:
        url: Base URL of all of them.
        leaving_out: Credential argument that is not given to the clients.
    """

    def __init__(self, url: str, leaving_out: str | None = None) -> None:
        self._url = url
        self._leaving_out = leaving_out
        self._stack = ExitStack()
        # First in, so last out: asynchronous clients are closed in it.
        self._runner = self._stack.enter_context(asyncio.Runner())
        self._clients: dict[tuple[str, str, Mode], Any] = {}
        self._methods: dict[tuple[str, str, Mode], Mapping[str, Callable[..., Any]]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._stack.close()

    def methods(self, spec: Spec, mode: Mode) -> Mapping[str, Callable[..., Any]]:
        """Every method of a client, by what the last line of its docstring says it calls."""
        key = spec.package, spec.name, mode
        if key not in self._methods:
            self._methods[key] = dict(_described_methods(self._client(spec, mode)))
        return self._methods[key]

    def call(self, operation: Operation, mode: Mode, arguments: Mapping[str, Any]) -> Any:
        """Call the method of an operation and wait for what it gives."""
        line = f"{operation.method} {operation.path} ({operation.id})"
        result = self.methods(operation.spec, mode)[line](**arguments)
        if hasattr(result, "first_page"):
            page = result.first_page()
            return (page if mode == "sync" else self._runner.run(page)).response.value
        # A method that builds a URL is a plain function in both clients.
        if mode == "sync" or operation.is_for_browsers:
            return result
        return self._runner.run(result)

    def answer(self, operation: Operation, mode: Mode, arguments: Mapping[str, Any]) -> Any:
        """Likewise, giving the whole `Response`; of a list in pages, that of the first one."""
        line = f"{operation.method} {operation.path} ({operation.id})"
        method = self.methods(operation.spec, mode)[line]
        if hasattr(_generated_operation(operation), "paging"):
            page = method(**arguments).first_page()
            return (page if mode == "sync" else self._runner.run(page)).response
        answer = self._client(operation.spec, mode).raw(method, **arguments)
        return answer if mode == "sync" else self._runner.run(answer)

    def _client(self, spec: Spec, mode: Mode) -> Any:
        key = spec.package, spec.name, mode
        if key not in self._clients:
            self._clients[key] = self._made(spec, mode)
        return self._clients[key]

    def _made(self, spec: Spec, mode: Mode) -> Any:
        secrets = secrets_of(spec).items()
        arguments = {name: value for name, value in secrets if name != self._leaving_out}
        if self._leaving_out in {one.argument for one in spec.schemes.values() if one.obtained}:
            # The client could get it with the others.
            arguments = {}
        if mode == "sync":
            return self._stack.enter_context(
                getattr(generated(spec), spec.title)(base_url=self._url, **arguments)
            )
        client = getattr(generated(spec), f"Async{spec.title}")(base_url=self._url, **arguments)
        self._stack.callback(lambda: self._runner.run(client.close()))
        return client


def secrets_of(spec: Spec) -> dict[str, str]:
    """A made-up credential for each credential argument of a provider's client."""
    return {scheme.argument: f"{scheme.argument}:made/up+1==" for scheme in spec.schemes.values()}


def generated(spec: Spec, module: str = "") -> Any:
    """Import a provider's package, or a module of it."""
    return import_module(".".join([spec.package, spec.name, *([module] if module else [])]))


def _described_methods(client: object) -> Iterator[tuple[str, Callable[..., Any]]]:
    seen: set[str] = set()
    for resource in _attributes(type(client)):
        if isinstance(getattr(type(client), resource), cached_property):
            owner: object = getattr(client, resource)
            for name in _attributes(type(owner)):
                method: Callable[..., Any] = getattr(owner, name)
                line = (method.__doc__ or "").rstrip().rpartition("\n")[2].strip()
                assert line not in seen, f"two methods for {line}"
                seen.add(line)
                yield line, method


def _attributes(kind: type[object]) -> list[str]:
    return [name for name in vars(kind) if not name.startswith("_")]


def _generated_operation(operation: Operation) -> Any:
    module = generated(operation.spec, "operations")
    constants: list[Any] = [getattr(module, name) for name in dir(module)]
    (found,) = (one for one in constants if getattr(one, "id", None) == operation.id)
    return found


def _natural(parameter: Parameter) -> Any:
    """Give an example as the Python value that a caller is most likely to have."""
    match parameter.schema.get("format"):
        case "uuid":
            return UUID(parameter.example)
        case "date":
            return date.fromisoformat(parameter.example)
        case _:
            return parameter.example
