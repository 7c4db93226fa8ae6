"""The extracted document as YAML text: one line per value, so that a change is a small diff."""

from __future__ import annotations

import re

import yaml

from .provenance import Flow

__all__ = ["to_yaml"]

#: Reads as something else by YAML 1.2, although by PyYAML's YAML 1.1 it is a string.
_AMBIGUOUS = re.compile(
    r"[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?\.inf|\.nan", re.I
)
#: What a reader may refuse or a terminal act on; dropped, because it means nothing in prose.
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff"
    r"\ufffe\uffff]"
)
#: What CI systems take for commands, where the document goes to standard output.
_COMMAND = re.compile(r"^\s*::|##\w*\[", re.M)


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """PyYAML's safe dumper, without anchors and aliases."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 -- the signature is PyYAML's
        """Write everything out: what repeats is short."""
        return True


def _text(_: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    value = _CONTROL.sub("", value.replace("\r\n", "\n").replace("\x85", "\n"))
    if _COMMAND.search(value):
        # In double quotes, where the beginning of no line is the text's, and `#` can be escaped.
        return yaml.ScalarNode("tag:yaml.org,2002:str", value, style='"')
    style = "|" if "\n" in value else "'" if _AMBIGUOUS.fullmatch(value) else None
    return yaml.ScalarNode("tag:yaml.org,2002:str", value, style=style)


def _flow(dumper: yaml.SafeDumper, value: Flow) -> yaml.MappingNode:
    return dumper.represent_mapping("tag:yaml.org,2002:map", value, flow_style=True)


for _kind, _represent in ((str, _text), (Flow, _flow)):
    _Dumper.add_representer(_kind, _represent)  # pyright: ignore[reportUnknownMemberType]


def to_yaml(document: dict[str, object]) -> str:
    """The document as YAML 1.2 that loads as plain data: no tags, no aliases."""
    text: str = yaml.dump(
        document,
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=1_000_000_000,
        default_flow_style=False,
    )
    return _COMMAND.sub(lambda found: found[0].replace("##", r"\x23#"), text)
