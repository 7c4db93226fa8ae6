from __future__ import annotations

import sys
import zipfile
from importlib import import_module, invalidate_caches
from pathlib import Path
from types import ModuleType

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"

INIT = """
from {dots}_runtime.lazy import LazyModule, lazy_exports
__getattr__, __dir__ = lazy_exports(__name__, {{"Thing": "things", "things": "things"}})
lazy = LazyModule(__name__, "things")
"""


def files(root: str) -> dict[str, str]:
    tree = {
        f"{root}/_runtime/{path.name}": path.read_text()
        for path in (TEMPLATES / "package" / "_runtime").glob("*.py")
    }
    tree[f"{root}/__init__.py"] = ""
    tree[f"{root}/toy/__init__.py"] = INIT.format(dots="..")
    tree[f"{root}/toy/things.py"] = "class Thing: pass\n"
    return tree


def check(name: str) -> ModuleType:
    package = import_module(name)
    assert f"{name}.things" not in sys.modules
    assert {"Thing", "things"} <= set(dir(package))
    assert package.Thing is package.lazy.Thing
    assert package.things.Thing is package.Thing
    assert package.__dict__["Thing"] is package.Thing
    with pytest.raises(AttributeError, match="'Nothing'") as caught:
        _ = package.Nothing
    assert caught.value.name == "Nothing"
    with pytest.raises(AttributeError, match="'Nothing'"):
        _ = package.lazy.Nothing
    return package


def test_under_any_name_twice_and_deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for root in ("lazy_one", "lazy_two/very/deep"):
        for name, text in files(root).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    one = check("lazy_one.toy")
    two = check("lazy_two.very.deep.toy")
    assert one.Thing is not two.Thing


def test_from_a_zip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = tmp_path / "clients.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for name, text in files("lazy_zipped").items():
            packed.writestr(name, text)
    monkeypatch.setattr(sys, "path", [str(archive), *sys.path])
    invalidate_caches()
    assert "clients.zip" in (check("lazy_zipped.toy").__file__ or "")
