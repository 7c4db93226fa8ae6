"""Changes of clients, resources, methods, arguments and errors."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from .annotations import compare as relate
from .catalogue import Change
from .models import renamed
from .surface import Argument, Method, Operation, ProviderSurface, Resource

__all__ = ["compare_client", "compare_errors", "compare_resources"]

#: Arguments of an operation's constant that have kinds of their own.
_FACTS = {
    "paging": "operation-paging-changed",
    "retry": "operation-retry-changed",
    "timeout": "operation-timeout-changed",
    "idempotency_header": "operation-idempotency-changed",
    "body": "operation-media-type-changed",
}


@dataclass(frozen=True, slots=True)
class _Maker:
    """Changes of one thing."""

    provider: str
    path: str
    subject: tuple[str, ...]

    def __call__(self, kind: str, before: object = None, after: object = None) -> Change:
        return Change(
            kind=kind,
            provider=self.provider,
            path=self.path,
            subject=self.subject,
            before=None if before is None else str(before),
            after=None if after is None else str(after),
        )

    def of(self, tail: str, *subject: str) -> _Maker:
        """Of something inside."""
        return _Maker(self.provider, self.path + tail, subject)


def compare_client(old: ProviderSurface, new: ProviderSurface) -> Iterator[Change]:
    """The client class, its constructor, and what it knows of the provider."""
    make = _Maker(new.package, f"{new.package}.{new.client}", ("client",))
    if old.client != new.client:
        kept = old.client in new.aliases["__init__.py"]
        yield make("client-alias-kept" if kept else "client-renamed", old.client, new.client)
    if old.client_doc != new.client_doc:
        yield make("client-documentation-changed")
    before = {a.name: a for a in old.arguments}
    after = {a.name: a for a in new.arguments}
    for name, target in new.kept.items():
        if name in before and target not in before:
            yield make.of(f"({target})", "argument", target)(
                "client-argument-alias-kept", name, target
            )
            before[target] = before.pop(name)
    for name in sorted(old.kept.keys() - new.kept.keys() - after.keys()):
        yield make.of(f"({name})", "argument", name)("alias-removed")
    for name in sorted(before.keys() | after.keys()):
        at = make.of(f"({name})", "argument", name)
        yield from _client_argument(before.get(name), after.get(name), at)
    if old.provider.get("base_url") != new.provider.get("base_url"):
        yield make("server-changed", old.provider.get("base_url"), new.provider.get("base_url"))
    credentials = [
        # What it is called is reported as an argument.
        re.sub(r"\bargument='\w+'", "", side.provider.get("credentials", ""))
        for side in (old, new)
    ]
    if credentials[0] != credentials[1]:
        yield make.of("", "credentials")(
            "authentication-changed",
            old.provider.get("credentials"),
            new.provider.get("credentials"),
        )


def _client_argument(old: Argument | None, new: Argument | None, make: _Maker) -> Iterator[Change]:
    if old is None or new is None:
        if new is not None:
            required = "-required" if new.default is None else ""
            yield make(f"client-argument-added{required}", None, new.annotation)
        else:
            yield make("client-argument-removed")
        return
    if (old.default is None) != (new.default is None):
        yield make(f"client-argument-{'required' if new.default is None else 'optional'}")
    elif old.default != new.default:
        yield make("client-argument-default-changed", old.default, new.default)
    relation = relate(_given(old), _given(new))
    if relation != "same":
        yield make(f"client-argument-type-{relation}", old.annotation, new.annotation)


def _given(argument: Argument) -> str | None:
    """The type of a value that is given: an optional argument has `| None` besides."""
    if argument.annotation is None or argument.default != "None":
        return argument.annotation
    return argument.annotation.removesuffix(" | None")


def compare_resources(
    old: ProviderSurface, new: ProviderSurface, models: Mapping[str, str]
) -> Iterator[Change]:
    """Resources and their methods; an operation is told by its HTTP method and path."""
    pairs = dict(_pairs(old.operations, new.operations))
    moved = _moved_resources(pairs)
    for name in sorted(old.resources.keys() | new.resources.keys()):
        make = _Maker(new.package, f"{new.package}.{name}", ("resource", name))
        if name not in new.resources:
            target = _resource(new, name)
            if target is not None:
                yield make("resource-alias-kept", name, target.module)
            elif name in moved:
                yield make("resource-renamed", name, moved[name])
            else:
                yield make("resource-removed")
        elif name not in old.resources:
            if name not in moved.values():
                yield make("resource-added")
        elif old.resources[name].doc != new.resources[name].doc:
            yield make("resource-documentation-changed")
    for before, after in pairs.values():
        yield from _operation(old, new, before, after, models, moved)


def _pairs(
    old: Mapping[str, Operation], new: Mapping[str, Operation]
) -> Iterator[tuple[str, tuple[Operation | None, Operation | None]]]:
    """The same operation on both sides: of one request, or else of one name."""
    calls = {o.call: o for key, o in new.items() if key not in old}
    taken: set[str] = set()
    for key, operation in old.items():
        other = new.get(key)
        if other is None and (other := calls.get(operation.call)) is not None:
            taken.add(other.key)
        yield key, (operation, other)
    for key, operation in new.items():
        if key not in old and key not in taken:
            yield key, (None, operation)


def _moved_resources(
    pairs: Mapping[str, tuple[Operation | None, Operation | None]],
) -> dict[str, str]:
    """Old names of resources all of whose operations are in one other resource now."""
    went: dict[str, set[str]] = {}
    came: dict[str, set[str]] = {}
    for old, new in pairs.values():
        if old is not None:
            went.setdefault(_home(old), set()).add(_home(new) if new else "")
        if new is not None:
            came.setdefault(_home(new), set()).add(_home(old) if old else "")
    return {
        old: target
        for old, targets in went.items()
        for target in targets
        if len(targets) == 1 and target not in ("", old) and came[target] <= {old, ""}
    }


def _home(operation: Operation) -> str:
    return operation.call.rpartition(".")[0]


def _last(operation: Operation) -> str:
    return operation.call.rpartition(".")[2]


def _resource(side: ProviderSurface, name: str) -> Resource | None:
    """What a client has under a name, which may be one that was given up."""
    classes = {r.name: r for r in side.resources.values()}
    return side.resources.get(name) or classes.get(side.attributes.get(name, ""))


def _method(side: ProviderSurface, operation: Operation) -> Method | None:
    module, _, name = operation.call.rpartition(".")
    resource: Resource | None = side.resources.get(module)
    return resource.methods.get(name) if resource else None


def _operation(
    old: ProviderSurface,
    new: ProviderSurface,
    before: Operation | None,
    after: Operation | None,
    models: Mapping[str, str],
    moved: Mapping[str, str],
) -> Iterator[Change]:
    named = after or before
    assert named is not None
    make = _Maker(new.package, f"{new.package}.{named.call}", ("operation", named.key))
    if before is None or after is None:
        yield make("operation-removed" if after is None else "operation-added", after=named.key)
        return
    home = moved.get(_home(before), _home(before))
    if before.call != after.call and f"{home}.{_last(before)}" != after.call:
        resource = _resource(new, _home(before))
        alias = resource.methods.get(_last(before)) if resource else None
        found = f"{resource.module}.{alias.name}" if resource and alias else ""
        if alias and (alias.deprecated or found == after.call):
            yield make("operation-alias-kept", before.call, after.call)
        else:
            kind = "operation-renamed" if home == _home(after) else "operation-moved"
            yield make(kind, before.call, after.call)
    if before.name != after.name:
        kept = before.name in new.aliases["operations.py"]
        yield make.of("", "operation", after.key)(
            "constant-alias-kept" if kept else "constant-renamed", before.name, after.name
        )
    if before.key != after.key:
        yield make("operation-request-changed", before.key, after.key)
    one, other = _method(old, before), _method(new, after)
    if one is not None and other is not None:
        if one.deprecated != other.deprecated:
            yield make("operation-deprecated" if other.deprecated else "operation-undeprecated")
        elif one.doc != other.doc:
            yield make("operation-documentation-changed")
        yield from _arguments(before, after, one, other, make, models)
        yield from _result(one, other, make, models)
    yield from _facts(before, after, make)


def _result(old: Method, new: Method, make: _Maker, models: Mapping[str, str]) -> Iterator[Change]:
    before, after = renamed(old.returns, models), new.returns
    paged = [str(r or "").startswith("Pager[") for r in (before, after)]
    if paged[0] != paged[1]:
        yield make("operation-paged" if paged[1] else "operation-unpaged", old.returns, after)
        return
    relation = relate(before, after)
    if relation != "same":
        yield make(f"result-type-{relation}", old.returns, after)


def _facts(old: Operation, new: Operation, make: _Maker) -> Iterator[Change]:
    for fact, kind in _FACTS.items():
        one, other = old.facts.get(fact), new.facts.get(fact)
        # A body or paging that comes or goes shows in the signature.
        silent = fact in ("body", "paging") and (one is None or other is None)
        if one != other and not silent:
            yield make(kind, one, other)
    for fact, kind in (("results", "success"), ("errors", "error")):
        one_set, other_set = _statuses(old.facts.get(fact)), _statuses(new.facts.get(fact))
        for status in sorted(other_set - one_set):
            yield make.of("", "status", new.key, status)(f"operation-{kind}-added", None, status)
        for status in sorted(one_set - other_set):
            yield make.of("", "status", old.key, status)(f"operation-{kind}-removed", status)
    yield from _security(old.facts.get("security"), new.facts.get("security"), make)


def _statuses(text: str | None) -> set[str]:
    """The keys of `results`, and the statuses that `errors` groups by type."""
    if text is None:
        return set()
    node = ast.parse(text, mode="eval").body
    if isinstance(node, ast.Dict):
        return {str(k.value) for k in node.keys if isinstance(k, ast.Constant)}
    return {str(n.value) for n in ast.walk(node) if isinstance(n, ast.Constant)}


def _security(old: str | None, new: str | None, make: _Maker) -> Iterator[Change]:
    if old == new:
        return
    before, after = (
        (
            {frozenset(alternative) for alternative in ast.literal_eval(text)}
            if text
            else {frozenset[str]()}
        )
        for text in (old, new)
    )
    # Every old alternative must still suffice, alone or because less is asked for.
    suffices = all(any(wanted <= had for wanted in after) for had in before)
    yield make(
        "operation-security-widened" if suffices else "operation-security-narrowed", old, new
    )


def _arguments(
    before: Operation,
    after: Operation,
    old: Method,
    new: Method,
    make: _Maker,
    models: Mapping[str, str],
) -> Iterator[Change]:
    """Arguments are the same if they go to the same place under the same name on the wire."""
    one = {a.name: a for a in old.arguments}
    other = {a.name: a for a in new.arguments}
    names = {
        before.arguments[key]: after.arguments[key]
        for key in before.arguments.keys() & after.arguments.keys()
    }
    arrived = set(names.values())
    for name, argument in one.items():
        target = names.get(name, name)
        at = make.of(f"({target})", "parameter", after.key, target)
        if target in other:
            if target != name:
                kept = new.kept.get(name) == target
                yield at("parameter-alias-kept" if kept else "parameter-renamed", name, target)
            found = replace(argument, annotation=renamed(argument.annotation, models))
            yield from _argument(found, other[target], at)
        else:
            yield at("body-removed" if name == "body" else "parameter-removed")
    for name, argument in other.items():
        if name not in arrived and name not in one:
            what = "body" if name == "body" else "parameter"
            required = "-required" if argument.default is None else ""
            at = make.of(f"({name})", "parameter", after.key, name)
            yield at(f"{what}-added{required}", None, argument.annotation)
    for name in sorted(old.kept.keys() - new.kept.keys() - other.keys()):
        yield make.of(f"({name})", "parameter", after.key, name)("alias-removed")
    order = [names.get(n, n) for n in _positional(old.arguments)]
    now = _positional(new.arguments)
    if [n for n in order if n in now] != [n for n in now if n in order]:
        yield make("parameter-reordered", ", ".join(order), ", ".join(now))
    for key in sorted(before.params.keys() & after.params.keys()):
        yield from _wire(before.params[key], after.params[key], after, key, make)


def _argument(old: Argument, new: Argument, make: _Maker) -> Iterator[Change]:
    what = "body" if new.name == "body" else "parameter"
    if old.kind != new.kind:
        yield make("parameter-kind-changed", old.kind, new.kind)
    if (old.default is None) != (new.default is None):
        yield make(f"{what}-{'required' if new.default is None else 'optional'}")
    elif old.default != new.default:
        yield make("parameter-default-changed", old.default, new.default)
    relation = relate(old.annotation, new.annotation)
    if relation != "same":
        yield make(f"{what}-type-{relation}", old.annotation, new.annotation)


def _positional(arguments: Sequence[Argument]) -> list[str]:
    return [a.name for a in arguments if "keyword-only" not in a.kind]


def _wire(
    old: str, new: str, operation: Operation, key: tuple[str, str], make: _Maker
) -> Iterator[Change]:
    if old == new:
        return
    name = operation.arguments[key]
    at = make.of(f"({name})", "parameter", operation.key, name)
    plain = [text.replace("secret=True", "").strip(", ") for text in (old, new)]
    if plain[0] == plain[1]:
        yield at("parameter-secret-changed", old or "shown", new or "shown")
    else:
        yield at("parameter-wire-changed", old, new)


def compare_errors(
    old: ProviderSurface, new: ProviderSurface, models: Mapping[str, str]
) -> Iterator[Change]:
    """The provider's error classes, which bear its client's name."""
    make = _Maker(new.package, f"{new.package}.errors", ("client",))
    names = {n: n.replace(old.client, new.client, 1) if old.client else n for n in old.errors}
    for name, target in names.items():
        if target not in new.errors:
            yield make.of(f".{name}", "client")("error-removed")
        else:
            bases = [names.get(base, base) for base in old.errors[name]]
            if bases != list(new.errors[target]):
                yield make.of(f".{target}", "client")(
                    "error-bases-changed", ", ".join(bases), ", ".join(new.errors[target])
                )
    for name in sorted(new.errors.keys() - set(names.values())):
        yield make.of(f".{name}", "client")("error-added")
    relation = relate(renamed(old.error_body, models), new.error_body)
    if relation != "same":
        yield make(f"error-body-{relation}", old.error_body, new.error_body)
