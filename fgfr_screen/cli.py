"""Command line: a lazy group, and the only place that exits.

`--version` and `--help` are answered before click is imported; a command's module is imported when it is chosen.
"""

import sys

from fgfr_screen import __version__
from fgfr_screen.errors import FgfrScreenError

TYPE_CHECKING = False  # importing `typing` would double the time of `--version`
if TYPE_CHECKING:
    from typing import NoReturn

    import click

PROGRAM = "fgfr-screen"
COMPLETION = "_FGFR_SCREEN_COMPLETE"
"""Set by a shell that asks click for completions."""
COMMANDS: dict[str, tuple[str, str]] = {
    "assays": ("fgfr_screen.commands.assays", "List the tests that `--assay ID` knows and what each can find."),
    "batch": ("fgfr_screen.commands.batch", "Screen a cohort: one sample per row, each a result or an error row."),
    "check": ("fgfr_screen.commands.check", "Read one file, show what would be used of it, and ask a second reader."),
    "cohort": (
        "fgfr_screen.commands.cohort",
        "Count a cohort: rates with intervals by programme, class, partner, tumour type, assay.",
    ),
    "explain": ("fgfr_screen.commands.explain", "Explain a code, a class or a programme."),
    "formats": ("fgfr_screen.commands.formats", "List the input formats and what each was built from."),
    "programs": ("fgfr_screen.commands.programs", "List, show or check programmes."),
    "registry": (
        "fgfr_screen.commands.registry",
        "Ask, compare, weigh again, export, merge and verify stored screenings.",
    ),
    "schema": ("fgfr_screen.commands.schema", "Print the JSON Schema of the result or of the lab report."),
    "screen": ("fgfr_screen.commands.screen", "Screen the files of one patient."),
}
GARBAGE_THRESHOLD = 100_000
"""Our records hold no cycles; collecting after every 700 of them costs a tenth of a short run."""
_SUMMARY = "Find, name and classify FGFR1-3 events of a tumour, and route them to programmes."
_EPILOG = (
    "Exit status: 0 done, 1 internal error, 2 usage, 3 no input could be trusted, 4 some samples failed,\n"
    "  5 output not written, 6 registry not verified."
)


def help_text() -> str:
    """Return the help of the group; a test holds it against the commands' own first lines."""
    rows = "\n".join(f"  {name:<10}{short}" for name, (_, short) in sorted(COMMANDS.items()))
    return (
        f"Usage: {PROGRAM} [OPTIONS] COMMAND [ARGS]...\n\n  {_SUMMARY}\n\n"
        "Options:\n  --version  Show the version and exit.\n  --help     Show this message and exit.\n\n"
        f"Commands:\n{rows}\n\n  {PROGRAM} COMMAND --help explains a command.\n  {_EPILOG}\n"
    )


def _import_msgspec_alone() -> None:
    """Load msgspec without two modules that take a tenth of a short run and that it has no use for.

    It takes typing_extensions when it is installed and needs it on no Python of ours. It also loads uuid, which loads
    platform to ask for the name of the system; both are put back as if they had not been looked at.
    """
    import os
    import types

    if "msgspec" in sys.modules or not {"typing_extensions", "platform"}.isdisjoint(sys.modules):
        return
    system = types.ModuleType("platform")
    system.system = lambda: os.uname().sysname  # type: ignore[attr-defined]
    sys.modules.update({"typing_extensions": None, "platform": system})  # type: ignore[dict-item]
    try:
        import uuid  # noqa: F401

        import msgspec  # noqa: F401
    finally:
        del sys.modules["typing_extensions"], sys.modules["platform"]


def _group() -> "click.Group":
    import importlib

    import click

    class LazyGroup(click.Group):
        """Imports a command's module when the command is chosen."""

        def list_commands(self, ctx: click.Context) -> list[str]:
            return sorted(COMMANDS)

        def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
            if cmd_name not in COMMANDS:
                return None
            if cmd_name == "screen":
                _import_msgspec_alone()
                from fgfr_screen.commands import screen

                return screen.click_command()
            command = importlib.import_module(COMMANDS[cmd_name][0]).command
            return command if isinstance(command, click.Command) else None

        def get_help(self, ctx: click.Context) -> str:
            return help_text().rstrip("\n")

    return LazyGroup(
        name=PROGRAM,
        params=[click.Option(["--version"], is_flag=True, expose_value=False, help="Show the version and exit.")],
    )


def _die_by(name: str) -> "NoReturn":
    """End by the signal itself, so that a shell sees 130 or 141."""
    import os
    import signal

    signum = signal.Signals[name]
    signal.signal(signum, signal.SIG_DFL)
    os.kill(os.getpid(), signum)
    raise SystemExit(128 + signum)


def _internal_error(error: BaseException) -> int:
    """Tell where the program failed without printing values that may belong to a patient."""
    import os

    if os.environ.get("FGFR_SCREEN_DEBUG"):
        raise error
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace is not None else "?"
    print(
        f"ERROR INTERNAL_ERROR {type(error).__name__} at {where} -- this is a bug; FGFR_SCREEN_DEBUG=1 shows the trace",
        file=sys.stderr,
    )
    return 1


def _run_with_click(arguments: list[str]) -> int:
    import click

    try:
        status = _group().main(args=arguments, prog_name=PROGRAM, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except click.Abort:
        _die_by("SIGINT")
    return status if isinstance(status, int) else 0


def _screened_plainly(arguments: list[str]) -> bool:
    """Screen without click where the command line is plain; False = nothing was done."""
    import os

    if arguments[:1] != ["screen"] or COMPLETION in os.environ:
        return False
    _import_msgspec_alone()
    from fgfr_screen.commands import screen

    return screen.run_plainly(arguments[1:])


def run(arguments: list[str]) -> int:
    """Run one command line and return the exit status."""
    import gc

    gc.set_threshold(GARBAGE_THRESHOLD)
    try:
        return 0 if _screened_plainly(arguments) else _run_with_click(arguments)
    except FgfrScreenError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        _die_by("SIGINT")
    except Exception as error:  # noqa: BLE001 - the last line of defence: no traceback with a patient's values
        return _internal_error(error)


def _end(status: int) -> "NoReturn":
    """End at once: all output is written and closed by now, and taking the interpreter apart costs a tenth of a run."""
    import os

    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        status = status or 5
    os._exit(status)


def main() -> "NoReturn":
    """Entry point of the console script."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        print(f"{PROGRAM} {__version__}")
        sys.exit(0)
    if not arguments or arguments == ["--help"]:
        print(help_text(), end="")
        sys.exit(0 if arguments else 2)
    import signal

    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # a closed pipe ends us as it ends any C tool; click would say 1
    _end(run(arguments))
