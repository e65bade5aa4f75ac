"""cBioPortal `data_sv.txt` (also `data_structural_variants.txt`), old and new headers; read by `_cbioportal_sv_read`.

Positions are 1-based. Site 1 need not be the 5' gene: the order is taken from Event_Info or Annotation where these name a
fusion, else it is not known. Connection_Type is not used: some studies mean the genome by it, others the transcripts.
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions, header_of
from fgfr_screen.terms import EventKind


def _sniff(head: Head) -> str | None:
    if {"sample_id", "site1_hugo_symbol", "site2_hugo_symbol"} <= set(header_of(head)):
        return "the header has Sample_Id, Site1_Hugo_Symbol and Site2_Hugo_Symbol"
    return None


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    # Loaded only when a table is there: every start looks at all readers.
    from fgfr_screen.readers.fusions import _cbioportal_sv_read

    return _cbioportal_sv_read.read(opened, options, _sniff(opened.head) or "named by the user")


READER = Reader(
    name="cbioportal-sv",
    title="cBioPortal structural variants (data_sv.txt)",
    built_from="real file",
    read_from="two test files of cBioPortal and catstools; MSK text forms",
    carries=(EventKind.REARRANGEMENT,),
    carries_note="places, class, frame; kept sides only of deletions and duplications",
    sniff=_sniff,
    read=_read,
)
