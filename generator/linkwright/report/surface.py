"""The Python API of an output, read off its source through griffe.

What an operation is in the documents (method and path, wire names) stands in the output as well,
so that two outputs can be compared without the documents they were made from.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import griffe

__all__ = [
    "Argument",
    "Dictionary",
    "FieldFact",
    "Method",
    "Model",
    "Operation",
    "ProviderSurface",
    "Resource",
    "exported",
    "read_provider",
    "visit",
]


@dataclass(frozen=True, slots=True)
class Argument:
    """One parameter of a function, without `self`."""

    name: str
    kind: str
    annotation: str | None
    default: str | None


@dataclass(frozen=True, slots=True)
class Method:
    """One function of a class.

    Attributes:
        kept: Old names of arguments, with what they are called now.
    """

    name: str
    arguments: tuple[Argument, ...]
    returns: str | None
    doc: str
    deprecated: bool
    kept: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource class."""

    module: str
    name: str
    doc: str
    methods: Mapping[str, Method]


@dataclass(frozen=True, slots=True)
class Operation:
    """One constant of the operations module.

    Attributes:
        name: Of the constant.
        call: `resource.method`.
        method: HTTP method.
        path: Path template.
        facts: Source of every other argument, by its name.
        params: Source of how each argument is sent, by place and wire name.
        arguments: Python name by place and wire name.
    """

    name: str
    call: str
    method: str
    path: str
    facts: Mapping[str, str]
    params: Mapping[tuple[str, str], str]
    arguments: Mapping[tuple[str, str], str]

    @property
    def key(self) -> str:
        """What it is in the document."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class FieldFact:
    """One field of a model."""

    name: str
    wire: str
    annotation: str
    required: bool
    secret: bool
    doc: str


@dataclass(frozen=True, slots=True)
class Model:
    """One class of the models module.

    Attributes:
        fields: By wire name.
        members: Value by name, of an enumeration.
        kept: Old names of fields or members.
    """

    name: str
    kind: str
    doc: str
    fields: Mapping[str, FieldFact]
    members: Mapping[str, str]
    kept: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Dictionary:
    """One dictionary form: annotation by key."""

    name: str
    keys: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ProviderSurface:
    """All that one provider's package offers.

    Attributes:
        resources: By module.
        operations: By HTTP method and path.
        provider: Source of what is known of the provider as a whole.
        kept: Old names of the client's arguments, with what they are called now.
        aliases: Names that were given up and still work, by file, with what they are called now.
        exports: Names in `__all__`, by file.
    """

    package: str
    client: str
    client_doc: str
    arguments: tuple[Argument, ...]
    attributes: Mapping[str, str]
    resources: Mapping[str, Resource]
    operations: Mapping[str, Operation]
    provider: Mapping[str, str]
    models: Mapping[str, Model]
    dictionaries: Mapping[str, Dictionary]
    errors: Mapping[str, tuple[str, ...]]
    error_body: str | None
    aliases: Mapping[str, Mapping[str, str]]
    exports: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    kept: Mapping[str, str] = field(default_factory=dict[str, str])


def read_provider(package: str, files: Mapping[str, str]) -> ProviderSurface:
    """The API of one provider's package.

    Args:
        package: Its name.
        files: Source by path below the output root.
    """
    inside = {
        path.removeprefix(f"{package}/"): text
        for path, text in files.items()
        if path.startswith(f"{package}/") and path.endswith(".py")
    }
    modules = {path: visit(path, text) for path, text in inside.items()}
    client = next(_classes(modules.get("client.py")), None)
    constants = dict(_constants(modules.get("operations.py")))
    errors = list(_classes(modules.get("errors.py")))
    return ProviderSurface(
        package=package,
        client=client.name if client else "",
        client_doc=_doc(client) if client else "",
        arguments=_constructor(client) if client else (),
        attributes=dict(_attributes(client)) if client else {},
        resources={
            resource.module: resource
            for path, module in modules.items()
            if path.startswith("resources/") and path != "resources/__init__.py"
            for resource in _resources(PurePosixPath(path).stem, module)
        },
        operations={
            operation.key: operation
            for name, call in constants.items()
            if (operation := _operation(name, call)) is not None
        },
        provider=dict(_keywords(constants["PROVIDER"])) if "PROVIDER" in constants else {},
        models={
            found.name: _model(found, module)
            for path, module in modules.items()
            if path == "models.py" or path.startswith("models/")
            for found in _classes(module)
            if not found.name.startswith("_")
        },
        dictionaries=dict(_dictionaries(inside.get("bodies.py", ""))),
        errors={c.name: tuple(str(base) for base in c.bases) for c in errors},
        error_body=next(
            (_annotation(c.members.get("body")) for c in errors if "body" in c.members), None
        ),
        aliases={path: aliases(inside.get(path, "")) for path in _WITH_ALIASES},
        kept=_kept(client.members.get("__init__")) if client else {},
        exports={path: names for path, text in inside.items() if (names := exported(text))},
    )


def exported(text: str) -> tuple[str, ...]:
    """The names in `__all__`."""
    for node in ast.parse(text).body:
        match node:
            case ast.Assign(
                targets=[ast.Name(id="__all__")], value=ast.List(elts=names)
            ) | ast.AnnAssign(target=ast.Name(id="__all__"), value=ast.List(elts=names)):
                return tuple(str(n.value) for n in names if isinstance(n, ast.Constant))
            case _:
                pass
    return ()


#: Files that may have names that stand for others.
_WITH_ALIASES = (
    "__init__.py",
    "bodies.py",
    "errors.py",
    "links.py",
    "models.py",
    "models/__init__.py",
    "operations.py",
    "resources/__init__.py",
)


def aliases(text: str) -> dict[str, str]:
    """Names that stand for other names of the module, as those do that were given up."""
    found: dict[str, str] = {}
    pending: list[ast.stmt] = list(ast.parse(text).body)
    while pending:
        match pending.pop():
            case ast.If(body=body):
                pending += body
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name(id=target)) | ast.AnnAssign(
                target=ast.Name(id=name), value=ast.Name(id=target)
            ):
                found[name] = target
            case ast.ClassDef(name=name, bases=[ast.Name(id=target), *_], decorator_list=[_]):
                found[name] = target
            case _:
                pass
    return found


def visit(path: str, text: str) -> griffe.Module:
    """A module as griffe sees it; nothing is imported or executed."""
    name = path.removesuffix(".py").replace("/", ".")
    return griffe.visit(name, filepath=Path(path), code=text)


def _classes(module: griffe.Module | None) -> Iterator[griffe.Class]:
    if module is not None:
        classes = (m for m in module.members.values() if isinstance(m, griffe.Class))
        # To type checkers, old names of classes are subclasses.
        yield from (found for found in classes if not found.decorators)


def _doc(thing: griffe.Object | griffe.Alias) -> str:
    return thing.docstring.value if thing.docstring else ""


def _annotation(thing: object) -> str | None:
    found = getattr(thing, "annotation", None)
    return None if found is None else str(found)


def _arguments(function: griffe.Function) -> Iterator[Argument]:
    for parameter in function.parameters:
        if parameter.name != "self":
            yield Argument(
                parameter.name,
                parameter.kind.value if parameter.kind else "",
                None if parameter.annotation is None else str(parameter.annotation),
                None if parameter.default is None else str(parameter.default),
            )


def _constructor(client: griffe.Class) -> tuple[Argument, ...]:
    made = client.members.get("__init__")
    return tuple(_arguments(made)) if isinstance(made, griffe.Function) else ()


def _attributes(client: griffe.Class) -> Iterator[tuple[str, str]]:
    for name, member in client.members.items():
        if isinstance(member, griffe.Attribute) and "property" in member.labels:
            yield name, str(member.annotation)


def _resources(module: str, source: griffe.Module) -> Iterator[Resource]:
    for found in _classes(source):
        methods = {
            name: Method(
                name,
                tuple(_arguments(member)),
                None if member.returns is None else str(member.returns),
                _doc(member),
                "\nDeprecated." in f"\n{_doc(member)}" or _is_deprecated(member),
                _kept(member),
            )
            for name, member in found.members.items()
            if isinstance(member, griffe.Function) and not name.startswith("_")
        }
        yield Resource(module, found.name, _doc(found), methods)


def _is_deprecated(function: griffe.Function) -> bool:
    """Whether it is a name that was given up; its arguments may have such names besides."""
    for decorator in function.decorators:
        text = str(decorator.value)
        call = ast.parse(text, mode="eval").body
        if "deprecated" in text or (isinstance(call, ast.Call) and call.args):
            return True
    return False


def _kept(function: object) -> dict[str, str]:
    """The old names of arguments that a decorator takes, with what they are called now."""
    found: dict[str, str] = {}
    for decorator in function.decorators if isinstance(function, griffe.Function) else ():
        call = ast.parse(str(decorator.value), mode="eval").body
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "renamed_arguments":
            found |= {k.arg: ast.literal_eval(k.value) for k in call.keywords if k.arg}
    return found


def _constants(module: griffe.Module | None) -> Iterator[tuple[str, ast.Call]]:
    if module is None:
        return
    for name, member in module.members.items():
        if isinstance(member, griffe.Attribute) and member.value is not None:
            call = ast.parse(str(member.value), mode="eval").body
            if isinstance(call, ast.Call):
                yield name, call


def _keywords(call: ast.Call) -> Iterator[tuple[str, str]]:
    for keyword in call.keywords:
        if keyword.arg:
            yield keyword.arg, ast.unparse(keyword.value)


def _operation(name: str, call: ast.Call) -> Operation | None:
    given = {k.arg: k.value for k in call.keywords if k.arg}
    texts = {
        key: node.value
        for key, node in given.items()
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    if not {"name", "method", "path"} <= texts.keys():
        return None
    params: dict[tuple[str, str], str] = {}
    arguments: dict[tuple[str, str], str] = {}
    listed = given.get("params")
    for param in listed.elts if isinstance(listed, ast.Tuple) else ():
        if isinstance(param, ast.Call) and len(param.args) >= 3:
            argument, wire, place = (ast.literal_eval(a) for a in param.args[:3])
            params[place, wire] = ", ".join(f"{k}={v}" for k, v in sorted(_keywords(param)))
            arguments[place, wire] = argument
    facts = {
        k: ast.unparse(v) for k, v in given.items() if k not in ("name", "method", "path", "params")
    }
    return Operation(name, texts["name"], texts["method"], texts["path"], facts, params, arguments)


def _model(found: griffe.Class, module: griffe.Module) -> Model:
    bases = [str(base) for base in found.bases]
    is_enum = any("Enum" in base for base in bases)
    fields: dict[str, FieldFact] = {}
    members: dict[str, str] = {}
    for name, member in found.members.items():
        if not isinstance(member, griffe.Attribute) or name.startswith("model_"):
            continue
        if "property" in member.labels:
            continue
        if is_enum and member.annotation is None and member.value is not None:
            members[name] = str(member.value)
        elif not is_enum and member.annotation is not None:
            fact = _field(name, member)
            fields[fact.wire] = fact
    kind = "enumeration" if is_enum else bases[0].partition("[")[0] if bases else "class"
    # Old names of members are properties of the metaclass.
    names = module.members.get(f"_{found.name}Names") if is_enum else found
    kept = {
        name
        for name, member in (names.members.items() if isinstance(names, griffe.Class) else ())
        if isinstance(member, griffe.Attribute) and "property" in member.labels
    }
    return Model(
        found.name, kind, _doc(found), fields, members, frozenset(kept - {"additional_properties"})
    )


def _field(name: str, member: griffe.Attribute) -> FieldFact:
    annotation = str(member.annotation)
    wire, secret = name, False
    for node in ast.walk(ast.parse(annotation, mode="eval")):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Field":
            options = {k.arg: k.value for k in node.keywords}
            if isinstance(alias := options.get("alias"), ast.Constant):
                wire = str(alias.value)
            secret = isinstance(shown := options.get("repr"), ast.Constant) and shown.value is False
    return FieldFact(name, wire, annotation, member.value is None, secret, _doc(member))


def _dictionaries(text: str) -> Iterator[tuple[str, Dictionary]]:
    """Classes, and calls of `TypedDict`, whose keys are any text: griffe reads no such calls."""
    for node in ast.parse(text).body:
        match node:
            case ast.ClassDef(name=name, body=body):
                keys = {
                    a.target.id: ast.unparse(a.annotation)
                    for a in body
                    if isinstance(a, ast.AnnAssign) and isinstance(a.target, ast.Name)
                }
                yield name, Dictionary(name, keys)
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(args=[ast.Constant(), ast.Dict(keys=keys_, values=values)]),
            ):
                pairs = zip(keys_, values, strict=True)
                yield name, Dictionary(
                    name, {str(ast.literal_eval(k)): _plain(v) for k, v in pairs if k is not None}
                )
            case _:
                pass


def _plain(node: ast.expr) -> str:
    """`NotRequired["int"]` without the quotation marks that put off its evaluation."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Subscript):
        return f"{ast.unparse(node.value)}[{_plain(node.slice)}]"
    return ast.unparse(node)
