"""The command line: options, messages and exit statuses; nothing else.

Exit statuses: 0 done; 2 bad input or usage; 3 the output was edited by hand and would be
overwritten; `check` and `diff` have more, see there. Heavy modules are imported by the commands that need them, and
not before it is known that there is work: a run with nothing to do is over in a blink.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import click

from . import __version__

__all__ = ["main"]

_SETTINGS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@contextmanager
def _told_safely() -> Generator[None]:
    """What is wrong with the arguments is told with them in it, and they may be names of files."""
    try:
        yield
    except click.ClickException as error:
        from .console import printable

        vars(error)["message"] = printable(error.message)
        raise


class _Commands(click.Group):
    """Commands that are imported when they are called, besides those that stand here."""

    #: Module below `commands`, which has a command of the same name.
    elsewhere = ("diff", "init")

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: object,
    ) -> click.Context:
        with _told_safely():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> object:
        with _told_safely():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *self.elsewhere])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.elsewhere:
            return super().get_command(ctx, cmd_name)
        from importlib import import_module

        module = import_module(f".commands.{cmd_name}", __package__)
        command: click.Command = getattr(module, cmd_name)
        return command


@click.group(cls=_Commands, context_settings=_SETTINGS)
@click.version_option(__version__, prog_name="linkwright")
def main() -> None:
    """Generate typed, vendorable API clients from OpenAPI documents.

    \b
    Try it with the five bundled providers:
      linkwright generate --out src/myapp/clients

    \b
    Or with a document of your own:
      linkwright generate --spec payments.yaml --out src/myapp/clients

    Without --spec, the [tool.linkwright] table of the nearest pyproject.toml says what to generate;
    without such a table it is the bundled providers. Commit the output, and let `linkwright check`
    in CI say whether it is still what the documents give.
    """


def _inputs(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say what to generate, shared by `generate` and `check`."""
    # What is wrong with a path is ours to say, with a code and a place.
    file = click.Path(path_type=Path, readable=False)
    for option in (
        click.option("-j", "--jobs", type=click.IntRange(1), help="Processes at once."),
        click.option("--out", type=file, help="The output folder; it becomes the root package."),
        click.option("--config", type=file, help="A TOML file with a [tool.linkwright] table."),
        click.option(
            "--overlay", "overlays", type=file, multiple=True, help="An overlay for the --spec."
        ),
        click.option("--name", help="Name of the provider's package; with a single --spec."),
        click.option("--spec", "specs", type=file, multiple=True, help="An OpenAPI document."),
    ):
        command = option(command)
    return command


@main.command()
@_inputs
@click.option("--force", is_flag=True, help="Discard changes made to the output by hand.")
@click.option("--strict", is_flag=True, help="Treat warnings as errors (exit status 2).")
@click.option(
    "--report", type=click.Path(path_type=Path), help="Write what changed to FILE (.md or .json)."
)
@click.option("--watch", is_flag=True, help="Generate again whenever an input changes.")
@click.option("--no-cache", is_flag=True, help="Compute everything anew.")
@click.option("-v", "--verbose", is_flag=True, help="Show every warning, and what is written.")
def generate(
    specs: tuple[Path, ...],
    name: str | None,
    config: Path | None,
    out: Path | None,
    jobs: int | None,
    overlays: tuple[Path, ...],
    force: bool,
    strict: bool,
    report: Path | None,
    watch: bool,
    no_cache: bool,
    verbose: bool,
) -> None:
    """Write the client package.

    The output folder is replaced in one step: whatever happens, it holds the old output or the new
    one. Files that linkwright did not write stay. Output that was edited by hand is not
    overwritten (exit status 3), nor is what a newer linkwright wrote (6), unless --force is given.

    \b
    Examples:
      linkwright generate --out clients
      linkwright generate --spec bank.yaml --spec ledger.yaml --out clients
      linkwright generate --spec api.yaml --name ledger --out clients
      linkwright generate --report changes.md
      linkwright generate --spec api.yaml --overlay fixes.yaml --out clients
      linkwright generate --watch
    """
    from .console import configured, shown
    from .idle import is_current

    project, folder = configured(specs, name, config, out, overlays)
    if not force and not strict and not watch and not report and is_current(project, folder):
        click.echo(f"{shown(folder)} is up to date")
        return
    from .commands.generate import Options, run

    options = Options(
        force=force,
        strict=strict,
        verbose=verbose,
        jobs=jobs,
        cached=not no_cache,
        report=report,
    )
    if watch:
        from .commands.watch import source_of
        from .commands.watch import watch as keep_going

        # The same one to the end, also while it is missing.
        source = None if specs else source_of(config)
        keep_going(lambda: configured(specs, name, source, out, overlays), source, options)
    else:
        run(project, folder, options)


@main.command()
@_inputs
@click.option("--full", is_flag=True, help="Generate and compare even if no input has changed.")
@click.option("--strict", is_flag=True, help="Treat warnings as errors (exit status 2).")
def check(
    specs: tuple[Path, ...],
    name: str | None,
    config: Path | None,
    out: Path | None,
    jobs: int | None,
    overlays: tuple[Path, ...],
    full: bool,
    strict: bool,
) -> None:
    """Say whether the output is exactly what `generate` would write.

    Prints what was edited, missing or extra, whether the inputs have moved on (stale), and a
    unified diff. Nothing is written.

    \b
    Exit status, the first that holds:
      6  newer: made by a newer linkwright than this
      3  edited: files were changed by hand
      4  missing: files are gone
      5  extra: files that linkwright did not write
      1  stale: the inputs, or linkwright itself, have changed
      2  it cannot be told, because of bad input or usage
      0  all is well

    \b
    Examples:
      linkwright check
      linkwright check --spec api.yaml --out clients
      linkwright check --full
    """
    from .commands.check import run
    from .console import configured

    project, folder = configured(specs, name, config, out, overlays)
    run(project, folder, full=full, strict=strict, jobs=jobs)


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False))
@click.option(
    "--overlay",
    "overlays",
    type=click.Path(path_type=Path, readable=False),
    multiple=True,
    help="An overlay to apply to every FILE first.",
)
@click.option("--strict", is_flag=True, help="Exit with status 2 on warnings too.")
@click.option("--json", "as_json", is_flag=True, help="Print the diagnostics as JSON.")
def validate(
    files: tuple[Path, ...], overlays: tuple[Path, ...], strict: bool, as_json: bool
) -> None:
    """Say what is wrong with documents, and what of them would not be in the output.

    Nothing is written. Exit status 0 if clients can be generated, 2 if not.

    \b
    Examples:
      linkwright validate specs/*.yaml
      linkwright validate --strict --json api.yaml
    """
    from .commands.validate import run

    run(files, overlays, strict=strict, as_json=as_json)


@main.command()
@click.argument(
    "documents",
    metavar="DOC...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, readable=False),
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Where to write the document."
)
@click.option(
    "--endpoints",
    type=click.Path(path_type=Path, readable=False),
    help="Methods and paths that the pages do not show: a list, or an OpenAPI document.",
)
@click.option("--report", type=click.Path(path_type=Path), help="Write the report as JSON.")
@click.option("--no-prose", is_flag=True, help="Leave summaries and descriptions out.")
@click.option("--strict", is_flag=True, help="Exit with status 1 if a fact is missing.")
def extract(
    documents: tuple[Path, ...],
    output: Path | None,
    endpoints: Path | None,
    report: Path | None,
    no_prose: bool,
    strict: bool,
) -> None:
    """Make an OpenAPI document from the reference pages of an SDK.

    DOC is a Markdown page, or a folder of such: pages of openapi-generator, swagger-codegen 2 and
    3 or Speakeasy, for any target language. Give the SDK's README too: security schemes and servers
    stand there. The document goes to standard output unless -o is given; a table of what was found,
    concluded, missing and ignored goes to standard error.

    \b
    Exit status 0; 1 if facts are missing and --strict is given; 2 if no operation is found.

    \b
    Examples:
      linkwright extract docs README.md -o api.yaml
      linkwright extract docs --no-prose --report report.json -o api.yaml
      linkwright extract docs --endpoints endpoints.yaml --strict -o api.yaml
    """
    from .commands.extract import Options, run

    run(documents, Options(output, endpoints, report, prose=not no_prose, strict=strict))


if __name__ == "__main__":
    sys.exit(main())
