"""Operations as methods: signature, docstring and the one call inside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..diagnostics import Collector
from ..ir.api import Media, Operation, Param
from ..ir.types import Nullable, Type, union
from ..source.text import SpecText
from .annotations import Annotations
from .flavors import ASYNC
from .layout import WIDTH, alternatives, listed
from .literals import Code, docstring, entry, markdown, prose, string, string_of, value
from .names import Scope, Wanted, attribute, digested, spelled, tell_apart
from .results import accepted, result_type
from .views import DeclaredView, HeadView, MethodView, SignatureView

__all__ = ["ARGUMENT_RESERVED", "Signatures", "head_of"]

_ARGUMENT_RESERVED = frozenset({"self", "options", "body"})
#: Names that arguments of no operation have.
ARGUMENT_RESERVED = _ARGUMENT_RESERVED | {"content_type", "accept", "server", "at", "pages_as"}
_UNSET = Code("UNSET")
#: Who keeps a name that two parameters want.
_PLACES = ("path", "query", "header", "cookie")
_WRAP = 88


class Signatures:
    """Writes the methods of resources."""

    def __init__(
        self, annotations: Annotations, error_names: dict[str, Code], out: Collector
    ) -> None:
        self._annotations = annotations
        self._errors = error_names
        self._out = out

    def arguments(self, operation: Operation) -> dict[int, Code]:
        """Argument name by position in `operation.params`; two places may share a wire name."""
        scope = Scope("parameters of one operation", self._out)
        names: dict[int, Code] = {}
        reserved = _ARGUMENT_RESERVED
        if operation.body and _sent_types(operation):
            reserved |= {"content_type"}
        if accepted(operation):
            reserved |= {"accept", "pages_as"}
        if operation.servers:
            reserved |= {"at", "server"}
        wanted = {
            index: _wanted(param, attribute(param.given or param.wire, reserved))
            for index, param in enumerate(operation.params)
        }
        for index, name in tell_apart(wanted).items():
            names[index] = scope.take(name, operation.params[index].span)
        return names

    def method(
        self,
        operation: Operation,
        symbol: Code,
        name: Code,
        arguments: dict[int, Code],
        links: Sequence[Code],
    ) -> MethodView:
        """One method.

        Args:
            operation: What it calls.
            symbol: The constant that describes it.
            name: Of the method.
            arguments: Argument name by position in `operation.params`.
            links: Names of the links of its answers.
        """
        choices = accepted(operation)
        whole = self._signature(operation, name, arguments, choices)
        each = tuple(self._signature(operation, name, arguments, (one,)) for one in choices)
        return MethodView(
            name=name,
            signature=whole,
            choices=each,
            head=head_of(whole),
            overloads=tuple(map(head_of, each)),
            doc=self._doc(operation, arguments, links),
            call=self._call(operation, symbol, arguments),
            local=_is_local(operation),
            summary=markdown(operation.summary or operation.description, cell=True),
            method=Code(operation.method),
            request=markdown(operation.path, cell=True),
            operation=operation.request,
            helpers=tuple(_helpers(operation)),
        )

    def _signature(
        self,
        operation: Operation,
        name: Code,
        arguments: dict[int, Code],
        choices: tuple[SpecText, ...],
    ) -> SignatureView:
        """For one or all of the media types to choose from."""
        order = _signature_order(operation)
        params = [self._declare(operation.params[i], arguments[i]) for i in order]
        keyword = [one for one in params if not one.positional]
        if operation.body:
            body = Code(" | ".join(self._body_types(operation.body.media)))
            default = None if operation.body.required else _UNSET
            keyword.insert(0, DeclaredView(Code("body"), body, default))
            keyword.sort(key=lambda d: d.default is not None)
            types = _sent_types(operation)
            if types == "str":
                keyword.insert(1, DeclaredView(Code("content_type"), Code("str"), None))
            elif types:
                first = string(operation.body.media[0].media_type)
                keyword.append(DeclaredView(Code("content_type"), Code(types), first))
        if choices:
            first_choice = accepted(operation)[0]
            annotation = Code(f"Literal[{', '.join(string(c) for c in choices)}]")
            default = string(first_choice) if first_choice in choices else None
            keyword.append(DeclaredView(Code("accept"), annotation, default))
        if operation.servers:
            named = [string(one.name) for one in operation.servers]
            annotation = Code(f"Literal[{', '.join(named)}]")
            keyword.append(DeclaredView(Code("server"), annotation, named[0]))
        if not operation.browser:
            options = Code("RequestOptions | None")
            keyword.append(DeclaredView(Code("options"), options, Code("None")))
        return SignatureView(
            name,
            (*(one for one in params if one.positional), *keyword),
            *self._returns(operation, choices),
            _is_local(operation),
        )

    def _returns(self, operation: Operation, choices: tuple[SpecText, ...]) -> tuple[Code, Code]:
        """What the method gives in both flavors; pages are given by a plain `def` in either."""
        if operation.browser:
            return Code("str"), Code("str")
        if operation.paging is None:
            types = [result_type(operation, choice) for choice in choices or (None,)]
            given: list[Type] = [type_ for type_ in types if type_ is not None]
            whole = self._annotations.received(union(given) if given else None)
            return whole, whole
        page = self._annotations.received(result_type(operation))
        pager = f"Pager[{self._annotations.received(operation.paging.item)}, {page}]"
        default = accepted(operation)[:1]
        others = [result_type(operation, choice) for choice in choices if choice not in default]
        if not others:
            return Code(pager), Code(f"Async{pager}")
        other = self._annotations.received(union(t for t in others if t is not None))
        if default[0] not in choices:
            return other, Code(f"Awaitable[{other}]")
        return Code(f"{pager} | {other}"), Code(f"Async{pager} | Awaitable[{other}]")

    def _body_types(self, media: tuple[Media, ...]) -> dict[Code, None]:
        """What may be given as body, in each of its forms."""
        return dict.fromkeys(
            self._annotations.body(one.type, files=one.content == "multipart") for one in media
        )

    def _declare(self, param: Param, name: Code) -> DeclaredView:
        type_ = param.type.inner if isinstance(param.type, Nullable) else param.type
        default = None if param.required else _UNSET
        return DeclaredView(
            name,
            self._annotations.argument(type_),
            value(param.default) if param.default is not None else default,
            param.identity,
            param.positional,
        )

    def _call(self, operation: Operation, symbol: Code, arguments: dict[int, Code]) -> Code:
        verb = "url" if operation.browser else "paged" if operation.paging else "send"
        order = _signature_order(operation)
        pairs = [f"{string_of(arguments[i])}: {arguments[i]}" for i in order]
        items = [f"operations.{symbol}", "{" + ", ".join(pairs) + "}"]
        if operation.body:
            items.append("body=body")
            if _sent_types(operation):
                items.append("content_type=content_type")
        if accepted(operation):
            items.append("accept=accept")
        options = "" if operation.browser else "options"
        if operation.servers:
            options = f"at(server, {options})" if options else "at(server)"
        if options:
            items.append(f"options={options}")
        head = f"self._client.{verb}("
        if operation.paging and accepted(operation):
            head = "pages_as("
            items.insert(0, "self._client")
        lazy = _is_local(operation)
        prefix = len("return ") + (0 if lazy else len(ASYNC.await_))
        flat = head + ", ".join(items) + ")"
        if 8 + prefix + len(flat) <= WIDTH:
            return Code(flat)
        items[items.index("{" + ", ".join(pairs) + "}")] = listed("{", pairs, "}", 12, after=1)
        return listed(head, items, ")", 8, after=1_000)

    def _doc(self, operation: Operation, arguments: dict[int, Code], links: Sequence[Code]) -> Code:
        lines = prose(operation.summary or operation.description, _WRAP)
        if not lines:
            lines = [f"Call `{' '.join(prose(operation.id))}`."]
        if lines and not lines[-1].endswith((".", "!", "?")):
            lines[-1] += "."
        description = prose(operation.description, _WRAP) if operation.summary else []
        lines += ([""] if lines and description else []) + description
        if operation.deprecated:
            lines += ["", "Deprecated."]
        if operation.paging is not None:
            lines += ["", "Nothing is sent before the first item or page is asked for."]
            if accepted(operation):
                lines.append("In another form than that of pages, the answer is given as a whole.")
        lines += self._doc_arguments(operation, arguments)
        lines += _doc_headers(operation)
        lines += (
            ["", "Links of the answer:", *(f"    `links.{name}`" for name in links)]
            if links
            else []
        )
        lines += self._doc_errors(operation)
        lines += ["", *prose(operation.path, 1_000)[:1]]
        lines[-1] = f"{operation.method} {lines[-1]} ({' '.join(prose(operation.id))})"
        return docstring(lines, 8)

    def _doc_arguments(self, operation: Operation, arguments: dict[int, Code]) -> list[str]:
        """The arguments in the order of the signature."""
        path: list[str] = []
        named: list[str] = []
        for index in _signature_order(operation):
            param = operation.params[index]
            text = " ".join(prose(param.description)) or "See the provider's documentation."
            kept = path if param.positional else named
            kept += entry(f"{arguments[index]}: {text}")
        body: list[str] = []
        if operation.body:
            text = " ".join(prose(operation.body.description)) or "The request body."
            body = entry(f"body: {text}")
            if _sent_types(operation):
                body += entry("content_type: The form in which it is sent.")
        if accepted(operation):
            named += entry("accept: The form in which the answer is asked for.")
        if operation.servers:
            named += entry("server: Which of its servers is called.")
        if not operation.browser:
            named += entry("options: Timeout, retries and further headers of this one call.")
        entries = path + body + named
        return ["", "Args:", *entries] if entries else []

    def _doc_errors(self, operation: Operation) -> list[str]:
        entries: list[str] = []
        for outcome in operation.failures:
            name = (
                self._errors.get(outcome.status)
                or self._errors[
                    f"{outcome.status[0]}XX" if f"{outcome.status[0]}XX" in self._errors else ""
                ]
            )
            text = " ".join(prose(outcome.description)) or "As documented."
            entries += entry(f"{name}: {text.rstrip('.')} ({outcome.status}).")
        return ["", "Raises:", *entries] if entries and not operation.browser else []


def _is_local(operation: Operation) -> bool:
    """Whether a method sends nothing by itself."""
    return operation.browser or operation.paging is not None


def _helpers(operation: Operation) -> Iterator[Code]:
    """What the call takes from the runtime's module of choices."""
    if operation.servers:
        yield Code("at")
    if operation.paging and accepted(operation):
        yield Code("pages_as")


def _wanted(param: Param, name: Code) -> Wanted:
    """What an argument may be called: after its place too, and how its name is spelled."""
    if param.given is not None:
        return Wanted((name,))
    placed = Code(f"{name.rstrip('_')}_{param.place}")
    longer = (placed, spelled(name, param.wire), digested(name, f"{param.place} {param.wire.raw}"))
    return Wanted((name, *longer), rank=1 + _PLACES.index(param.place))


def _sent_types(operation: Operation) -> str | None:
    """The annotation of `content_type`; None where there is no choice."""
    media = operation.body.media if operation.body else ()
    if any(one.open for one in media):
        return "str"
    if len(media) > 1:
        return f"Literal[{', '.join(string(one.media_type) for one in media)}]"
    return None


def _doc_headers(operation: Operation) -> list[str]:
    """Headers that successful answers have."""
    found = {h.wire: h for o in operation.successes for h in o.headers}
    entries: list[str] = []
    for header in found.values():
        about = " ".join(prose(header.description)) or "As documented."
        how = " A list, which `members` takes apart." if header.listed else ""
        entries += entry(f"{' '.join(prose(header.wire))}: {about}{how}")
    return ["", "Headers of the answer, which `raw` gives:", *entries] if entries else []


def head_of(signature: SignatureView, deprecated: Code | None = None) -> HeadView:
    """From the name to the colon, in both flavors; they differ in words only.

    Args:
        signature: In parts.
        deprecated: What to use instead of this overload, as a string literal.
    """
    items = ["self", *(_declared(one) for one in signature.arguments if one.positional)]
    keyword = [_declared(one) for one in signature.arguments if not one.positional]
    if keyword:
        items += ["*", *keyword]
    # Laid out for the longer of the two.
    prefix = 4 if signature.local else len(ASYNC.def_) + 1
    returns, async_returns = signature.returns, signature.async_returns
    longest = prefix + len(async_returns) - len(returns)
    head = listed(f"{signature.name}(", items, f") -> {returns}:", 4, after=longest)
    async_head = Code(head.removesuffix(f"{returns}:") + f"{async_returns}:")
    return HeadView(head, async_head, deprecated)


def _declared(argument: DeclaredView) -> str:
    """An argument of a signature; a long union goes over several lines, as black has it."""
    name, annotation, default = argument.name, str(argument.annotation), argument.default
    if default == _UNSET:
        annotation = f"{annotation} | Unset"
    tail = f" = {default}" if default is not None else ""
    line = f"{name}: {annotation}{tail}"
    if 8 + len(line) + 1 <= WIDTH:
        return line
    first, *rest = alternatives(annotation)
    if not rest:
        return line
    parts = "".join(f"            | {part}\n" for part in rest)
    return f"{name}: (\n            {first}\n{parts}        ){tail}"


def _signature_order(operation: Operation) -> list[int]:
    """Path parameters as the path names them, then required ones, then the rest."""
    path = operation.path.raw
    indexed = list(enumerate(operation.params))
    places = [(i, path.find("{" + p.wire.raw + "}")) for i, p in indexed if p.positional]
    first = [i for i, _ in sorted(places, key=lambda pair: pair[1])]
    others = [(i, p) for i, p in indexed if not p.positional]
    needed = [i for i, p in others if p.required and p.default is None]
    return first + needed + [i for i, _ in others if i not in needed]
