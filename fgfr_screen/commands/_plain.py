"""Options told once: click builds its command from them, and a plain command line is read without loading click.

click is a fifth of a short run. A line whose every word is spelled out (`--name value`, `--name=value`, a flag, a file) needs
nothing of it; whatever else there is (help, an abbreviation, an error to explain) is left to click, which has the last word.
`tests/commands/test_plain.py` holds the two against each other.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from fgfr_screen.model import Record

if TYPE_CHECKING:
    import click


class Option(Record, frozen=True, kw_only=True):
    """One option of a command.

    Attributes:
        names: As written on a command line, with dashes.
        into: Argument of the command's function that takes the value.
        help: One sentence; None = the name says it.
        metavar: Word for the value in the help; None = click's own.
        is_flag: Takes no value.
        is_repeatable: May stand several times; the function gets a tuple.
        choices: The only values, or () for any text.
        low, high: Bounds of a number, or None for text; `low_excluded` = more than `low`.
        default: Value where the option is not given.
    """

    names: tuple[str, ...]
    into: str
    help: str | None = None
    metavar: str | None = None
    is_flag: bool = False
    is_repeatable: bool = False
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    low_excluded: bool = False
    default: str | None = None


def _value(option: Option, text: str) -> str | float | None:
    """Return the value of a word, None where click has something to say about it."""
    if option.choices:
        return text if text in option.choices else None
    if option.low is None or option.high is None:
        return text
    try:
        number = float(text)
    except ValueError:
        return None
    is_inside = option.low < number <= option.high or (number == option.low and not option.low_excluded)
    return number if is_inside else None


def _unset(option: Option) -> Any:
    if option.is_flag:
        return False
    return () if option.is_repeatable else option.default


def read_plainly(options: Sequence[Option], words: Sequence[str]) -> dict[str, Any] | None:
    """Read a command line: `files` and the value of every option by its `into`; None = let click read it."""
    known = {name: option for option in options for name in option.names}
    values: dict[str, Any] = {option.into: _unset(option) for option in options}
    files: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "-" or not word.startswith("-"):
            files.append(word)
            continue
        name, equals, text = word.partition("=") if word.startswith("--") else (word, "", "")
        option = known.get(name)
        if option is None or (option.is_flag and equals):
            return None
        if option.is_flag:
            values[option.into] = True
            continue
        if not equals:
            text = next(rest, "--")
            if text.startswith("-") and text != "-":
                return None
        value = _value(option, text)
        if value is None:
            return None
        values[option.into] = (*values[option.into], value) if option.is_repeatable else value
    return {"files": tuple(files), **values} if files else None


def float_range(low: float, high: float | None, *, low_excluded: bool = False) -> "click.FloatRange":
    """Return a range of numbers as click reads it; `nan`, which lies in every range of click, lies in none of ours."""
    import math

    import click

    class Number(click.FloatRange):
        """A number of the range."""

        def convert(self, value: Any, param: "click.Parameter | None", ctx: "click.Context | None") -> Any:
            number = super().convert(value, param, ctx)
            if math.isnan(number):
                self.fail(f"{value} is no number", param, ctx)
            return number

    return Number(low, high, min_open=low_excluded)


def _as_click(option: Option) -> "click.Option":
    import click

    kind: Any = None
    if option.choices:
        kind = click.Choice(option.choices)
    elif option.low is not None:
        kind = float_range(option.low, option.high, low_excluded=option.low_excluded)
    return click.Option(
        [*option.names, option.into],
        type=kind,
        is_flag=option.is_flag,
        multiple=option.is_repeatable,
        metavar=option.metavar,
        default=False if option.is_flag else option.default,
        show_default=option.default is not None,
        help=option.help,
    )


def as_click_command(name: str, run: Callable[..., None], options: Sequence[Option]) -> "click.Command":
    """Build the click command of a function that takes `files` and these options; its docstring is the help."""
    import click

    return click.Command(
        name,
        callback=run,
        params=[click.Argument(["files"], nargs=-1, metavar="FILE..."), *map(_as_click, options)],
        help=run.__doc__,
        context_settings={"max_content_width": 100},
    )
