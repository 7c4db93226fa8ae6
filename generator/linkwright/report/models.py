"""Changes of models, enumerations and the dictionary forms of bodies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .annotations import compare as relate
from .catalogue import Change
from .surface import Dictionary, FieldFact, Model, ProviderSurface

__all__ = ["Uses", "compare_models", "renamed", "renamed_models"]

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Uses:
    """Which models are received and which are sent, by name."""

    received: frozenset[str]
    sent: frozenset[str]

    @classmethod
    def of(cls, side: ProviderSurface) -> Uses:
        """What the methods and errors of a provider reach."""
        methods = [m for r in side.resources.values() for m in r.methods.values()]
        results = [m.returns for m in methods] + [side.error_body]
        arguments = [a.annotation for m in methods for a in m.arguments]
        return cls(_reached(results, side.models), _reached(arguments, side.models))

    def __or__(self, other: Uses) -> Uses:
        return Uses(self.received | other.received, self.sent | other.sent)


def _reached(annotations: Iterable[str | None], models: Mapping[str, Model]) -> frozenset[str]:
    found: set[str] = set()
    pending = [text for text in annotations if text]
    while pending:
        for word in _WORD.findall(pending.pop()):
            if word in models and word not in found:
                found.add(word)
                pending += [f.annotation for f in models[word].fields.values()]
    return frozenset(found)


def renamed(annotation: str | None, models: Mapping[str, str]) -> str | None:
    """An annotation of the old side with the new names of models."""
    if annotation is None:
        return None
    names = {**models, **{f"{old}Dict": f"{new}Dict" for old, new in models.items()}}
    return _WORD.sub(lambda match: names.get(match[0], match[0]), annotation)


def renamed_models(old: ProviderSurface, new: ProviderSurface) -> dict[str, str]:
    """Models that are gone and came back under another name, with the very same content."""
    kept = {**new.aliases["models.py"], **new.aliases["models/__init__.py"]}
    told = {n: kept[n] for n in old.models if kept.get(n) in new.models and n not in new.models}
    gone = {n: m for n, m in old.models.items() if n not in new.models and n not in told}
    came = {n: m for n, m in new.models.items() if n not in {*old.models, *told.values()}}
    # The content may mention other renamed models: their names are left out of the comparison.
    hidden = frozenset(gone) | frozenset(came) | told.keys() | frozenset(told.values())
    found = dict(told)
    for name, model in gone.items():
        wanted = _content(model, hidden)
        twins = [n for n, m in came.items() if _content(m, hidden) == wanted]
        rivals = [n for n, m in gone.items() if _content(m, hidden) == wanted]
        if wanted[1] and len(twins) == len(rivals) == 1:
            found[name] = twins[0]
    return found


def _content(model: Model, hidden: frozenset[str]) -> tuple[str, tuple[tuple[str, str], ...]]:
    fields = (
        (wire, _WORD.sub(lambda m: "_" if m[0] in hidden else m[0], fact.annotation))
        for wire, fact in model.fields.items()
    )
    return model.kind, (*fields, *model.members.items())


@dataclass(frozen=True, slots=True)
class _At:
    provider: str
    path: str
    subject: tuple[str, ...]

    def __call__(self, kind: str, before: str | None = None, after: str | None = None) -> Change:
        return Change(
            kind=kind,
            provider=self.provider,
            path=self.path,
            subject=self.subject,
            before=before,
            after=after,
        )


def compare_models(
    old: ProviderSurface, new: ProviderSurface, models: Mapping[str, str], uses: Uses
) -> Iterator[Change]:
    """All classes of the models module, and what may be given in their place."""
    names = {**{n: n for n in old.models if n in new.models}, **models}
    for name in sorted(old.models.keys() | new.models.keys()):
        at = _At(new.package, f"{new.package}.models.{name}", ("model", name))
        if name in names:
            target = names[name]
            at = _At(new.package, f"{new.package}.models.{target}", ("model", target))
            if name != target:
                kept = any(name in new.aliases[f"models{end}"] for end in (".py", "/__init__.py"))
                yield at("model-alias-kept" if kept else "model-renamed", name, target)
            yield from _model(old.models[name], new.models[target], at, models, uses)
        elif name in old.models:
            yield at("model-removed")
        elif name not in names.values():
            yield at("model-added")
    for name, form in old.dictionaries.items():
        target = f"{names.get(name.removesuffix('Dict'), name.removesuffix('Dict'))}Dict"
        if target in new.dictionaries:
            yield from _dictionary(form, new.dictionaries[target], new.package, models)


def _model(
    old: Model, new: Model, at: _At, models: Mapping[str, str], uses: Uses
) -> Iterator[Change]:
    if old.kind != new.kind:
        yield at("model-kind-changed", old.kind, new.kind)
        return
    if old.doc != new.doc:
        yield at("model-documentation-changed")
    sent = bool({old.name, new.name} & uses.sent)
    received = bool({old.name, new.name} & uses.received) or not sent
    for wire in (*old.fields, *(w for w in new.fields if w not in old.fields)):
        one, other = old.fields.get(wire), new.fields.get(wire)
        name = (other or one or FieldFact("", "", "", False, False, "")).name
        inner = _At(at.provider, f"{at.path}.{name}", ("field", new.name, wire))
        if one is None and other is not None:
            kind = "field-added-required" if sent and other.required else "field-added"
            yield inner(kind, None, other.annotation)
        elif one is not None and other is None:
            yield inner("field-removed", one.annotation)
        elif one is not None and other is not None:
            kept = one.name in new.kept
            yield from _field(one, other, inner, models, sent=sent, received=received, kept=kept)
    yield from _members(old, new, at)
    present = {fact.name for fact in new.fields.values()} | new.members.keys()
    for name in sorted(old.kept - new.kept - present):
        yield _At(at.provider, f"{at.path}.{name}", ("model", new.name))("alias-removed")


def _field(
    old: FieldFact,
    new: FieldFact,
    at: _At,
    models: Mapping[str, str],
    *,
    sent: bool,
    received: bool,
    kept: bool,
) -> Iterator[Change]:
    if old.name != new.name:
        yield at("field-alias-kept" if kept else "field-renamed", old.name, new.name)
    if old.doc != new.doc:
        yield at("field-documentation-changed")
    if old.secret != new.secret:
        yield at("field-secret-changed", _shown(old), _shown(new))
    before, after = renamed(old.annotation, models) or "", new.annotation
    if old.required != new.required:
        if new.required:
            yield at("field-sent-required" if sent else "field-received-required")
        else:
            yield at("field-received-optional" if received else "field-sent-optional")
        # What may be missing reads as None.
        before, after = (_without_none(text) for text in (before, after))
    relation = relate(before, after)
    if relation == "widened":
        kind = "field-received-type-widened" if received else "field-sent-type-widened"
        yield at(kind, old.annotation, new.annotation)
    elif relation == "narrowed":
        kind = "field-sent-type-narrowed" if sent else "field-received-type-narrowed"
        yield at(kind, old.annotation, new.annotation)
    elif relation == "changed":
        yield at("field-type-changed", old.annotation, new.annotation)


def _shown(fact: FieldFact) -> str:
    return "hidden" if fact.secret else "shown"


def _without_none(annotation: str) -> str:
    return annotation.replace(" | None", "")


def _members(old: Model, new: Model, at: _At) -> Iterator[Change]:
    before = {value: name for name, value in reversed(list(old.members.items()))}
    after = {value: name for name, value in reversed(list(new.members.items()))}
    for value in (*before, *(v for v in after if v not in before)):
        one, other = before.get(value), after.get(value)
        name = other or one or ""
        inner = _At(at.provider, f"{at.path}.{name}", ("member", new.name, value))
        if one is None:
            if name in old.members:
                yield inner("enum-member-value-changed", old.members[name], value)
            else:
                yield inner("enum-member-added", None, value)
        elif other is None:
            if name not in new.members:
                yield inner("enum-member-removed", value)
        elif one != other and new.members.get(one) != value:
            kept = one in new.kept
            yield inner("enum-member-alias-kept" if kept else "enum-member-renamed", one, other)


def _dictionary(
    old: Dictionary, new: Dictionary, provider: str, models: Mapping[str, str]
) -> Iterator[Change]:
    for key in (*old.keys, *(k for k in new.keys if k not in old.keys)):
        subject = ("field", new.name.removesuffix("Dict"), key)
        at = _At(provider, f"{provider}.bodies.{new.name}[{key!r}]", subject)
        one, other = renamed(old.keys.get(key), models), new.keys.get(key)
        if one is None:
            optional = other is not None and other.startswith("NotRequired[")
            yield at("key-added" if optional else "key-added-required", None, other)
        elif other is None:
            yield at("key-removed", one)
        else:
            required = [not text.startswith("NotRequired[") for text in (one, other)]
            if required[0] != required[1]:
                yield at("key-required" if required[1] else "key-optional")
            relation = relate(one, other)
            if relation != "same":
                yield at(f"key-type-{relation}", one, other)
