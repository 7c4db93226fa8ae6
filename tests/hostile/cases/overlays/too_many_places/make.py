"""Writes the document and its overlay."""

from pathlib import Path

from tests.hostile.documents import operation, write

write({"/a": {"get": operation()}}, {f"S{n}": {"x-a": {"b": {}}} for n in range(20_000)})
Path("overlay.yaml").write_text(
    "overlay: 1.0.0\ninfo: {title: O, version: '1'}\n"
    "actions:\n- {target: '$.components.schemas..*', update: {a: {b: {c: {d: 1}}}}}\n"
)
