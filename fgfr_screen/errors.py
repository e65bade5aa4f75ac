"""Exceptions. Each kind of failure has its class, its stable code and its exit status; only `cli` exits.

Two kinds of trouble are never mixed: a *file or set-up* that cannot be used raises a subclass of `FgfrScreenError`;
a *record* that cannot be used is a `model.Rejected` value and reading goes on.
"""


class FgfrScreenError(Exception):
    """Base of all our errors.

    Attributes:
        exit_code: Process exit status (README).
        code: Stable word, explained by `fgfr-screen explain CODE`.
        path: File the trouble lies in, or None.
        line: 1-based line, or None when the whole file is meant.
        reason: What is wrong, one sentence.
        remedy: What the user can do about it.
    """

    exit_code = 1
    default_code = "INTERNAL_ERROR"

    def __init__(
        self,
        reason: str,
        *,
        remedy: str = "",
        path: str | None = None,
        line: int | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy
        self.path = path
        self.line = line
        self.code = code or self.default_code

    def __str__(self) -> str:
        """Render as `file:line ERROR CODE message remedy`, leaving out what is not known."""
        place = "" if self.path is None else self.path if self.line is None else f"{self.path}:{self.line}"
        head = f"{place} ERROR {self.code}".strip()
        return f"{head} {self.reason}" + (f" -- {self.remedy}" if self.remedy else "")


class UsageError(FgfrScreenError):
    """Options or a user's own file (clinical facts, programmes, assay) cannot be used."""

    exit_code = 2
    default_code = "USAGE"


class UserFileError(UsageError):
    """A TOML file of the user has a wrong key or value; `line` and the key are in the message."""

    default_code = "USER_FILE"


class InputError(FgfrScreenError):
    """An input file cannot be trusted, so nothing is said from it."""

    exit_code = 3
    default_code = "INPUT"


class UnknownFormatError(InputError):
    """No reader, or more than one, claims the file."""

    default_code = "UNKNOWN_FORMAT"


class MalformedFileError(InputError):
    """The file is claimed by a reader and then breaks its format."""

    default_code = "MALFORMED_FILE"


class TruncatedFileError(InputError):
    """The file ends early: a cut line, a missing BGZF end block, a broken gzip stream."""

    default_code = "TRUNCATED"


class AssemblyError(InputError):
    """The assembly contradicts itself, is not supported (hg18, T2T) or cannot be told and must be."""

    default_code = "ASSEMBLY_CONFLICT"


class SampleColumnError(InputError):
    """The tumour column cannot be told among several samples; the message lists the names."""

    default_code = "TUMOR_COLUMN"


class ReferenceDataError(FgfrScreenError):
    """The packaged data are damaged or of another release."""

    exit_code = 1
    default_code = "REFERENCE_DATA"


class OutputError(FgfrScreenError):
    """The result could not be written; an older file is left as it was."""

    exit_code = 5
    default_code = "OUTPUT"


class VerifyError(FgfrScreenError):
    """Stored results are not what they were when they were written."""

    exit_code = 6
    default_code = "REGISTRY_VERIFY"
