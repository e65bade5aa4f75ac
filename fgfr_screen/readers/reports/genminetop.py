"""GenMineTOP (Todai OncoPanel, Japan) report in XML.

Certainty B: written from a working reader and the synthetic files of its authors, not from a real report. `root` with `vendor-id`
todai-oncopanel; `report/result/reference-genome` hg38; `alterations/item` with `type` snv, insertion, deletion, indel, mnv,
cnv-amplification, fusion, splicing-variant or expression. Positions 1-based, REF and ALT as in VCF; several genes of a
fusion stand as `gene/item`, 5' gene first as the published examples have it, which the format does not promise;
`breakpoint/item` holds gene, `chr` and `pos` of an RNA junction. `allele-frequency` is `201/634`. Items of type
expression name genes without any alteration.
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions
from fgfr_screen.readers.reports._report_head import xml_with
from fgfr_screen.terms import EventKind


def _sniff(head: Head) -> str | None:
    if xml_with(head, "<root", "todai-oncopanel"):
        return "an XML document root of the vendor todai-oncopanel"
    return None


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    from fgfr_screen.readers.reports import _genminetop_read

    return _genminetop_read.read(opened, options, _sniff(opened.head) or "named by the user")


READER = Reader(
    name="genminetop",
    title="GenMineTOP report, XML",
    built_from="documentation",
    carries=(EventKind.REARRANGEMENT, EventKind.COPY_NUMBER, EventKind.SHORT_VARIANT),
    read_from="published format description and examples",
    carries_note="names, RNA junctions, HGVS, allele counts",
    sniff=_sniff,
    read=_read,
)
