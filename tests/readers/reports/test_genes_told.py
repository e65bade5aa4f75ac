"""Entries whose gene word is blank or not known: the gene is told by transcript or place, or the entry is refused, never lost."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from fgfr_screen.model import Call, CopyNumberCall, InputContent, ShortVariantCall
from fgfr_screen.readers._api import ReadOptions
from fgfr_screen.readers._report_entries import GenomicAllele, Told, genomic_allele, names_another, receptor_beside
from fgfr_screen.readers._report_parts import EntryError
from fgfr_screen.terms import Assembly, FgfrGene
from tests.readers.reading import FIXTURES, read_text

Values = dict[str, Any]
Read = Callable[..., InputContent]
S249C = ("4", 1803568, "C", "G")
CODING, PROTEIN = "NM_000142.4:c.746C>G", "NP_000133.1:p.(Ser249Cys)"


def put_into(fixture: str, *way: str | int) -> Callable[[list[Values]], Any]:
    """Make a function that puts entries into a list of a fixture, whose other lists of the same kind become empty."""

    def put(entries: list[Values]) -> Any:
        document = json.loads((FIXTURES / fixture).read_text(encoding="utf-8"))
        place = document
        for step in way[:-1]:
            place = place[step]
        for key, listed in place.items() if isinstance(place, dict) else ():
            if isinstance(listed, list) and key != "metadata":
                place[key] = []
        place[way[-1]] = entries
        return document

    return put


def read(document: Any, reader: str, build: str | None) -> InputContent:
    options = ReadOptions(assembly=None if build is None else Assembly(build))
    return read_text(json.dumps(document), options, reader=reader)


def read_tempus(gene: str | None, *, build: str | None = "GRCh37", **more: Any) -> InputContent:
    contig, pos, ref, alt = S249C
    entry = {"gene": gene, "nucleotideAlteration": f"{contig}:{pos}:{ref}:{alt}", "allelicFraction": 31, **more}
    document = put_into("tempus/patient.json", "results", "somaticVariantsOfUnknownSignificance")([entry])
    document["order"]["test"].pop("referenceGenome", None)
    return read(document, "tempus", build)


def read_orange(gene: str | None, *, build: str | None = "GRCh37", **more: Any) -> InputContent:
    contig, pos, ref, alt = S249C
    entry = {"gene": gene, "chromosome": contig, "position": pos, "ref": ref, "alt": alt, "adjustedVAF": 0.3, **more}
    document = put_into("orange/patient.json", "purple", "somaticVariants")([entry])
    document["linx"] = {}
    document["refGenomeVersion"] = None if build is None else "V37"
    return read(document, "orange", build)


def read_ipr(gene: str | None, *, build: str | None = "GRCh37", **more: Any) -> InputContent:
    contig, pos, ref, alt = S249C
    entry = {"gene": gene, "chromosome": contig, "startPosition": pos, "refSeq": ref, "altSeq": alt, **more}
    return read(put_into("ipr/patient.json", "smallMutations")([entry]), "ipr", build)


def read_dnpm(gene: str | None, *, build: str | None = "GRCh37", **more: Any) -> InputContent:
    contig, pos, ref, alt = S249C
    place = {"chromosome": f"chr{contig}", "position": {"start": pos}, "refAllele": ref, "altAllele": alt}
    entry = {"gene": None if gene is None else {"display": gene}, **place, **more}
    document = put_into("dnpm/patient.json", "ngsReports", 0, "results", "simpleVariants")([entry])
    document["ngsReports"][0]["metadata"] = []
    return read(document, "dnpm", build)


def read_lab_report(gene: str | None, *, build: str | None = "GRCh37", **more: Any) -> InputContent:
    contig, pos, ref, alt = S249C
    entry = {"gene": {"symbol": gene or "."}, "chromosome": f"chr{contig}", "position": pos, "ref": ref, "alt": alt}
    document = json.loads((FIXTURES / "lab-report/fusion_rna.json").read_text(encoding="utf-8"))
    document["short_variants"], document["rearrangements"] = [{"call": "present", **entry, **more}], []
    document["genome"]["build"] = build or "unknown"
    return read(document, "lab-report", None)


def read_phenopacket(gene: str | None, *, build: str | None = "GRCh37", **more: Any) -> InputContent:
    contig, pos, ref, alt = S249C
    record = {"genomeAssembly": build, "chrom": f"chr{contig}", "pos": f"{pos}", "ref": ref, "alt": alt}
    descriptor = {"geneContext": None if gene is None else {"symbol": gene}, "vcfRecord": record, **more}
    found = {"interpretationStatus": "CAUSATIVE", "variantInterpretation": {"variationDescriptor": descriptor}}
    interpretation = {"progressStatus": "SOLVED", "diagnosis": {"genomicInterpretations": [found]}}
    document = {"id": "x", "subject": {"id": "x"}, "interpretations": [interpretation]}
    document["metaData"] = {"phenopacketSchemaVersion": "2.0"}
    return read(document, "phenopacket", None)


def concept(code: str, value: Any) -> Values:
    name = {"coding": [{"system": "http://loinc.org", "code": code}]}
    if isinstance(value, dict):
        return {"code": name, **value}
    return {"code": name, "valueCodeableConcept": {"coding": [{"code": value, "display": value}]}}


def read_fhir(gene: str | None, *, build: str | None = "GRCh37", **more: Any) -> InputContent:
    """Read a variant observation; further components by LOINC code, None leaves one out."""
    contig, pos, ref, alt = S249C
    exact = {"valueRange": {"low": {"value": pos}}}
    given = {"48018-6": gene, "62374-4": build, "48000-4": contig, "81254-5": exact, "69547-8": ref, "69551-0": alt}
    given |= more.pop("components", {})
    components = [concept(code, value) for code, value in given.items() if value is not None]
    value = more.pop("value", {"coding": [{"system": "http://loinc.org", "code": "LA9633-4"}]})
    variant = {"resourceType": "Observation", "status": "final", "component": components, **more}
    variant |= {"code": concept("69548-6", "")["code"], "valueCodeableConcept": value}
    document = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": variant}]}
    return read(document, "fhir-genomics", None)


def read_foundation(gene: str | None, *, build: str | None = "GRCh37", **more: str) -> InputContent:
    contig, pos, ref, alt = S249C
    fields = {"gene": gene, "cds-effect": f"746{ref}>{alt}", "position": f"chr{contig}:{pos}", **more}
    told = " ".join(f'{key}="{value}"' for key, value in fields.items() if value is not None).replace(">", "&gt;")
    text = f"<variant-report><short-variants><short-variant {told}/></short-variants></variant-report>"
    return read_text(text, ReadOptions(assembly=None if build is None else Assembly(build)), reader="foundation-xml")


def read_genminetop(gene: str | None, *, build: str | None = "GRCh37", **more: str) -> InputContent:
    contig, pos, ref, alt = S249C
    fields = {"type": "snv", "gene": gene, "locus": f"chr{contig}:{pos}", "ref": ref, "alt": alt, **more}
    item = "".join(f"<{key}>{value}</{key}>" for key, value in fields.items() if value is not None)
    genome = "" if build is None else f"<reference-genome>{build}</reference-genome>"
    result = f"<result>{genome}<alterations><item>{item}</item></alterations></result>"
    text = f"<root><vendor-id>todai-oncopanel</vendor-id><report>{result}</report></root>"
    return read_text(text, reader="genminetop")


READERS: tuple[Read, ...] = (
    read_tempus, read_orange, read_ipr, read_dnpm, read_lab_report, read_phenopacket, read_fhir, read_foundation,
    read_genminetop,
)  # fmt: skip
OF_UNKNOWN_BUILD = tuple(reader for reader in READERS if reader is not read_foundation)  # which is always on GRCh37


def named(content: InputContent) -> list[str | None]:
    """Return the genes of all calls, which must be short variants or copy numbers; nothing may be refused."""
    assert content.rejected == ()
    return [gene_of(call) for call in content.calls]


def gene_of(call: Call) -> str | None:
    assert isinstance(call, ShortVariantCall | CopyNumberCall)
    return call.gene


def refusals(content: InputContent) -> list[tuple[str, bool]]:
    assert content.calls == ()
    return [(row.code, row.touches_fgfr) for row in content.rejected]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("gene", [None, "", "FGFR", "n/a", "LOC000000"])
def test_the_place_tells_the_gene_where_the_word_is_blank_or_not_known(gene: str | None, reader: Read) -> None:
    content = reader(gene)
    assert named(content) == ["FGFR3"]
    assert content.calls[0].assembly is Assembly.GRCH37


@pytest.mark.parametrize("reader", READERS)
def test_what_names_another_known_gene_stays_outside(reader: Read) -> None:
    content = reader("TP53")
    assert (named(content), content.accounting.outside_fgfr) == ([], 1)  # type: ignore[union-attr]


@pytest.mark.parametrize("reader", READERS)
def test_another_place_without_gene_stays_outside(reader: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "S249C", ("17", 7578406, "C", "T"))
    assert named(reader("")) == []


@pytest.mark.parametrize("reader", OF_UNKNOWN_BUILD)
def test_on_an_unknown_build_a_place_of_one_build_is_refused_and_touches(
    reader: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(globals(), "S249C", ("10", 123279677, "G", "C"))
    assert refusals(reader("", build=None)) == [("ASSEMBLY_UNKNOWN", True)]


@pytest.mark.parametrize("reader", OF_UNKNOWN_BUILD)
def test_a_place_that_is_in_the_gene_on_every_build_needs_none(reader: Read) -> None:
    assert named(reader("", build=None)) == ["FGFR3"]


@pytest.mark.parametrize(
    ("reader", "more"),
    [
        (read_tempus, {"allelicFraction": "107"}),
        (read_orange, {"tumorDepth": {"totalReadCount": "many"}}),
        (read_ipr, {"tumourAltCount": "many"}),
        (read_dnpm, {"allelicFrequency": 7}),
        (read_lab_report, {"assay_index": 9}),
        (read_genminetop, {"allele-frequency": "x"}),
        (read_fhir, {"components": {"81258-6": {"valueQuantity": {"value": 7}}}}),
    ],
)
def test_a_refused_entry_touches_fgfr_by_its_place(reader: Read, more: Values) -> None:
    ((_, touches),) = refusals(reader("", **more))
    assert touches


@pytest.mark.parametrize(
    ("reader", "more"),
    [
        (read_tempus, {"nucleotideAlteration": None, "transcript": "NM_000142.4", "HGVS.c": "c.746C>G"}),
        (read_ipr, {"startPosition": None, "hgvsCds": CODING}),
        (read_dnpm, {"position": None, "transcriptId": {"value": "ENST00000440486"}, "dnaChange": "c.746C>G"}),
        (read_lab_report, {"chromosome": None, "position": None, "hgvs_c": "c.746C>G", "transcript": "NM_000142.5"}),
        (read_foundation, {"position": "", "transcript": "NM_000142"}),
        (read_genminetop, {"locus": "", "transcript": "NM_000142.4", "coding-dna-alteration": "c.746C>G"}),
    ],
)
def test_a_transcript_tells_the_gene_where_the_word_is_blank(reader: Read, more: Values) -> None:
    assert named(reader("", **more)) == ["FGFR3"]


# -------------------------------------------------------------------------------------------------------- phenopackets


@pytest.mark.parametrize(
    ("syntax", "value", "pos"),
    [
        ("hgvs.c", CODING, None),
        ("hgvs.c", "NM_000142.4(FGFR3):c.746C>G", None),
        ("hgvs.p", PROTEIN, None),
        ("hgvs", CODING, None),
        ("hgvs", PROTEIN, None),
        ("hgvs.c", "ENST00000440486.8:c.746C>G", None),
        ("hgvs.g", "NC_000004.11:g.1803568C>G", 1803568),
        ("hgvs.g", "NC_000004.12:g.1801841C>G", 1801841),
        ("spdi", "NC_000004.11:1803567:C:G", 1803568),
    ],
)
def test_an_expression_tells_the_gene_of_a_phenopacket(syntax: str, value: str, pos: int | None) -> None:
    content = read_phenopacket(None, vcfRecord=None, expressions=[{"syntax": syntax, "value": value}])
    assert named(content) == ["FGFR3"]
    (call,) = content.calls
    assert isinstance(call, ShortVariantCall)
    assert call.pos == pos
    assert call.assembly is (Assembly.GRCH38 if ".12" in value else None if pos is None else Assembly.GRCH37)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("NC_000004.11:g.1803568_1803570del", "REPORT_INCOMPLETE"),
        ("NC_000004.11:1803567:CTT:", "REPORT_INCOMPLETE"),
        ("NC_000010.10:g.123279677_123279678dup", "REPORT_INCOMPLETE"),
    ],
)
def test_a_genomic_change_that_is_no_replacement_is_refused_and_touches(value: str, code: str) -> None:
    content = read_phenopacket(None, vcfRecord=None, expressions=[{"syntax": "hgvs.g", "value": value}])
    assert refusals(content) == [(code, True)]


def test_a_gene_that_a_phenopacket_names_outside_of_a_variant_is_refused() -> None:
    found = {"interpretationStatus": "CAUSATIVE", "gene": {"symbol": "FGFR3"}}
    interpretation = {"diagnosis": {"genomicInterpretations": [found]}}
    document = {"id": "x", "subject": {"id": "x"}, "interpretations": [interpretation]}
    document["metaData"] = {"phenopacketSchemaVersion": "2.0"}
    assert refusals(read(document, "phenopacket", None)) == [("ENTRY_NOT_UNDERSTOOD", True)]


# ---------------------------------------------------------------------------------------------------------------- FHIR

NOWHERE = dict.fromkeys(("48000-4", "81254-5", "69547-8", "69551-0", "62374-4"))


@pytest.mark.parametrize(
    "components",
    [
        {"48004-6": CODING},
        {"48005-3": PROTEIN},
        {"48004-6": "c.746C>G", "51958-7": "NM_000142.4"},
        {"48004-6": {"valueCodeableConcept": {"coding": [{"code": "16327"}, {"code": CODING}]}}},
        {"81290-9": "NC_000004.11:g.1803568C>G"},
        {"81290-9": {"valueString": "NC_000004.12:g.1801841C>G"}},
    ],
)
def test_a_description_tells_the_gene_of_a_fhir_variant(components: Values) -> None:
    assert named(read_fhir(None, components=NOWHERE | components)) == ["FGFR3"]


def test_a_chromosome_sequence_tells_contig_and_assembly_of_a_fhir_variant() -> None:
    accession = {"48000-4": None, "62374-4": None, "48013-7": "NC_000010.10"}
    components = accession | {"81254-5": {"valueRange": {"low": {"value": 123279677}}}, "69547-8": "G", "69551-0": "C"}
    content = read_fhir(None, components=components)
    assert named(content) == ["FGFR2"]
    assert content.calls[0].assembly is Assembly.GRCH37


def test_copies_at_a_place_are_those_of_the_gene_there() -> None:
    span = {"valueRange": {"low": {"value": 123237844}, "high": {"value": 123357972}}}
    copies = {"82155-3": {"valueQuantity": {"value": 20}}, "48000-4": "10", "81302-2": span, "81254-5": None}
    content = read_fhir(None, components=NOWHERE | copies | {"62374-4": "GRCh37"})
    assert named(content) == ["FGFR2"]
    assert isinstance(content.calls[0], CopyNumberCall)
    assert refusals(read_fhir(None, components=NOWHERE | copies)) == [("ASSEMBLY_UNKNOWN", True)]


@pytest.mark.parametrize(
    "gene",
    [
        {"valueCodeableConcept": {"coding": [{"system": "http://www.genenames.org/geneId", "code": "HGNC:11998"}]}},
        {"valueCodeableConcept": {"coding": [{"system": "https://www.ncbi.nlm.nih.gov/gene", "code": "7157"}]}},
        {"valueString": "TP53"},
    ],
)
def test_a_fhir_variant_of_another_gene_by_id_or_text_stays_outside(gene: Values) -> None:
    assert named(read_fhir(None, components={"48018-6": gene})) == []


def test_an_absent_change_without_a_gene_is_no_negative_of_the_gene() -> None:
    absent = {"coding": [{"system": "http://loinc.org", "code": "LA9634-2"}]}
    content = read_fhir(None, value=absent)
    assert (content.calls, content.rejected) == ((), ())
    assert len(read_fhir("FGFR3", value=absent).calls) == 1


def test_a_fhir_variant_on_another_build_that_is_not_read_is_refused() -> None:
    content = read_fhir(None, components=NOWHERE | {"81290-9": "NC_000004.10:g.1773366C>G"})
    assert [row.code for row in content.rejected] == ["HG18_REFUSED"]


# ---------------------------------------------------------------------------------------- copies; places of breakends


def test_foundation_copies_at_a_place_are_those_of_the_gene_there() -> None:
    fields = 'gene="FGFR" type="amplification" copy-number="15" position="chr10:123239370-123353481"'
    entry = f"<copy-number-alteration {fields}/>"
    text = f"<variant-report><copy-number-alterations>{entry}</copy-number-alterations></variant-report>"
    assert named(read_text(text, reader="foundation-xml")) == ["FGFR2"]
    assert named(read_text(text.replace('"FGFR"', '"TACC2"'), reader="foundation-xml")) == []


def cats(kind: str, entry: Values, build: str | None = "GRCh37") -> InputContent:
    document = put_into("cats/patient.cats", "variants", kind)([entry])
    document["metaData"]["referenceGenome"] = {} if build is None else {"grcRelease": build}
    return read(document, "cats", None)


COPIES = {"chromosome": "10", "startPosition": 123237844, "endPosition": 123357972, "itemId": "v1"}


@pytest.mark.parametrize("transcripts", [[], [{"geneSymbol": "FGFR"}], [{"transcriptId": "NM_000141.5"}]])
def test_cats_copies_without_a_gene_are_those_of_the_gene_there(transcripts: list[Values]) -> None:
    entry = COPIES | {"copyNumberAlterationType": "amplification", "transcripts": transcripts}
    assert named(cats("copyNumberAlterations", entry)) == ["FGFR2"]


def test_cats_copies_of_another_gene_stay_outside_and_an_unknown_build_is_refused() -> None:
    assert named(cats("copyNumberAlterations", COPIES | {"transcripts": [{"geneSymbol": "ATE1"}]})) == []
    assert refusals(cats("copyNumberAlterations", COPIES, None)) == [("ASSEMBLY_UNKNOWN", True)]
    assert refusals(cats("copyNumberAlterations", COPIES | {"copyNumberMetrics": 7})) == [("REPORT_VALUE", True)]


@pytest.mark.parametrize(
    ("kind", "entry"),
    [
        ("shortVariants", {"chromosome": "10", "position": 123279677, "referenceAllele": "G", "alternateAllele": "C"}),
        ("rearrangements", {"breakends": [{"chromosome": "10", "startPosition": 123241373}]}),
    ],
)
def test_a_cats_place_without_gene_or_build_is_refused_and_touches(kind: str, entry: Values) -> None:
    assert refusals(cats(kind, entry, None)) == [("ASSEMBLY_UNKNOWN", True)]
    assert len(cats(kind, entry).calls) == 1


def test_a_refused_cats_rearrangement_touches_fgfr_by_the_place_of_a_side() -> None:
    entry = {"breakends": [{"chromosome": "10", "startPosition": 123241373}], "supportingReadCount": 1.5}
    assert refusals(cats("rearrangements", entry)) == [("REPORT_VALUE", True)]


@pytest.mark.parametrize(("gene", "calls"), [("", 1), ("LOC000000", 1), (None, 1), ("TACC2", 0)])
def test_an_orange_breakend_counts_by_its_place_where_no_known_gene_is_named(gene: str | None, calls: int) -> None:
    end = {"svId": 1, "gene": gene, "chromosome": "10", "position": 123241373, "orientation": 1}
    document = put_into("orange/patient.json", "purple", "somaticVariants")([])
    document["linx"] = {"somaticBreakends": [end]}
    assert len(read(document, "orange", None).calls) == calls


def test_caris_copies_and_variants_are_told_by_place_and_transcript() -> None:
    transcript = {"transcriptAlterationDetails": {"transcriptID": "NM_000142.4"}}
    rows: Iterator[Values] = iter((
        {"copyNumberAlteration": {
            "gene": "", "result": "Amplified", "copyNumber": "20", "genomeBuild": "GRCh37",
            "genomicCoordinates": "GRCh37:chr10:123237844-123357972",
        }},
        {"genomicAlteration": {"gene": "", "result": "Pathogenic", "hgvsCodingChange": CODING}},
        {"genomicAlteration": {"result": "Pathogenic", "hgvsCodingChange": "c.746C>G", "alterationDetails": transcript}},
    ))  # fmt: skip
    document = put_into("caris/negatives.json", "tests")([{"testName": "Exome", "testResults": list(rows)}])
    assert named(read(document, "caris", None)) == ["FGFR2", "FGFR3", "FGFR3"]


def test_several_gene_words_of_genminetop_that_are_not_known_leave_it_to_the_place() -> None:
    assert named(read_genminetop("<item>LOC1</item><item>LOC2</item>")) == ["FGFR3"]
    assert named(read_genminetop("<item>LOC1</item><item>TP53</item>")) == []


# ------------------------------------------------------------------------------------------------------------- helpers


def test_transcripts_of_two_receptors_are_refused() -> None:
    with pytest.raises(EntryError, match="FGFR2 and FGFR3"):
        receptor_beside(Told(None, names=("NM_000141.5", "NM_000142.5:c.1A>G")))


def test_a_transcript_stands_over_the_place() -> None:
    told = Told(Assembly.GRCH37, "chr4", 1803568, 1803568, ("NM_000141.5:c.1A>G",))
    found = receptor_beside(told)
    assert found is not None
    assert found.receptor is FgfrGene.FGFR2


@pytest.mark.parametrize("name", ["c.746C>G", "2263", "NM_005228.5:c.2573T>G", "", None])
def test_a_text_without_a_transcript_of_a_receptor_tells_nothing(name: str | None) -> None:
    assert receptor_beside(Told(Assembly.GRCH37, names=(name,))) is None


def test_ends_of_a_place_count_in_any_order() -> None:
    assert receptor_beside(Told(Assembly.GRCH37, "10", 124_000_000, 123_000_000)) is not None


@pytest.mark.parametrize(
    ("symbol", "hgnc_id", "is_another"),
    [
        ("TP53", None, True),
        (None, "HGNC:11998", True),
        ("LOC000000", "11998", True),
        ("FGFR2", None, False),
        ("LOC000000", None, False),
        (None, "HGNC:3689", False),
        (None, None, False),
        ("", "x", False),
    ],
)
def test_a_known_gene_that_is_no_receptor_is_another(symbol: str | None, hgnc_id: str | None, is_another: bool) -> None:
    assert names_another(symbol, hgnc_id) is is_another


@pytest.mark.parametrize(
    ("text", "allele"),
    [
        ("NC_000004.11:g.1803568C>G", GenomicAllele(Assembly.GRCH37, "chr4", 1803568, 1803568, "C", "G")),
        ("NC_000004.12:g.5_7delinsA", GenomicAllele(Assembly.GRCH38, "chr4", 5, 7)),
        ("NC_000004.11:1803567:CT:G", GenomicAllele(Assembly.GRCH37, "chr4", 1803568, 1803569, "CT", "G")),
        ("NC_000004.11:1803567:2:G", GenomicAllele(Assembly.GRCH37, "chr4", 1803568, 1803569)),
        ("NC_000004.11:1803567::G", GenomicAllele(Assembly.GRCH37, "chr4", 1803568, 1803568)),
        ("NC_000099.1:g.5A>G", None),
        (CODING, None),
        (None, None),
    ],
)
def test_genomic_descriptions(text: str | None, allele: GenomicAllele | None) -> None:
    assert genomic_allele(text) == allele
