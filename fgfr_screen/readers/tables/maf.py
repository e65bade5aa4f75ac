"""Mutation Annotation Format (MAF; GDC, cBioPortal `data_mutations.txt`, vcf2maf); read by `_maf_read`.

Positions are 1-based, alleles on the forward strand, indels without an anchor base (`-`). Versions 2.3 and 2.4 by
their column names; written from the GDC and cBioPortal documentation.
"""

from fgfr_screen.model import InputContent
from fgfr_screen.readers._api import Head, OpenedInput, Reader, ReadOptions, header_of
from fgfr_screen.terms import EventKind


def _sniff(head: Head) -> str | None:
    if {"hugo_symbol", "tumor_seq_allele2", "variant_classification"} <= set(header_of(head)):
        return "the header has Hugo_Symbol, Variant_Classification and Tumor_Seq_Allele2"
    return None


def _read(opened: OpenedInput, options: ReadOptions) -> InputContent:
    # Loaded only when a table is there: every start looks at all readers.
    from fgfr_screen.readers.tables import _maf_read

    return _maf_read.read(opened, options, _sniff(opened.head) or "named by the user")


READER = Reader(
    name="maf",
    title="Mutation Annotation Format (MAF)",
    built_from="documentation",
    read_from="GDC and cBioPortal documentation",
    carries=(EventKind.SHORT_VARIANT,),
    carries_note="short variants of one sample",
    sniff=_sniff,
    read=_read,
)
