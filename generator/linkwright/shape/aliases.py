"""Names that were given up, as deprecated aliases of what they became."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from ..names import Names
from ..source.text import SpecText
from .kept import Given, given_up, names_of
from .literals import Code, docstring, string_of
from .model_views import (
    KeptView,
    ModelView,
    OldFormView,
)
from .names import class_name
from .operations import resource_of, with_methods
from .signatures import head_of
from .views import (
    DeclaredView,
    EventsView,
    HeadView,
    MethodView,
    ProviderView,
    ResourceView,
)

__all__ = ["with_kept_names"]

#: More ways to call one method, or to make one model, are not told to type checkers.
_MOST_FORMS = 8


def with_kept_names(
    view: ProviderView,
    old: Names | None,
    received: Collection[str],
    *,
    releases: int,
    release: str | None,
) -> tuple[ProviderView, Names]:
    """A provider that still knows the names it had.

    Args:
        view: As *shape* made it.
        old: The names when the output was last written; None if it never was.
        received: Keys of the declarations whose values come from the provider, or are held by
            others in lists or mappings.
        releases: For how many releases a name is kept.
        release: The present one; None if releases are not told apart, and nothing expires.

    Returns:
        The view with aliases, and the names to be recorded.
    """
    now = names_of(view)
    if old is None or releases == 0:
        return view, now
    given = given_up(old, now, releases, release)
    if not given:
        return view, now
    return _Aliases(view, given, received).view(), replace(now, kept=tuple(g.kept for g in given))


class _Aliases:
    def __init__(
        self, view: ProviderView, given: Sequence[Given], received: Collection[str]
    ) -> None:
        self._view = view
        self._given = given
        self._received = received

    def _of(self, kind: str) -> Iterator[Given]:
        return (one for one in self._given if one.kept.kind == kind)

    def view(self) -> ProviderView:
        """With everything that was given up."""
        view = self._view
        clients = [
            _kept(g, bases=g.new, prefix=p) for g in self._of("client") for p in ("", "Async")
        ]
        models = tuple(self._model(one) for one in self._of("model"))
        bodies = {str(body.name) for body in view.bodies}
        return replace(
            view,
            kept_clients=tuple(clients),
            client_typing=self._client_typing(),
            kept_options=tuple(_kept(g) for g in self._of("option")),
            kept_models=models,
            kept_links=tuple(_kept(g) for g in self._of("link")),
            # What the client gives has to fit annotations with either name.
            kept_classes=tuple(_kept(g) for g in self._of("class")),
            kept_constants=tuple(_kept(g) for g in self._of("constant")),
            events=self._events(),
            kept_errors=tuple(self._errors()),
            kept_bodies=tuple(
                # A dictionary type is what it holds: a subclass is the same type.
                _named(f"{k.old}Dict", f"{k.new}Dict", bases=f"{k.new}Dict")
                for k in models
                if f"{k.new}Dict" in bodies
            ),
            kept_resources=tuple(
                replace(_kept(g), class_=resource.name)
                for g in self._of("resource")
                for resource in view.resources
                if resource.module == g.new
            ),
            resources=tuple(self._resources()),
            models=replace(view.models, models=tuple(map(self._parts, view.models.models))),
        )

    def _client_typing(self) -> Code:
        """What the client's module imports from `typing`."""
        names = [*self._view.client_typing.split(", ")]
        names += ["overload"] if any(self._of("option")) else []
        return Code(", ".join(sorted(names, key=lambda n: (not n.isupper(), n))))

    def _model(self, given: Given) -> KeptView:
        """Only what is never received may be a class of its own: see decision 0022."""
        plain = {m.name for m in self._view.models.models if m.fields or m.base is None}
        if given.new not in plain or given.kept.key[0] in self._received:
            return _kept(given)
        view = _kept(given, bases=f"{given.new}, frozen=True")
        fields = (one.kept.key[0] for one in self._of("field"))
        # It would be given one that does not know the old names of fields.
        own = given.kept.key[0] in fields
        return replace(view, body=Code(f"__init__ = {given.new}.__init__")) if own else view

    def _errors(self) -> Iterator[KeptView]:
        """Those of a client that was called otherwise."""
        client = self._view.client
        for given in self._of("client"):
            first = f"{given.kept.name}Error"
            exports = sorted(self._view.error_exports, key=lambda n: n != f"{client}Error")
            for name in exports:
                old = f"{given.kept.name}{name.removeprefix(client)}"
                yield _named(old, name, bases=name if old == first else f"{name}, {first}")

    def _events(self) -> EventsView | None:
        events = self._view.events
        if events is None:
            return None
        by_name = {str(event.name): event for event in events.events}
        old = (
            replace(
                by_name[one.new],
                name=Code(one.kept.name),
                doc=docstring([f"Use `{one.new}`, which this is now called."], 4),
                deprecated=string_of(f"{one.kept.name} is now called {one.new}"),
            )
            for one in self._of("event")
        )
        return replace(events, events=(*events.events, *old))

    def _resources(self) -> Iterator[ResourceView]:
        present = [self._with_arguments(resource) for resource in self._view.resources]
        by_call = {f"{r.module}.{m.name}": m for r in present for m in r.methods}
        added: dict[str, list[MethodView]] = {}
        for one in self._of("method"):
            method = by_call[str(one.new)]
            resource, _, name = one.kept.name.partition(".")
            # Whoever looks it up knows where it was.
            target = one.new if one.new.partition(".")[0] != resource else str(method.name)
            added.setdefault(resource, []).append(_method_alias(method, Code(name), target))
        for view in present:
            methods = added.pop(view.module, [])
            yield with_methods(view, (*view.methods, *methods)) if methods else view
        taken = {str(k.kept.name) for k in self._of("resource")}
        for name, aliases in sorted(added.items()):
            if name not in taken:
                yield self._former(Code(name), tuple(aliases))

    def _former(self, name: Code, methods: tuple[MethodView, ...]) -> ResourceView:
        """A resource that is gone, with what became of its methods."""
        text = "its methods are in other resources now"
        used = {str(r.name) for r in self._view.resources} | {str(self._view.client)}
        class_ = class_name((SpecText(name),), "Resource")
        while class_ in used:
            class_ = Code(f"{class_}Resource")
        return resource_of(
            name,
            class_,
            docstring([f"What `{name}` was: {text}."], 4),
            docstring([f"Gone: {text}."], 8),
            Code(""),
            methods,
            string_of(f"{name} is gone: {text}"),
        )

    def _with_arguments(self, resource: ResourceView) -> ResourceView:
        """A resource whose methods know the old names of their arguments."""
        old: dict[str, list[Given]] = {}
        for one in self._of("argument"):
            old.setdefault(one.kept.key[0], []).append(one)
        if not any(m.operation in old for m in resource.methods):
            return resource
        methods = (
            _with_arguments(m, old[m.operation]) if m.operation in old else m
            for m in resource.methods
        )
        return with_methods(resource, tuple(methods))

    def _parts(self, model: ModelView) -> ModelView:
        """A model with the old names of its fields or members."""
        keys = {key for key, class_ in self._view.classes.items() if class_ == model.name}
        found = [
            one for kind in ("field", "member") for one in self._of(kind) if one.kept.key[0] in keys
        ]
        if not found:
            return model
        if model.base is not None:
            return replace(model, kept=tuple(_kept(g, inside=f"{model.name}.") for g in found))
        arguments = tuple(
            DeclaredView(
                Code(name),
                Code(""),
                None if self._view.models.kinds[field.kind].required else Code("None"),
                name,
            )
            for name, field in model.fields.items()
        )
        wires = {field.wire: name for name, field in model.fields.items()}
        old = {
            # What is the name on the wire of another field is taken for that.
            g.new: [k.kept.name for k in found if k.new == g.new and _is_free(k, wires)]
            for g in found
        }
        forms = tuple(
            OldFormView(
                _said(str(model.name), renamed),
                tuple((Code(a.key or ""), a.name, a.default is None) for a in form),
            )
            for form, renamed in _forms(arguments, old)
        )
        free = tuple(_kept(g) for g in found if g.kept.name in old[g.new])
        kept = tuple(_kept(g, inside=f"{model.name}.") for g in found)
        return replace(model, kept=kept, kept_arguments=free, forms=forms)


def _is_free(given: Given, wires: Mapping[str, Code]) -> bool:
    return str(wires.get(given.kept.name, given.new)) == given.new


def _kept(given: Given, *, bases: str = "", prefix: str = "", inside: str = "") -> KeptView:
    names = (f"{prefix}{given.kept.name}", f"{prefix}{given.new}")
    return _named(*names, bases=f"{prefix}{bases}" if bases else "", inside=inside)


def _named(old: str, new: str, *, bases: str = "", inside: str = "") -> KeptView:
    text = string_of(f"{inside}{old} is now called {inside}{new}")
    return KeptView(Code(old), Code(new), text, Code(bases))


def _said(name: str, renamed: Sequence[tuple[str, str]]) -> Code:
    """What to say about an overload with old names of arguments."""
    told = ", ".join(f"{old} is now called {new}" for old, new in renamed)
    return string_of(f"{name}: argument {told}")


def _method_alias(method: MethodView, name: Code, target: str) -> MethodView:
    """The same method under its old name."""
    text = string_of(f"{name} is now called {target}")

    def called(head: HeadView) -> HeadView:
        size = len(method.name)
        return HeadView(Code(name + head.sync[size:]), Code(name + head.aio[size:]), text)

    return replace(
        method,
        name=name,
        head=called(method.head),
        overloads=tuple(called(head) for head in method.overloads),
        doc=docstring([f"Use `{target}`, which this is now called."], 8),
        deprecated=text,
    )


def _with_arguments(method: MethodView, given: Sequence[Given]) -> MethodView:
    """A method that takes the old names of its arguments, in overloads that are deprecated."""
    old: dict[str, list[str]] = {}
    for one in given:
        old.setdefault(one.new, []).append(one.kept.name)
    signatures = method.choices or (method.signature,)
    forms = [
        head_of(replace(signature, arguments=form), _said(str(method.name), renamed))
        for signature in signatures
        for form, renamed in _forms(signature.arguments, old)
    ]
    return replace(
        method,
        overloads=(*map(head_of, signatures), *forms),
        kept=tuple(_named(name, new) for new, names in old.items() for name in names),
    )


def _forms(
    arguments: Sequence[DeclaredView], old: dict[str, list[str]]
) -> Iterator[tuple[tuple[DeclaredView, ...], list[tuple[str, str]]]]:
    """Every way to give arguments of which at least one has a name that was given up.

    One that must be given has either name; one that may be left out can be given by each, and it is
    found at run time that both were.
    """
    needed = [a for a in arguments if a.name in old and a.default is None]
    spare = [(a, name) for a in arguments if a.default is not None for name in old.get(a.name, ())]
    choices = [(a.name, *old[a.name]) for a in needed]
    ways = list(product(*choices))
    if len(ways) > _MOST_FORMS:
        # One at a time, and all at once.
        first = ways[0]
        single = [
            (*first[:i], name, *first[i + 1 :])
            for i, names in enumerate(choices)
            for name in names[1:]
        ]
        ways = [first, *single, tuple(names[1] for names in choices)]
    for way in ways:
        chosen = {a.name: Code(name) for a, name in zip(needed, way, strict=True)}
        renamed = [(str(name), str(new)) for new, name in chosen.items() if name != new]
        if not renamed and not spare:
            continue
        only = spare[0] if not renamed and len(spare) == 1 else None
        renamed += [(name, str(a.name)) for a, name in spare]
        yield tuple(_form(arguments, chosen, spare, only)), renamed


def _form(
    arguments: Sequence[DeclaredView],
    chosen: dict[Code, Code],
    spare: Sequence[tuple[DeclaredView, str]],
    only: tuple[DeclaredView, str] | None,
) -> Iterator[DeclaredView]:
    by_position = True
    for argument in arguments:
        name = chosen.get(argument.name, argument.name)
        # What is called by an old name is given by name, and so is all behind it.
        by_position = by_position and name == argument.name
        olds = [old for a, old in spare if a is argument]
        if only is not None and only[0] is argument:
            # The one thing by which this is told from the way that is not deprecated.
            annotation = argument.annotation
            if argument.default == "UNSET":
                annotation = Code(f"{annotation} | Unset")
            yield replace(argument, name=Code(only[1]), annotation=annotation, default=None)
            continue
        yield replace(argument, name=name, positional=argument.positional and by_position)
        for old in olds:
            yield replace(argument, name=Code(old), positional=False)
