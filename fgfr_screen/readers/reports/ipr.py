"""IPR report content (BC Cancer, Personalized Oncogenomics), JSON.

Written from the published specification of the upload, not from a real file. `structuralVariants[]` have `gene1` (5', may be
blank), `gene2` (3', may be blank), `exon1`, `exon2`, `breakpoint` `12:123456|14:1244662` (1-based), `frame`, `detectedIn`;
`copyVariants[]` have `cna` (absolute copies), `copyChange` (relative to the ploidy) and `kbCategory`; `smallMutations[]` have
coordinates as in VCF, `ncbiBuild` and HGVS. The specification calls `ctermTranscript` the 5' transcript, against its name:
the transcripts are not used. The file is what an analyst uploads, not the signed report.
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.readers.reports._report_head import json_with
from fgfr_screen.terms import EventKind

_SIGNS = ("structuralVariants", "copyVariants", "smallMutations", "expressionVariants")
_OWN = ("template", "kbDiseaseMatch", "kbMatches", "copyVariants", "comparators")


def _sniff(head: Head) -> str | None:
    found = [key for key in _SIGNS if json_with(head, key)]
    if found and not json_with(head, "metaData") and any(json_with(head, key) for key in _OWN):
        return f"a JSON object with {', '.join(found)} (IPR)"
    return None


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    from fgfr_screen.readers.reports import _ipr_read

    return _ipr_read.read(opened, options, _sniff(opened.head) or "named by the user")


READER = Reader(
    name="ipr",
    title="IPR report content (BC Cancer), JSON",
    built_from="documentation",
    carries=(EventKind.REARRANGEMENT, EventKind.COPY_NUMBER, EventKind.SHORT_VARIANT),
    read_from="the published specification of the upload",
    carries_note="names, exons, one place a side, frame, copies, HGVS",
    sniff=_sniff,
    read=_read,
)
