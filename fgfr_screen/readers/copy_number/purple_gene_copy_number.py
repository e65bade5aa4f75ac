"""PURPLE gene copy numbers (`*.purple.cnv.gene.tsv`).

Columns: chromosome, start, end, gene, minCopyNumber, maxCopyNumber, somaticRegions, transcriptId, isCanonical, ... (older
files: `minPloidy`-free versions with germlineHomDeletionRegions). Both numbers are absolute copies of the tumour, corrected
for purity, over the exons of the gene: minCopyNumber decides (PURPLE's own rule), and a gene whose maxCopyNumber alone is
high is amplified in part. start and end are those of the gene, not of a segment, so no segment size is told. The ploidy
stands in `*.purple.purity.tsv`: hand that file over as well, or ploidy 2 is assumed, and said.

Seen: column list in the PURPLE README (hartwigmedical/hmftools). No whole file was read.
"""

from fgfr_screen.model import CopyNumberCall, InputContent, Measure, Pos1, Source
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions, header_of
from fgfr_screen.terms import CopyNumberUnit, EventKind, FgfrGene, Molecule

FORMAT = "purple-gene-copy-number"
_COLUMNS = ("chromosome", "start", "end", "gene", "mincopynumber", "maxcopynumber")


def _sniff(head: Head) -> str | None:
    if header_of(head)[: len(_COLUMNS)] == _COLUMNS:
        return "the header starts with chromosome, start, end, gene, minCopyNumber, maxCopyNumber, as PURPLE writes"
    return None


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    from fgfr_screen.readers._assembly import AssemblyClues
    from fgfr_screen.readers._table import Cells, RowError, exact_integer, normalise_contig
    from fgfr_screen.readers.copy_number._gene_rows import GeneFormat, read_gene_rows

    def call(cells: Cells, gene: FgfrGene, source: Source) -> CopyNumberCall:
        low, high = cells.number("low"), cells.number("high")
        if low is None or high is None or low > high:
            raise RowError(
                "COPY_NUMBER_MALFORMED", "minCopyNumber or maxCopyNumber is missing, or they are in disorder"
            )
        # PURPLE's fit can fall slightly below nothing.
        low, high = max(low, 0.0), max(high, 0.0)
        return CopyNumberCall(
            source=source,
            caller="PURPLE",
            molecule=Molecule.DNA,
            gene=gene.value,
            measures=(Measure(value=low, unit=CopyNumberUnit.COPIES, purity_corrected=True),),
            copies_min=low,
            copies_max=high,
        )

    def add_clues(clues: AssemblyClues, cells: Cells, gene: FgfrGene, line: int) -> None:
        contig = normalise_contig(cells.text("contig") or "")
        try:
            start, end = (exact_integer(cells.text(edge) or "") for edge in ("start", "end"))
        except ValueError:
            return  # The place only tells the assembly.
        if contig is not None:
            clues.add_gene_position(gene, contig, Pos1(start), Pos1(end), line)

    layout = GeneFormat(
        name=FORMAT,
        caller="PURPLE",
        columns={
            "contig": ("chromosome",),
            "start": ("start",),
            "end": ("end",),
            "gene": ("gene",),
            "low": ("mincopynumber",),
            "high": ("maxcopynumber",),
        },
        required=("gene", "low", "high"),
        call=call,
        add_clues=add_clues,
        lists_genome=True,
    )
    return read_gene_rows(opened, options, _sniff(opened.head) or "named by the user", layout)


READER = Reader(
    name=FORMAT,
    title="PURPLE gene copy numbers (.purple.cnv.gene.tsv)",
    built_from="documentation",
    read_from="PURPLE README",
    carries=(EventKind.COPY_NUMBER,),
    carries_note="lowest and highest absolute copies over the gene; ploidy stands in .purple.purity.tsv",
    sniff=_sniff,
    read=_read,
)
