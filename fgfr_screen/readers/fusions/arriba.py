"""Arriba `fusions.tsv`, versions 1 and 2 (tab, one header; columns are read by name, because their order differs).

`breakpoint1/2` are `contig:position`, 1-based, the last kept base of each side. `direction1/2` say which side of it is
kept: `upstream` = RIGHT, `downstream` = LEFT (checked on 1,060 real rows). `strand1/2(gene/fusion)` hold the strand of
the gene and that of the transcript; where the second is `.` Arriba could not tell the 5' gene and the order of the
columns means nothing. `GENEA(123),GENEB(456)` names the neighbours of a place between genes, with distances: never a
partner. `filters` counts the reads that each filter took; a filter without a count threw the whole event out, which
happens in `fusions.discarded.tsv` only.

`confidence` low, medium, high is a rank and no filter: a low one is kept, unfiltered, with its word.

Written against real files of both versions.
"""

from collections.abc import Sequence

from fgfr_screen.errors import MalformedFileError
from fgfr_screen.model import Breakend, InputContent, RearrangementCall
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.readers.fusions._fusion_table import (
    FIVE,
    THREE,
    FusionFormat,
    FusionRow,
    end,
    fusion,
    header_names,
    read_fusions,
)
from fgfr_screen.terms import DeclaredStructure, EventKind, GeneOrder, Orientation, TranscriptSide

_SIGNS = {"gene1", "gene2", "breakpoint1", "breakpoint2", "strand1(gene/fusion)", "strand2(gene/fusion)"}
_DIRECTIONS = {"upstream": Orientation.RIGHT, "downstream": Orientation.LEFT}


def _sniff(head: Head) -> str | None:
    if header_names(head) >= _SIGNS:
        return "the header has the columns gene1, gene2, strand1(gene/fusion) and breakpoint1 of Arriba"
    return None


def _call(row: FusionRow) -> RearrangementCall:
    kind = row.text("type")
    split = [row.count("split_reads1"), row.count("split_reads2")]
    confidence = row.text("confidence")
    is_ordered = all(_strand(row, side) for side in "12")
    return fusion(
        row,
        _side(row, "1", FIVE),
        _side(row, "2", THREE),
        order=GeneOrder.ASSERTED if is_ordered else GeneOrder.UNKNOWN,
        declared=_declared(row, kind),
        frame=row.text("reading_frame"),
        split_reads=None if None in split else sum(one or 0 for one in split),
        spanning_pairs=row.count("discordant_mates"),
        failed=True if _is_discarded(row) else None,
        filter_text=row.text("filters") if _is_discarded(row) else f"confidence {confidence}" if confidence else "",
        text=kind,
    )


def _side(row: FusionRow, which: str, role: TranscriptSide) -> Breakend:
    word = row.text(f"gene{which}")
    is_between_genes = not word or "(" in word
    place = row.place(f"breakpoint{which}")
    strand = _strand(row, which)
    orientation = _DIRECTIONS.get(row.text(f"direction{which}"))
    if place is not None and orientation is None and strand:
        place = type(place)(contig=place.contig, pos=place.pos, strand=strand)
    return end(
        () if is_between_genes else (word,),
        place,
        role,
        orientation=orientation,
        states_no_gene=is_between_genes,
        transcript=row.text(f"transcript_id{which}"),
    )


def _strand(row: FusionRow, which: str) -> str:
    """Return the strand of the transcript, "" when Arriba could not tell it."""
    strand = row.text(f"strand{which}(gene/fusion)").partition("/")[2]
    return strand if strand in ("+", "-") else ""


def _declared(row: FusionRow, kind: str) -> DeclaredStructure | None:
    if "5'-5'" in kind or "3'-3'" in kind:
        return None
    if row.text("gene1") == row.text("gene2"):
        return DeclaredStructure.INTRAGENIC_DUPLICATION if kind.startswith("duplication") else DeclaredStructure.OTHER
    return DeclaredStructure.READ_THROUGH if "read-through" in kind else DeclaredStructure.FUSION


def _is_discarded(row: FusionRow) -> bool:
    """Tell whether a filter removed the whole event: its name then stands without the number of reads."""
    return any(part.strip() and "(" not in part for part in row.text("filters").split(","))


def _refuse_discarded(path: str, rows: Sequence[FusionRow]) -> None:
    if rows and ("discarded" in path.rsplit("/", 1)[-1].lower() or all(_is_discarded(row) for row in rows)):
        raise MalformedFileError(
            "these are the events that Arriba threw out (fusions.discarded.tsv), not its calls",
            remedy="give fusions.tsv of the same run",
            path=path,
            line=rows[0].source.line,
            code="DISCARDED_FUSIONS",
        )


_FORMAT = FusionFormat(
    name="arriba",
    caller="Arriba",
    call=_call,
    required=tuple((name,) for name in sorted(_SIGNS)),
    sample=("sample", "idx"),
    check=_refuse_discarded,
)


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    return read_fusions(opened, options, _sniff(opened.head) or "named by the user", _FORMAT)


READER = Reader(
    name="arriba",
    title="Arriba fusions.tsv (versions 1 and 2)",
    built_from="real file",
    carries=(EventKind.REARRANGEMENT,),
    read_from="files of versions 1 and 2 (RT112; fuma test data)",
    carries_note="both places, kept sides, gene order where Arriba knows it, frame, read counts",
    sniff=_sniff,
    read=_read,
)
