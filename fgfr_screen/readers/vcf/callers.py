"""Header of a VCF -> `Caller`: who wrote the file, and which of the common keys mean something else there.

One row of `CALLERS` per program. A row is chosen by `##source` (or a line of its own), then by INFO and FORMAT keys
that only that program declares; the first row that fits wins, so the narrower row stands first. The conventions were
read in the source, the documentation or real rows of each program.
"""

from fgfr_screen.model import Record
from fgfr_screen.readers.vcf.header import Header
from fgfr_screen.terms import EventKind


class Caller(Record, frozen=True, kw_only=True):
    """One program and its dialect.

    Attributes:
        name: Name in results; None = not recognised.
        sources: Lower-case words, one of which stands in `##source`.
        lines: Lower-case keys of header lines, one of which is there.
        infos, formats: Keys all declared in the header (both sets together are one signature).
        sides: Where the kept sides stand: `brackets`; `strands` = INFO STRANDS overrules the brackets; `none` =
            nowhere.
        mate_key: INFO key with the mate's ID; None = no such key, or it means something else.
        mates_by_suffix: True when mates are `<id>_1` and `<id>_2` without a key.
        is_rna: True for fusion callers on RNA; `rna` names the dialect (`arriba`, `fusioncatcher`, `rnafusion`).
        is_depth: True when DEL and DUP are copy-number segments, not junctions.
        copies_ignore_purity: True when CN is rounded from the ratio as if the sample were pure (CNVkit stops at 4 and more).
        calls_junctions: True when DEL and DUP are junctions even if a copy number stands beside them.
        end_first: True when END is to be trusted over SVLEN.
        strand_is_side: True when INFO STRAND (two signs) names the kept sides of an inversion.
        split, pairs: Columns with fragments crossing the join, and pairs around it (`FORMAT/SR`, `INFO/PE`).
        references: FORMAT keys with fragments that support the reference.
        writes: Kinds of event that the program writes, where nothing else here tells; () = any.
        info_af: True when INFO AF is the allele fraction of the sample, not of a population.
    """

    name: str | None
    sources: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    infos: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    sides: str = "brackets"
    mate_key: str | None = "MATEID"
    mates_by_suffix: bool = False
    is_rna: bool = False
    rna: str | None = None
    is_depth: bool = False
    copies_ignore_purity: bool = False
    calls_junctions: bool = False
    end_first: bool = False
    strand_is_side: bool = False
    split: tuple[str, ...] = ("FORMAT/SR", "FORMAT/RV", "INFO/SR")
    pairs: tuple[str, ...] = ("FORMAT/PR", "FORMAT/PE", "INFO/PE")
    references: tuple[str, ...] = ()
    writes: tuple[EventKind, ...] = ()
    info_af: bool = False


def _long_read(name: str, *, split: tuple[str, ...], **changes: object) -> Caller:
    fixed = {"name": name, "split": split, "pairs": (), "references": ("DR",), "calls_junctions": True}
    return Caller(**{**fixed, **changes})  # type: ignore[arg-type]  # keys are checked by the table's own test


_SHORT = (EventKind.SHORT_VARIANT,)
_STRUCTURAL_KEYS = frozenset(("SVTYPE", "CHR2", "MATEID", "CN", "SVLEN"))

CALLERS: tuple[Caller, ...] = (
    # RNA fusion callers
    Caller(
        name="FusionCatcher",
        sources=("fusioncatcher",),
        infos=("GENE5", "GENE3"),
        is_rna=True,
        rna="fusioncatcher",
        split=("INFO/SR",),
        pairs=("INFO/SP",),
    ),
    # vcf_collect names its two FORMAT counts the wrong way round in the header; these are the meanings in its code.
    Caller(
        name="nf-core/rnafusion",
        infos=("GENEA", "GENEB", "POSA", "POSB", "ORIENTATION"),
        is_rna=True,
        rna="rnafusion",
        split=("FORMAT/DV",),
        pairs=("FORMAT/RV",),
    ),
    Caller(name="Arriba", sources=("arriba",), infos=("GENE_NAME", "GENE_ID", "MATEID"), is_rna=True, rna="arriba"),
    # copy number
    Caller(
        name="CNVkit",
        sources=("cnvkit",),
        infos=("FOLD_CHANGE", "FOLD_CHANGE_LOG"),
        is_depth=True,
        copies_ignore_purity=True,
    ),
    Caller(name="DRAGEN CNV", sources=("dragen_cnv", "dragen cnv"), formats=("SM", "CN", "BC"), is_depth=True),
    Caller(
        name="GATK gCNV", sources=("postprocessgermlinecnvcalls",), formats=("CN", "NP", "QS", "QSE"), is_depth=True
    ),
    Caller(name="TSO500 CNV", sources=("craft",), formats=("FC",), is_depth=True),
    # structural variants, merges before the callers whose keys they keep
    Caller(
        name="SURVIVOR",
        sources=("survivor",),
        infos=("SUPP_VEC", "SVMETHOD"),
        sides="strands",
        end_first=True,
        split=("FORMAT/DR",),
        pairs=(),
    ),
    Caller(name="Jasmine", sources=("jasmine",), infos=("SUPP_VEC", "IDLIST"), end_first=True, split=(), pairs=()),
    Caller(
        name="GRIDSS",
        sources=("gridss", "esvee"),
        lines=("gridssversion", "esveeversion"),
        infos=("ASRP", "ASSR"),
        mate_key="MATEID,PARID",
        split=("FORMAT/SR", "INFO/SR"),
        pairs=("FORMAT/RP", "INFO/RP"),
        references=("REF", "REFPAIR"),
        calls_junctions=True,
    ),
    Caller(
        name="DELLY",
        sources=("delly",),
        infos=("CT", "CHR2"),
        formats=("DR", "DV", "RR", "RV"),
        split=("FORMAT/RV", "INFO/SR"),
        pairs=("FORMAT/DV", "INFO/PE"),
        references=("RR", "DR"),
        calls_junctions=True,
    ),
    Caller(
        name="LUMPY",
        sources=("lumpy", "smoove"),
        lines=("smoove_version",),
        infos=("STRANDS", "SU", "PE", "SR"),
        mates_by_suffix=True,
        calls_junctions=True,
    ),
    Caller(
        name="SvABA",
        sources=("svaba", "snowman"),
        infos=("EVDNC", "SCTG"),
        pairs=("FORMAT/DR",),
        split=("FORMAT/SR",),
        calls_junctions=True,
    ),
    Caller(
        name="BRASS",
        sources=("brass",),
        infos=("TSRDS", "BKDIST"),
        mates_by_suffix=True,
        split=(),
        pairs=(),
        calls_junctions=True,
    ),
    # Its inversion flag is reset before the brackets are written, so a bracket says nothing about L/L and R/R.
    Caller(
        name="TIDDIT",
        sources=("tiddit",),
        infos=("LFA", "LFB", "LTE"),
        sides="none",
        mates_by_suffix=True,
        split=("FORMAT/RV",),
        pairs=("FORMAT/DV",),
        calls_junctions=True,
    ),
    _long_read("Sniffles 2", sources=("sniffles2",), split=("INFO/SUPPORT", "FORMAT/DV")),
    _long_read(
        "Sniffles",
        sources=("sniffles",),
        infos=("STD_quant_start", "SUPTYPE"),
        sides="strands",
        split=("INFO/RE", "FORMAT/DV"),
    ),
    _long_read("cuteSV", sources=("cutesv",), split=("INFO/RE", "FORMAT/DV"), strand_is_side=True),
    # MATEID names the opposite junction of an inversion, not the mate.
    _long_read("NanoSV", sources=("nanosv",), infos=("PLENGTH", "RLENGTH"), mate_key=None, split=("FORMAT/DV",)),
    _long_read(
        "Severus",
        sources=("severus",),
        infos=("DETAILED_TYPE", "CLUSTERID"),
        mate_key="MATE_ID,MATEID",
        split=("FORMAT/DV",),
    ),
    _long_read(
        "SAVANA",
        sources=("savana",),
        infos=("TUMOUR_SUPPORT",),
        split=("INFO/TUMOUR_SUPPORT", "INFO/TUMOUR_READ_SUPPORT"),
    ),
    Caller(
        name="Long Ranger",
        sources=("10x",),
        infos=("HAP_ALLELIC_FRAC", "IMPRECISE_DIR"),
        split=("INFO/SPLIT",),
        pairs=("INFO/PAIRS",),
        calls_junctions=True,
    ),
    Caller(
        name="Manta",
        sources=("generatesvcandidates", "manta"),
        infos=("BND_DEPTH", "INV5"),
        split=("FORMAT/SR",),
        pairs=("FORMAT/PR",),
        calls_junctions=True,
    ),
    Caller(
        name="DRAGEN SV",
        sources=("dragen",),
        formats=("PR",),
        split=("FORMAT/SR",),
        pairs=("FORMAT/PR",),
        calls_junctions=True,
    ),
    # short variants
    Caller(name="Mutect2", sources=("mutect2",), lines=("mutectversion",), writes=_SHORT),
    Caller(name="Strelka2", sources=("strelka",), writes=_SHORT),
    Caller(name="VarDict", sources=("vardict",), info_af=True),
    Caller(name="LoFreq", sources=("lofreq",), info_af=True, writes=_SHORT),
    Caller(name="VarScan", sources=("varscan",), writes=_SHORT),
    Caller(name="SAGE", sources=("sage",), lines=("sageversion",), writes=_SHORT),
    Caller(name="DeepVariant", sources=("deepvariant",), lines=("deepvariant_version",), writes=_SHORT),
    Caller(name="HaplotypeCaller", sources=("haplotypecaller",), writes=_SHORT),
    Caller(name="FreeBayes", sources=("freebayes",), writes=_SHORT),
    Caller(name="DRAGEN", sources=("dragen",)),
)

UNKNOWN_CALLER = Caller(name=None)


def carried_kinds(header: Header, caller: Caller) -> tuple[EventKind, ...] | None:
    """Return the kinds of event that a file can hold: by its program, else by the INFO keys declared; None = not told.

    Silence of a caller of short variants says nothing of rearrangements, whatever was sequenced.
    """
    if caller.writes:
        return caller.writes
    if caller.is_depth:
        return (EventKind.COPY_NUMBER,)
    if caller.is_rna or caller.calls_junctions:
        return (EventKind.REARRANGEMENT,)
    if caller.name is not None or not _STRUCTURAL_KEYS.isdisjoint(header.info_types):
        return None
    is_gvcf = any("ID=NON_REF," in value for value in header.values("ALT"))
    return _SHORT if header.info_types or is_gvcf else None


def identify(header: Header) -> Caller:
    """Return the row of `CALLERS` that fits the header, or `UNKNOWN_CALLER`.

    What a file says of itself counts before what its keys look like: merges and filters keep foreign keys.
    """
    sources = [value.lower() for value in header.values("source")]
    sources += [value.lower()[:80] for value in header.values("GATKCommandLine")]
    keys = {key.lower() for key, _ in header.lines}
    formats = set(header.formats)
    for caller in CALLERS:
        named = any(word in source for word in caller.sources for source in sources) or not keys.isdisjoint(
            caller.lines
        )
        # "DRAGEN" alone writes several kinds of file; the narrow row also needs its FORMAT keys.
        if named and (caller.name != "DRAGEN SV" or formats.issuperset(caller.formats)):
            return caller
    for caller in CALLERS:
        signature = (*caller.infos, *caller.formats)
        if (
            signature
            and header.info_types.keys() >= set(caller.infos)
            and formats.issuperset(caller.formats)
            and not _is_shared(caller)
        ):
            return caller
    return UNKNOWN_CALLER


def _is_shared(caller: Caller) -> bool:
    """Tell whether the keys of a row are too common to name the program without its own word."""
    return caller.name in ("DRAGEN SV", "SURVIVOR")


def is_rna_run(header: Header, caller: Caller) -> bool:
    """Tell whether the calls are RNA junctions: a fusion caller, or Manta with its `--rna` option."""
    return caller.is_rna or (
        caller.name == "Manta" and any("--rna" in value.split() for value in header.values("cmdline"))
    )
