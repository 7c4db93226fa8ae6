"""Descriptions spread over files: what is read, and above all what is not."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkwright.diagnostics import Collector, InputError
from linkwright.openapi.model import OpenApi
from linkwright.openapi.read import read
from linkwright.source import library as library_module
from linkwright.source.library import Library
from linkwright.source.load import load

_HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n"
_RESPONSE = "      responses: {'200': {description: D, content: {application/json: {schema: "


def spec(ref: str) -> str:
    """A document with one operation whose answer is a reference."""
    return f"{_HEAD}{_RESPONSE}{{$ref: '{ref}'}}}}}}}}}}\n"


def opened(root: Path) -> tuple[OpenApi, Library]:
    """Read a description; errors are raised."""
    out = Collector()
    library = Library(load(root, out), out)
    api = read(library, out)
    out.stop_on_errors()
    return api, library


def refusal(root: Path) -> str:
    """What the one error says that a description is refused with."""
    with pytest.raises(InputError) as raised:
        opened(root)
    (error,) = raised.value.diagnostics
    return f"{error.code} {error.message}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder in a folder, for the documents; beside it lies a secret."""
    (tmp_path / "secret.yaml").write_text("type: string\n")
    (tmp_path / "spec").mkdir()
    return tmp_path / "spec"


_OUTSIDE = [
    "../secret.yaml",
    "sub/../../secret.yaml",
    "%2e%2e/secret.yaml",
    "..%2fsecret.yaml",
    "/etc/passwd",
    "//host/secret.yaml",
    "file:///etc/passwd",
    "http://127.0.0.1:9/a.yaml",
    "HTTPS://127.0.0.1:9/a.yaml",
    "ftp://127.0.0.1/a.yaml",
    "C:/secret.yaml",
    "data:text/plain,type",
]


@pytest.mark.parametrize("ref", _OUTSIDE)
def test_nothing_outside_the_folder_is_read(ref: str, root: Path) -> None:
    (root / "sub").mkdir()
    (root / "spec.yaml").write_text(spec(ref))
    assert refusal(root / "spec.yaml") == (
        f"E204 the reference {ref} leaves the folder of the document"
    )


def _link_out(file: Path) -> None:
    file.symlink_to("../secret.yaml")


def _link_to_folder_out(file: Path) -> None:
    file.symlink_to("..")


def _fifo(file: Path) -> None:
    os.mkfifo(file)


def _device(file: Path) -> None:
    file.symlink_to("/dev/zero")


def _folder(file: Path) -> None:
    file.mkdir()


def _loop(file: Path) -> None:
    file.symlink_to(file.name)


def _broken(file: Path) -> None:
    file.write_text("type: [\n")


_ODD: list[tuple[Callable[[Path], None], str]] = [
    (_link_out, "E204 the reference part.yaml leaves the folder of the document"),
    (_link_to_folder_out, "E204 the reference part.yaml leaves the folder of the document"),
    (_fifo, "E101 part.yaml is not a regular file"),
    (_device, "E204 the reference part.yaml leaves the folder of the document"),
    (_folder, "E101 part.yaml is a folder"),
    (_loop, "E204 there is no file part.yaml"),
    (_broken, "E102 not valid YAML: did not find expected node content"),
]


@pytest.mark.parametrize(("make", "message"), _ODD, ids=[make.__name__ for make, _ in _ODD])
def test_what_is_no_plain_file_is_refused(
    make: Callable[[Path], None], message: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    make(root / "part.yaml")
    Path("spec.yaml").write_text(spec("part.yaml"))
    assert refusal(Path("spec.yaml")) == message


def test_a_link_inside_the_folder_is_the_file_it_leads_to(root: Path) -> None:
    (root / "real.yaml").write_text("{type: object, properties: {a: {$ref: link.yaml}}}")
    (root / "link.yaml").symlink_to("real.yaml")
    (root / "spec.yaml").write_text(spec("link.yaml"))
    api, library = opened(root / "spec.yaml")
    assert list(api.schemas) == ["real.yaml#"]
    assert [document.name for document in library] == ["", "real.yaml"]


def _linked(root: Path, part: str) -> Path:
    """A sandbox in which each input is a link: the document, and a part of it."""
    (root / "tree/parts").mkdir(parents=True)
    (root / "tree/spec.yaml").write_text(spec("parts/a.yaml"))
    (root / "tree/parts/a.yaml").write_text("{type: object}")
    (root / "tree/parts/b.yaml").write_text("{type: object}")
    (root / "sandbox/parts").mkdir(parents=True)
    (root / "sandbox/spec.yaml").symlink_to("../tree/spec.yaml")
    (root / "sandbox/parts/a.yaml").symlink_to(f"../../{part}")
    return root / "sandbox/spec.yaml"


def test_a_tree_of_links_is_the_tree_that_it_leads_to(root: Path) -> None:
    api, library = opened(_linked(root, "tree/parts/a.yaml"))
    assert list(api.schemas) == ["parts~1a.yaml#"]
    assert [document.name for document in library] == ["", "parts/a.yaml"]


@pytest.mark.parametrize("part", ["secret.yaml", "tree/parts/b.yaml", "none.yaml"])
def test_a_tree_of_links_to_anywhere_is_not(part: str, root: Path) -> None:
    (root / "secret.yaml").write_text("{type: string}")
    assert refusal(_linked(root, part)) == (
        "E204 the reference parts/a.yaml leaves the folder of the document"
    )


def test_files_are_counted(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library_module, "MAX_FILES", 3)
    (root / "spec.yaml").write_text(spec("1.yaml"))
    for number in range(1, 4):
        (root / f"{number}.yaml").write_text(
            f"{{type: object, properties: {{a: {{$ref: {number + 1}.yaml}}}}}}"
        )
    assert refusal(root / "spec.yaml") == "E104 the description has more than 3 files"


def test_files_together_have_a_size(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library_module, "MAX_BYTES", 1_000)
    (root / "spec.yaml").write_text(spec("part.yaml"))
    (root / "part.yaml").write_text(f"description: {'x' * 1_000}")
    assert refusal(root / "spec.yaml").startswith("E104 the files together exceed")


def test_a_message_points_into_the_file(root: Path) -> None:
    (root / "sub").mkdir()
    (root / "spec.yaml").write_text(spec("sub/part.yaml"))
    (root / "sub/part.yaml").write_text("type: object\nproperties:\n  a: {type: strin}\n")
    with pytest.raises(InputError) as raised:
        opened(root / "spec.yaml")
    assert str(raised.value.diagnostics[0].span) == f"{root}/sub/part.yaml:3:13"


_CYCLES = [
    "{$ref: '#/components/schemas/A'}",
    "{$ref: '#/components/schemas/B'}",
    "{$ref: '#/components/schemas/A/properties/b'}",
    "{$ref: '#/components/schemas/A/properties/a/properties/a'}",
]


@pytest.mark.parametrize("inner", _CYCLES)
def test_cycles_end(inner: str, root: Path) -> None:
    """They are read, or refused in one line; whatever they go through."""
    components = f"components: {{schemas: {{A: {{type: object, properties: {{a: {inner}}}}}, B: {inner}}}}}\n"
    (root / "spec.yaml").write_text(spec("#/components/schemas/A") + components)
    out = Collector()
    with contextlib.suppress(InputError):
        library = Library(load(root / "spec.yaml", out), out)
        assert "/components/schemas/A" in read(library, out).schemas
    assert {d.code for d in out.found} <= {"E204"}


_NAMES = st.sampled_from(["Ant", "Bee", "Cat", "Dog"])
_PLACES = st.sampled_from(["spec.yaml", "one.yaml", "sub/two.yaml"])


@settings(max_examples=40, deadline=None)
@given(
    places=st.fixed_dictionaries(dict.fromkeys(["Ant", "Bee", "Cat", "Dog"], _PLACES)),
    edges=st.lists(st.tuples(_NAMES, _NAMES), max_size=8, unique=True),
)
def test_spread_over_files_a_description_reads_the_same(
    places: dict[str, str], edges: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Wherever the schemas are kept, the same are reached, and they refer to each other alike."""
    folder = tmp_path_factory.mktemp("spread")
    whole = folder / "whole"
    whole.mkdir()
    _write(whole, dict.fromkeys(places, "spec.yaml"), edges)
    _write(folder, places, edges)
    one, many = (_graph(opened(path / "spec.yaml")[0]) for path in (whole, folder))
    assert one == many


def _write(folder: Path, places: dict[str, str], edges: list[tuple[str, str]]) -> None:
    texts: dict[str, str] = {"spec.yaml": ""}
    for name, file in places.items():
        up = "../" * file.count("/")
        properties = "".join(
            f"{to}: {{$ref: '{'' if places[to] == file else up + places[to]}#/components/schemas/{to}'}}, "
            for source, to in edges
            if source == name
        )
        schema = f"    {name}: {{type: object, properties: {{{properties}}}}}\n"
        texts[file] = texts.get(file, "") + schema
    for file, text in texts.items():
        head = spec(f"{'' if places['Ant'] == file else places['Ant']}#/components/schemas/Ant")
        text = (head if file == "spec.yaml" else "") + (
            f"components:\n  schemas:\n{text}" if text else ""
        )
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_text(text)


def _graph(api: OpenApi) -> dict[str, list[tuple[str, str]]]:
    return {
        pointer.rpartition("/")[2]: [
            (key.raw, (child.ref or "").rpartition("/")[2]) for key, child in schema.properties
        ]
        for pointer, schema in api.schemas.items()
    }
