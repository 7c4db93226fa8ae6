"""`linkwright` and `python -m linkwright`."""

import sys

__all__ = ["main"]


def main() -> None:
    """The command; without loading it where there is nothing to do."""
    from .idle import answered

    if not answered(sys.argv[1:]):
        from .cli import main as command

        command()


if __name__ == "__main__":
    main()
