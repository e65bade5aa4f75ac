"""Driver catalogues of PURPLE and LINX (`*.driver.catalog*.tsv`).

Columns: chromosome, chromosomeBand, gene, transcript, isCanonical, driver, category, likelihoodMethod, driverLikelihood,
..., biallelic, minCopyNumber, maxCopyNumber. `driver` AMP and PARTIAL_AMP are PURPLE's verdict on copies and come with
absolute copies; DEL and its variants are losses. MUTATION and the disruptions name a driver without saying what changed:
such a row of an FGFR gene is refused with DRIVER_WITHOUT_CHANGE, because the change itself stands in the VCF.

Seen: two catalogues of hartwigmedical/hmftools test data (LINX and PURPLE, whole files; no FGFR row in either).
"""

from fgfr_screen.model import CopyNumberCall, InputContent, Measure, Source
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions, header_of
from fgfr_screen.terms import CopyNumberUnit, DeclaredCopyNumber, EventKind, FgfrGene, Molecule

FORMAT = "driver-catalog"
_COLUMNS = ("gene", "driver", "likelihoodmethod", "driverlikelihood", "mincopynumber", "maxcopynumber")
_WORDS = {
    "AMP": DeclaredCopyNumber.AMPLIFICATION,
    "PARTIAL_AMP": DeclaredCopyNumber.PARTIAL_AMPLIFICATION,
    "DEL": DeclaredCopyNumber.HOMOZYGOUS_DELETION,
    "HET_DEL": DeclaredCopyNumber.LOSS,
    "LOH": DeclaredCopyNumber.LOSS,
}


def _sniff(head: Head) -> str | None:
    if set(_COLUMNS) <= set(header_of(head)):
        return f"the header has the driver catalogue columns {', '.join(_COLUMNS)}"
    return None


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    from fgfr_screen.readers._table import Cells, RowError
    from fgfr_screen.readers.copy_number._gene_rows import GeneFormat, read_gene_rows

    def call(cells: Cells, gene: FgfrGene, source: Source) -> CopyNumberCall:
        driver = (cells.text("driver") or "").upper()
        if driver not in _WORDS:
            message = f"{gene} is a driver by {driver[:30]!r}, and the catalogue does not say what changed"
            raise RowError("DRIVER_WITHOUT_CHANGE", message)
        low, high = cells.number("low"), cells.number("high")
        measures = () if low is None else (max(low, 0.0),)
        return CopyNumberCall(
            source=source,
            caller="PURPLE",
            molecule=Molecule.DNA,
            gene=gene.value,
            measures=tuple(Measure(value=one, unit=CopyNumberUnit.COPIES, purity_corrected=True) for one in measures),
            copies_min=low,
            copies_max=high,
            declared=_WORDS[driver],
            text=f"driver {driver}, likelihood {cells.text('likelihood') or 'not given'}",
        )

    layout = GeneFormat(
        name=FORMAT,
        caller="PURPLE",
        columns={
            "gene": ("gene",),
            "driver": ("driver",),
            "likelihood": ("driverlikelihood",),
            "low": ("mincopynumber",),
            "high": ("maxcopynumber",),
        },
        required=("gene", "driver", "low", "high"),
        call=call,
    )
    return read_gene_rows(opened, options, _sniff(opened.head) or "named by the user", layout)


READER = Reader(
    name=FORMAT,
    title="Driver catalogue of PURPLE or LINX (.driver.catalog.tsv)",
    built_from="real file",
    read_from="two catalogues of the hmftools test data, without FGFR drivers",
    carries=(EventKind.COPY_NUMBER,),
    carries_note="PURPLE's verdict and absolute copies; mutations and disruptions without what changed",
    sniff=_sniff,
    read=_read,
)
