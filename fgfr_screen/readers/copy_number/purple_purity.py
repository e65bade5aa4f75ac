"""PURPLE purity and ploidy (`*.purple.purity.tsv`): no events, but what other files of the patient need.

One row: purity (0-1), normFactor, score, diploidProportion, ploidy, gender, status, ... The values serve every input of
the same patient that gives none of its own. A row with a status other than NORMAL (`NO_TUMOR`, `HIGHLY_DIPLOID`,
`SOMATIC`) is used as it stands; the status is not weighed.

Seen: column names in PurityContextFile.java (hartwigmedical/hmftools) and its readers. No whole file was read.
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions, header_of
from fgfr_screen.terms import EventKind

_COLUMNS = ("purity", "normfactor", "score", "diploidproportion", "ploidy")


def _sniff(head: Head) -> str | None:
    if header_of(head)[: len(_COLUMNS)] == _COLUMNS:
        return "the header starts with purity, normFactor, score, diploidProportion, ploidy, as PURPLE writes"
    return None


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    from fgfr_screen.readers.copy_number import _purple_purity_read

    return _purple_purity_read.read(opened, options, _sniff(opened.head) or "named by the user")


READER = Reader(
    name="purple-purity",
    title="PURPLE tumour purity and ploidy (.purple.purity.tsv)",
    built_from="documentation",
    read_from="PurityContextFile.java of hartwigmedical/hmftools",
    carries=(EventKind.COPY_NUMBER,),
    carries_note="no events: purity and ploidy for the copy numbers of the other files",
    sniff=_sniff,
    read=_read,
)
