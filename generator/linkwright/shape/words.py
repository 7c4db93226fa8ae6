"""Splitting names into words and putting words into cases. Pure; knows no Python rules."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

__all__ = ["pascal", "singular", "snake", "split"]

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z0-9]+|[^\x00-\x7f]+")

# A sign before a number: the reactions `+1` and `-1` are not the same.
_SIGN = re.compile(r"^[+-](?=\d)")
# Filters of a range: `StartTime<` and `StartTime>`; not what ends in `>` as in `List<User>`.
_COMPARISON = re.compile(r"^([^<>]*\w)([<>]=?)$")
_COMPARED = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}
# One word, whatever its capitals say.
_OAUTH = re.compile(r"(?<![A-Z])OAuth(?![a-z])")


def split(text: str) -> tuple[str, ...]:
    """Split an identifier of any style into lower-case words.

    `createUserConnection`, `create-user-connection`, `create user connection` and
    `CREATE_USER_CONNECTION` give the same words; a run of capitals is one word (`SCARequired`
    is `sca required`). Letters outside ASCII become their code points, so that two names that
    differ on the wire differ here, but for accents: `état` is `etat`.
    """
    text = _SIGN.sub(lambda sign: "plus " if sign[0] == "+" else "minus ", text)
    text = _COMPARISON.sub(lambda found: f"{found[1]} {_COMPARED[found[2]]}", text)
    words = _WORD.findall(_plain(_OAUTH.sub("Oauth", text)))
    return tuple(_ascii(word).lower() for word in words)


def snake(words: Sequence[str]) -> str:
    """`("last", "sync")` as `last_sync`."""
    return "_".join(words)


def pascal(words: Sequence[str]) -> str:
    """`("last", "sync")` as `LastSync`."""
    return "".join(word[:1].upper() + word[1:] for word in words)


def singular(word: str) -> str:
    """A noun without its English plural ending; other words come back as they are."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _plain(text: str) -> str:
    """Text without the accents of Latin letters."""
    if text.isascii():
        return text
    return "".join(
        (
            base[0]
            if (base := unicodedata.normalize("NFKD", c))[0].isascii()
            and len(base) > 1
            and all(map(unicodedata.combining, base[1:]))
            else c
        )
        for c in unicodedata.normalize("NFKC", text)
    )


def _ascii(word: str) -> str:
    if word.isascii():
        return word
    return "".join(c if c.isascii() else f"u{ord(c):04x}" for c in word)
