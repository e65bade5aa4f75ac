"""Small VCF texts for tests, read from a real file as a user would give it."""

import tempfile
from pathlib import Path
from typing import Any

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import ReadOptions, choose
from fgfr_screen.readers._open import OpenedInput
from fgfr_screen.terms import Assembly

FIXTURES = Path(__file__).parents[2] / "fixtures" / "vcf"
SHARED = Path(__file__).parents[3] / "shared"

LENGTHS = {
    Assembly.GRCH37: {"chr3": 198022430, "chr4": 191154276, "chr8": 146364022, "chr10": 135534747, "chr14": 107349540},
    Assembly.GRCH38: {"chr3": 198295559, "chr4": 190214555, "chr8": 145138636, "chr10": 133797422, "chr14": 107043718},
}


def vcf(
    *rows: str,
    assembly: Assembly | None = Assembly.GRCH38,
    meta: str = "",
    samples: tuple[str, ...] = (),
    prefix: str = "chr",
) -> str:
    """Return a VCF whose rows are given with blanks between the columns."""
    lengths = {} if assembly is None else LENGTHS[assembly]
    contigs = "".join(f"##contig=<ID={prefix}{name[3:]},length={length}>\n" for name, length in lengths.items())
    columns = [
        "#CHROM",
        "POS",
        "ID",
        "REF",
        "ALT",
        "QUAL",
        "FILTER",
        "INFO",
        *(("FORMAT", *samples) if samples else ()),
    ]
    body = "".join("\t".join(row.split(" ")) + "\n" for row in rows)
    return f"##fileformat=VCFv4.2\n{meta}{contigs}" + "\t".join(columns) + "\n" + body


def read_path(path: Path, *, forced: str | None = None, **options: Any) -> InputContent:
    """Read a file with the reader that claims it."""
    with OpenedInput(str(path), allow_truncated=options.get("allow_truncated", False)) as opened:
        reader, _ = choose(opened.head, forced)
        return reader.read(opened, ReadOptions(**options))


def read_text(text: str | bytes, *, forced: str | None = None, **options: Any) -> InputContent:
    """Write the text to a file and read it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sample.vcf"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return read_path(path, forced=forced, **options)
