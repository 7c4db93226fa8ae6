"""Names that were given up stay for a while, as deprecated aliases of what they became."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import replace

from ..names import Kept, Names
from .literals import Code, docstring, string_of
from .views import HeadView, KeptView, MethodView, ModelView, ProviderView, ResourceView

__all__ = ["names_of", "with_kept_names"]


def names_of(view: ProviderView) -> Names:
    """What everything is called now."""
    content = {model.name: _content(model) for model in view.models.models}
    return Names(
        str(view.client),
        {key: (call, constant) for key, call, constant in _operations(view)},
        {key: (str(name), content.get(name, "")) for key, name in view.classes.items()},
    )


def _content(model: ModelView) -> str:
    """A digest of the fields or values of a model, by which it is known under another name."""
    parts = sorted([*model.fields, *model.values.values()])
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12] if parts else ""


def with_kept_names(
    view: ProviderView, old: Names | None, *, releases: int, release: str | None
) -> tuple[ProviderView, Names]:
    """A provider that still knows the names it had.

    Args:
        view: As *shape* made it.
        old: The names when the output was last written; None if it never was.
        releases: For how many releases a name is kept.
        release: The present one; None if releases are not told apart, and nothing expires.

    Returns:
        The view with aliases, and the names to be recorded.
    """
    now = names_of(view)
    if old is None or releases == 0:
        return view, now
    kept = tuple(
        replace(one, seen=seen)
        for one in _given_up(old, now)
        if (seen := _seen(one, releases, release)) is not None
    )
    return _with(view, now, kept), replace(now, kept=kept)


def _seen(kept: Kept, releases: int, release: str | None) -> tuple[str, ...] | None:
    """The releases that have an alias, with the present one; None if its time is up."""
    if release is None or release in kept.seen:
        return kept.seen
    return (*kept.seen, release) if len(kept.seen) < releases else None


def _operations(view: ProviderView) -> Iterator[tuple[str, str, str]]:
    """Key, `resource.method` and constant, as they stand in the constants."""
    for operation in view.operations:
        words: dict[str, str] = {}
        for argument in operation.arguments:
            name, _, text = argument.partition("=")
            if name in ("name", "method", "path"):
                words[name] = str(ast.literal_eval(text))
        yield f"{words['method']} {words['path']}", words["name"], str(operation.name)


def _given_up(old: Names, now: Names) -> Iterator[Kept]:
    """Names of things that have another one now, and do not stand for anything else."""
    calls = {call for call, _ in now.operations.values()}
    resources = {call.partition(".")[0] for call in calls}
    constants = {constant for _, constant in now.operations.values()}
    classes = {name for name, _ in now.models.values()}
    found: dict[tuple[str, str, str], Kept] = {}
    for one in (*old.kept, *_changed(old, now)):
        taken = {
            "client": {now.client},
            "resource": resources,
            "method": calls,
            "constant": constants,
            "model": classes | {now.client},
        }[one.kind]
        target = _target(one, now)
        if target is None or one.name in taken:
            continue
        found.setdefault((one.kind, one.key, one.name), one)
    yield from sorted(found.values(), key=lambda k: (k.kind, k.key, k.name))


def _changed(old: Names, now: Names) -> Iterator[Kept]:
    if old.client != now.client:
        yield Kept("client", "", old.client)
    moved: dict[str, set[str]] = {}
    for key, (call, constant) in old.operations.items():
        if key not in now.operations:
            continue
        new_call, new_constant = now.operations[key]
        resource, _, method = call.partition(".")
        new_resource, _, new_method = new_call.partition(".")
        moved.setdefault(resource, set()).add(new_resource)
        if method != new_method:
            yield Kept("method", key, f"{new_resource}.{method}")
        if constant != new_constant:
            yield Kept("constant", key, constant)
    for resource, targets in moved.items():
        if targets != {resource} and len(targets) == 1:
            yield Kept("resource", min(targets), resource)
    for key, (name, content) in old.models.items():
        key_now = key if key in now.models else _moved(key, content, old, now)
        if key_now is not None and now.models[key_now][0] != name:
            yield Kept("model", key_now, name)


def _moved(key: str, content: str, old: Names, now: Names) -> str | None:
    """Where a declaration of just this content stands now, if there is no doubt about it."""
    came = [k for k, (_, c) in now.models.items() if c == content and k not in old.models]
    gone = [k for k, (_, c) in old.models.items() if c == content and k not in now.models]
    return came[0] if content and gone == [key] and len(came) == 1 else None


def _target(kept: Kept, now: Names) -> str | None:
    """What a name that was given up stands for."""
    match kept.kind:
        case "client":
            return now.client
        case "resource":
            calls = (call for call, _ in now.operations.values())
            return kept.key if any(c.startswith(f"{kept.key}.") for c in calls) else None
        case "method":
            call = now.operations.get(kept.key, ("", ""))[0]
            # It stays in its resource: another one has not got what it needs.
            same = call.partition(".")[0] == kept.name.partition(".")[0]
            return call if same else None
        case "constant":
            return now.operations.get(kept.key, ("", ""))[1] or None
        case _:
            return now.models.get(kept.key, ("", ""))[0] or None


def _with(view: ProviderView, now: Names, kept: tuple[Kept, ...]) -> ProviderView:
    def of(kind: str) -> tuple[KeptView, ...]:
        return tuple(
            KeptView(Code(one.name), Code(target))
            for one in kept
            if one.kind == kind and (target := _target(one, now))
        )

    errors = tuple(
        KeptView(Code(f"{client.old}{name.removeprefix(view.client)}"), name)
        for client in of("client")
        for name in view.error_exports
    )
    bodies = {str(body.name) for body in view.bodies}
    return replace(
        view,
        kept_clients=of("client"),
        kept_models=of("model"),
        kept_constants=of("constant"),
        kept_errors=errors,
        kept_bodies=tuple(
            KeptView(Code(f"{k.old}Dict"), Code(f"{k.new}Dict"))
            for k in of("model")
            if f"{k.new}Dict" in bodies
        ),
        kept_resources=tuple(
            replace(one, class_=resource.name)
            for one in of("resource")
            for resource in view.resources
            if resource.module == one.new
        ),
        resources=tuple(_resource(r, of("method")) for r in view.resources),
    )


def _resource(resource: ResourceView, kept: tuple[KeptView, ...]) -> ResourceView:
    methods = list(resource.methods)
    by_name = {f"{resource.module}.{m.name}": m for m in resource.methods}
    for one in kept:
        method = by_name.get(str(one.new))
        if method is not None:
            methods.append(_alias(method, Code(one.old.rpartition(".")[2])))
    return resource if len(methods) == len(by_name) else replace(resource, methods=tuple(methods))


def _alias(method: MethodView, name: Code) -> MethodView:
    """The same method under its old name, which type checkers strike through."""

    def called(head: HeadView) -> HeadView:
        size = len(method.name)
        return HeadView(Code(name + head.sync[size:]), Code(name + head.aio[size:]))

    return replace(
        method,
        name=name,
        head=called(method.head),
        overloads=tuple(called(head) for head in method.overloads),
        doc=docstring([f"Use `{method.name}`, which this is now called."], 8),
        deprecated=string_of(f"{name} is now called {method.name}"),
    )
