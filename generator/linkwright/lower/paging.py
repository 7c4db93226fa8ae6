"""How lists follow each other in pages: declared, or recognised by shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from ..diagnostics import Collector
from ..ir.api import Outcome, Paging, Param, Step
from ..ir.types import (
    Anything,
    Declaration,
    ListOf,
    Named,
    Nullable,
    Scalar,
    ScalarKind,
    Struct,
    Type,
)
from ..openapi import model
from ..source.span import Span
from ..source.text import SpecText

__all__ = ["lower_paging"]

#: Query parameters and answer fields that say one thing under many names, as folded words.
_CURSOR_PARAMS = ("cursor", "pagetoken", "nexttoken", "after", "startingafter", "fromid")
_CURSOR_FIELDS = ("nextcursor", "nextpagetoken", "nexttoken", "nextid", "cursor")
_ENVELOPES = ("meta", "pagination", "paging", "links", "pageinfo")


def lower_paging(
    declared: model.Paging | None,
    method: str,
    params: Sequence[Param],
    successes: Sequence[Outcome],
    declarations: Mapping[str, Declaration],
    span: Span,
    out: Collector,
) -> Paging | None:
    """The paging of one operation, if it has any.

    Args:
        declared: `x-linkwright-paging`, or what stands for it.
        method: HTTP method; only a GET is recognised by shape.
        params: Of the operation.
        successes: Its documented answers.
        declarations: Everything that was declared so far.
        span: Of the operation.
        out: Takes E208 where our declaration does not fit, and N401 where paging is recognised.
    """
    # A keyword of somebody else's that does not fit is no error of the document.
    misfit = "N401" if declared is not None and declared.guessed else "E208"
    page = next((o.type for o in successes if o.type is not None), None)
    if page is None:
        if declared is not None:
            message = "this operation has no answer that could hold a page"
            out.add(misfit, message, declared.span)
        return None
    finder = _Finder(params, declarations, out, misfit)
    if declared is not None:
        paging = finder.declared(declared, page)
        if paging is not None or not declared.guessed:
            return paging
    found = finder.recognised(page) if method == "GET" else None
    if found is not None:
        out.add(
            "N401",
            f"read as a list in pages of style {found.style}",
            span,
            help="x-linkwright-paging on the operation says it otherwise",
        )
    return found


class _Finder:
    def __init__(
        self,
        params: Sequence[Param],
        declarations: Mapping[str, Declaration],
        out: Collector,
        misfit: str,
    ) -> None:
        self._params = params
        self._declarations = declarations
        self._out = out
        self._code = misfit
        self._fits = True

    def _misfit(self, message: str, span: Span) -> None:
        self._fits = False
        self._out.add(self._code, message, span)

    def declared(self, paging: model.Paging, page: Type) -> Paging | None:
        items, item_type = self._walk(page, paging.items, paging.span)
        next_, _ = self._walk(page, paging.next or SpecText(""), paging.span)
        if items is None or next_ is None:
            return None
        listed = item_type.inner if isinstance(item_type, Nullable) else item_type
        if not isinstance(listed, ListOf):
            self._misfit("`items` does not lead to a list", paging.span)
            return None
        if paging.style in ("cursor", "link") and not next_:
            self._misfit(f"style {paging.style} needs `next`", paging.span)
        argument = self._param(paging.parameter, paging.span)
        if paging.style in ("cursor", "page", "offset") and argument is None:
            self._misfit(f"style {paging.style} needs `parameter`", paging.span)
        size = self._param(paging.size, paging.span)
        if not self._fits:
            return None
        return Paging(
            style=paging.style,
            page=page,
            item=listed.item,
            items=items,
            next=next_,
            argument=argument,
            size=size,
        )

    def _walk(
        self, type_: Type, pointer: SpecText, span: Span
    ) -> tuple[tuple[Step, ...] | None, Type]:
        """Follow a JSON pointer through the properties of structs."""
        steps: list[Step] = []
        for part in pointer.raw.split("/")[1:]:
            wire = SpecText(part.replace("~1", "/").replace("~0", "~"))
            struct = self._struct(type_)
            field = next((f for f in struct.fields if f.wire == wire), None) if struct else None
            if struct is None or field is None:
                self._misfit(f"no answer has a property {wire.shown!r} there", span)
                return None, type_
            steps.append(Step(struct.key, wire))
            type_ = field.type
        return tuple(steps), type_

    def _struct(self, type_: Type) -> Struct | None:
        inner = type_.inner if isinstance(type_, Nullable) else type_
        found = self._declarations.get(inner.key) if isinstance(inner, Named) else None
        return found if isinstance(found, Struct) else None

    def _param(self, wire: SpecText | None, span: Span) -> int | None:
        if wire is None:
            return None
        for index, param in enumerate(self._params):
            if param.place == "query" and param.wire == wire:
                return index
        self._misfit(f"there is no query parameter {wire.shown!r}", span)
        return None

    def recognised(self, page: Type) -> Paging | None:
        """Paging by shape: one list of objects, a way to the next page, a parameter that takes it.

        Recognised are a cursor (in the answer or in an envelope such as `meta`) with a parameter
        for it, and a page number beside links with a `next`.
        """
        struct = self._struct(page)
        lists = [f for f in struct.fields if isinstance(_bare(f.type), ListOf)] if struct else []
        if struct is None or len(lists) != 1:
            return None
        listed = _bare(lists[0].type)
        assert isinstance(listed, ListOf)
        if self._struct(listed.item) is None and not isinstance(listed.item, Anything):
            return None
        items = (Step(struct.key, lists[0].wire),)
        cursor = next((i for i, p in enumerate(self._params) if _is(p, _CURSOR_PARAMS)), None)
        number = next((i for i, p in enumerate(self._params) if _is(p, ("page",))), None)
        named = self._find(struct, _CURSOR_FIELDS)
        if cursor is not None and named:
            return _recognised("cursor", page, listed, items, named, cursor)
        following = self._find(struct, ("next",))
        if number is not None and following:
            return _recognised("page", page, listed, items, following, number)
        return None

    def _find(self, struct: Struct, names: tuple[str, ...]) -> tuple[Step, ...]:
        """A property of one of these names, in the struct or in an envelope of it."""
        for field in struct.fields:
            if _folded(field.wire) in names and isinstance(_bare(field.type), (Scalar, Named)):
                return (Step(struct.key, field.wire),)
        for field in struct.fields:
            inner = self._struct(field.type)
            if inner is not None and _folded(field.wire) in _ENVELOPES:
                for below in inner.fields:
                    if _folded(below.wire) in names:
                        return (Step(struct.key, field.wire), Step(inner.key, below.wire))
        return ()


def _recognised(
    style: Literal["cursor", "page"],
    page: Type,
    listed: ListOf,
    items: tuple[Step, ...],
    next_: tuple[Step, ...],
    argument: int,
) -> Paging:
    return Paging(
        style=style,
        page=page,
        item=listed.item,
        items=items,
        next=next_,
        argument=argument,
        size=None,
    )


def _bare(type_: Type) -> Type:
    return type_.inner if isinstance(type_, Nullable) else type_


def _is(param: Param, names: tuple[str, ...]) -> bool:
    kinds = (Scalar(ScalarKind.STRING), Scalar(ScalarKind.INTEGER))
    return param.place == "query" and _folded(param.wire) in names and _bare(param.type) in kinds


def _folded(text: SpecText) -> str:
    return "".join(c for c in text.raw.casefold() if c.isalnum())
