"""Foundation Medicine reports: no FGFR rearrangement is dropped, whatever its partner, type, frame or position."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import pytest

from fgfr_screen.annotate.structural import annotate_rearrangement
from fgfr_screen.classify.rearrangement import classify_rearrangement
from fgfr_screen.errors import InputError
from fgfr_screen.facts import RearrangementGroup
from fgfr_screen.model import CopyNumberCall, InputContent, NegativeCall, RearrangementCall, ShortVariantCall
from fgfr_screen.readers._api import OpenedInput, ReadOptions, choose
from fgfr_screen.screen import screen_sample
from fgfr_screen.terms import (
    AlterationClass,
    AssayQc,
    CallStatus,
    DeclaredCopyNumber,
    DeclaredStructure,
    Frame,
    GeneOrder,
    JunctionKind,
    Molecule,
    Outcome,
    SpecimenKind,
    worst,
)
from tests.builders import GRCH37, GRCH38, place
from tests.report_emitters import EMITTERS, Patient

SAMPLE = Path(__file__).parents[4] / "shared/formats/samples/foundation_xml/foundationone_heme_testpatient.xml"
needs_sample = pytest.mark.skipif(not SAMPLE.exists(), reason="the shared report is not here")

Read = Callable[..., InputContent]
INTRON_17 = place("FGFR2", "intron 17", GRCH37)
BICC1 = place("BICC1", "intron 2", GRCH37)


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def _read(content: str, **options: Any) -> InputContent:
        path = tmp_path / "report.xml"
        path.write_text(content, encoding="utf-8")
        with OpenedInput(str(path)) as opened:
            reader, _ = choose(opened.head)
            assert reader.name == "foundation-xml"
            found = reader.read(opened, ReadOptions(**options))
        counts = found.accounting
        assert counts is not None
        assert counts.records == counts.outside_fgfr + counts.in_events + counts.rejected
        return found

    return _read


def element(name: str, **attributes: str | None) -> str:
    told = " ".join(
        f"{key.replace('_', '-')}={quoteattr(value)}" for key, value in attributes.items() if value is not None
    )
    return f"<{name} {told}/>"


def bare(*entries: str, extra: str = "") -> str:
    return f"<variant-report {extra}>{''.join(entries)}</variant-report>"


def only(content: InputContent) -> RearrangementCall:
    (call,) = content.calls
    assert isinstance(call, RearrangementCall)
    return call


# ----------------------------------------------------------------------------------------------- every rearrangement

KEYS = ("targeted-gene", "target-gene", "other-gene")
PARTNERS = ("N/A", "", "BICC1", "KIAA1598", None)
TYPES = ("fusion", "rearrangement", "truncation", "deletion", "duplication")
FRAMES = {"Yes": Frame.IN_FRAME, "No": Frame.OUT_OF_FRAME, "unknown": Frame.UNKNOWN, None: None}
CASES = list(itertools.product(KEYS, PARTNERS, TYPES, FRAMES, ("true", "false", None), (0, 200)))


def entry_of(case: tuple[str, str | None, str, str | None, str | None, int]) -> str:
    key, partner, kind, frame, equivocal, width = case
    fgfr_place = f"chr10:{INTRON_17}" + (f"-{INTRON_17 + width}" if width else "")
    partner_place = f"chr10:{BICC1}" + (f"-{BICC1 + width}" if width else "")
    other_key = "targeted-gene" if key == "other-gene" else "other-gene"
    places = (partner_place, fgfr_place) if key == "other-gene" else (fgfr_place, partner_place)
    named = {key.replace("-", "_"): "FGFR2", other_key.replace("-", "_"): partner}
    return element(
        "rearrangement",
        **named,
        type=kind,
        in_frame=frame,
        equivocal=equivocal,
        pos1=places[0],
        pos2=places[1],
        status="known",
        supporting_read_pairs="30",
    )


def expected_outcome(kind: str, equivocal: str | None) -> Outcome:
    """Only a tandem duplication leaves exon 18 alone on the far side; a deletion keeps the 5' part by its meaning."""
    outcome = Outcome.REVIEW if kind == "duplication" else Outcome.MATCH
    return worst(outcome, Outcome.REVIEW) if equivocal == "true" else outcome


@needs_sample
def test_every_rearrangement_put_into_the_shared_report_is_kept_as_given(read: Read) -> None:
    text = SAMPLE.read_text("utf-8")
    start = text.index("<rearrangements>") + len("<rearrangements>")
    calls = read(text[:start] + "\n".join(map(entry_of, CASES)) + text[start:]).calls
    assert len(calls) == len(CASES)
    for case, call in zip(CASES, calls, strict=True):
        assert isinstance(call, RearrangementCall)
        key, partner, _, frame, equivocal, width = case
        fgfr, other = (call.first, call.second) if key != "other-gene" else (call.second, call.first)
        assert fgfr is not None
        assert other is not None
        assert fgfr.genes == ("FGFR2",)
        assert other.genes == ((partner,) if partner not in ("N/A", "", None) else ())
        assert not other.states_no_gene
        assert call.declared_frame is FRAMES[frame]
        assert call.status is (CallStatus.EQUIVOCAL if equivocal == "true" else CallStatus.PRESENT)
        assert (fgfr.pos, fgfr.pos_end) == (INTRON_17, INTRON_17 + width)
        assert call.imprecise is bool(width)
        assert (call.spanning_pairs, call.order, call.assembly) == (30, GeneOrder.UNKNOWN, GRCH37)


def test_every_rearrangement_is_judged_by_the_rules(read: Read) -> None:
    extra = 'test-type="FoundationOneDx"'
    for case, call in zip(CASES, read(bare(*map(entry_of, CASES), extra=extra)).calls, strict=True):
        assert isinstance(call, RearrangementCall)
        facts = annotate_rearrangement(call)
        assert facts is not None
        verdict = classify_rearrangement(RearrangementGroup(lead=facts, members=(facts,)), None)
        assert verdict.outcome is expected_outcome(case[2], case[4]), case
        if verdict.outcome is Outcome.MATCH:
            assert verdict.alteration_class in (AlterationClass.FUSION, AlterationClass.REARRANGEMENT)


# ----------------------------------------------------------------------------------------------------- single fields


def test_the_shared_report_has_no_fgfr_and_is_qualified(read: Read) -> None:
    if not SAMPLE.exists():
        pytest.skip("the shared report is not here")
    content = read(SAMPLE.read_text("utf-8"))
    counts = content.accounting
    assert counts is not None
    assert (counts.records, counts.outside_fgfr, content.calls, content.rejected) == (54, 54, (), ())
    assert content.assays[0].qc is AssayQc.QUALIFIED
    assert content.tumor_type_text == "PEDIATRIC Bone osteosarcoma"
    assert content.purity == 0.5
    assert content.report.assembly.name is GRCH37


def test_a_description_with_exons_tells_the_order(read: Read) -> None:
    call = only(
        read(
            bare(
                element(
                    "rearrangement",
                    targeted_gene="BICC1",
                    other_gene="BEK",
                    type="fusion",
                    description="FGFR2(NM_000141)-BICC1(NM_001080512) fusion (F17;B3)",
                )
            )
        )
    )
    assert call.second is not None
    assert (call.first.genes, call.second.genes, call.order) == (("BEK",), ("BICC1",), GeneOrder.ASSERTED)
    assert (call.first.exon, call.second.exon, call.first.transcript) == (17, 3, "NM_000141")
    assert call.junction is JunctionKind.DNA_BREAKPOINT


def test_a_plain_description_tells_no_order(read: Read) -> None:
    entry = element(
        "rearrangement", targeted_gene="FGFR2", other_gene="BICC1", type="fusion", description="FGFR2-BICC1 fusion"
    )
    assert only(read(bare(entry))).order is GeneOrder.UNKNOWN


def test_a_position_in_the_other_build_is_kept_for_review(read: Read) -> None:
    pos = place("FGFR2", "intron 17", GRCH38)
    entry = element(
        "rearrangement", targeted_gene="FGFR2", other_gene="N/A", type="fusion", pos1=f"chr10:{pos}", pos2="NA"
    )
    call = only(read(bare(entry)))
    assert (call.assembly, call.finding_codes) == (GRCH38, ("ASSEMBLY_CONFLICT",))
    assert annotate_rearrangement(call) is not None
    assert only(read(bare(entry), assembly=GRCH38)).finding_codes == ()


@pytest.mark.parametrize(
    ("places", "code"),
    [
        ((f"chr10:{BICC1}", f"chr10:{INTRON_17}"), "PLACES_EXCHANGED"),
        (("chr1:1000", "chr2:2000"), "POSITION_OUTSIDE_GENE"),
        (("somewhere", "NA"), "POSITION_UNREADABLE"),
    ],
)
def test_a_wrong_position_never_loses_the_event(places: tuple[str, str], code: str, read: Read) -> None:
    entry = element(
        "rearrangement", targeted_gene="FGFR2", other_gene="BICC1", type="fusion", pos1=places[0], pos2=places[1]
    )
    call = only(read(bare(entry)))
    assert call.finding_codes == (code,)
    assert annotate_rearrangement(call) is not None


def test_a_chromosome_without_r_is_understood(read: Read) -> None:
    entry = element(
        "rearrangement", targeted_gene="FGFR2", other_gene="N/A", type="truncation", pos1=f"ch10:{INTRON_17}"
    )
    call = only(read(bare(entry)))
    assert (call.first.contig, call.first.pos, call.second) == ("chr10", INTRON_17, None)


def test_rna_evidence_makes_an_rna_junction(read: Read) -> None:
    pos = place("FGFR2", "exon 17 last base", GRCH37)
    entry = f'<rearrangement targeted-gene="FGFR2" pos1="chr10:{pos}" type="fusion"><rna-evidence sample="R"/></rearrangement>'
    call = only(read(bare(entry)))
    assert (call.molecule, call.junction) == (Molecule.RNA, JunctionKind.RNA_JUNCTION)


def test_an_interval_that_crosses_the_exon_is_for_review(read: Read) -> None:
    edge = place("FGFR2", "exon 17 last base", GRCH37)
    entry = element(
        "rearrangement", targeted_gene="FGFR2", other_gene="N/A", type="fusion", pos1=f"chr10:{edge - 50}-{edge + 50}"
    )
    facts = annotate_rearrangement(only(read(bare(entry))))
    assert facts is not None
    assert classify_rearrangement(RearrangementGroup(lead=facts, members=(facts,)), None).outcome is Outcome.REVIEW


@pytest.mark.parametrize(
    ("kind", "exons", "declared"),
    [
        ("amplification", "18 of 18", DeclaredCopyNumber.AMPLIFICATION),
        ("amplification", "17 of 18", DeclaredCopyNumber.PARTIAL_AMPLIFICATION),
        ("partial amplification", None, DeclaredCopyNumber.PARTIAL_AMPLIFICATION),
        ("loss", "3 of 18", DeclaredCopyNumber.PARTIAL_LOSS),
        ("loss", None, DeclaredCopyNumber.LOSS),
    ],
)
def test_copy_numbers_keep_the_word_and_the_exons(
    kind: str, exons: str | None, declared: DeclaredCopyNumber, read: Read
) -> None:
    entry = element(
        "copy-number-alteration", gene="FGFR2", type=kind, number_of_exons=exons, position="NA", equivocal="true"
    )
    (call,) = read(bare(entry)).calls
    assert isinstance(call, CopyNumberCall)
    assert (call.declared, call.status, call.measures) == (declared, CallStatus.EQUIVOCAL, ())


@pytest.mark.parametrize(
    ("coding", "protein", "told"),
    [
        ("746C>G", "S249C", "c.746C>G"),
        ("205-8_205-2>CCTCTGCC", "splice site", "c.205-8_205-2delinsCCTCTGCC"),
        (None, "S249C", None),
    ],
)
def test_short_variants_keep_their_texts(coding: str | None, protein: str, told: str | None, read: Read) -> None:
    entry = element("short-variant", gene="FGFR3", cds_effect=coding, protein_effect=protein, percent_reads="31.5")
    (call,) = read(bare(entry)).calls
    assert isinstance(call, ShortVariantCall)
    assert (call.hgvs_c, call.hgvs_p, call.vaf) == (told, protein, 0.315)


def test_an_unreadable_fgfr_name_is_refused_and_forbids_a_negative(read: Read) -> None:
    content = read(
        bare(
            element("rearrangement", targeted_gene="FGFR2\u0430", type="fusion"), element("short-variant", gene="FGFR3")
        )
    )
    assert [(row.code, row.touches_fgfr) for row in content.rejected] == [
        ("REPORT_INCOMPLETE", True),
        ("SYMBOL_NOT_ASCII", True),
    ]


def test_pertinent_negatives_are_explicit(read: Read) -> None:
    text = EMITTERS["foundation-xml"].write(Patient(fusion=False, hotspot=False, copies=None)).decode()
    negative = "<PertinentNegatives><PertinentNegative><Gene>FGFR2</Gene></PertinentNegative></PertinentNegatives>"
    (call,) = read(text.replace("<PertinentNegatives/>", negative)).calls
    assert isinstance(call, NegativeCall)
    assert (call.gene, call.kind, call.status) == ("FGFR2", None, CallStatus.ABSENT)


def test_a_failed_report_says_nothing(tmp_path: Path) -> None:
    text = EMITTERS["foundation-xml"].write(Patient(fusion=False, hotspot=False, copies=None)).decode()
    path = tmp_path / "report.xml"
    path.write_text(text.replace('status="Pass"', 'status="Fail"'), encoding="utf-8")
    summary = screen_sample(path).summary
    assert {getattr(summary, name) for name in summary.__struct_fields__} == {Outcome.UNDETERMINED}


def test_a_report_without_signature_is_not_declared_by_the_laboratory(read: Read) -> None:
    text = EMITTERS["foundation-xml"].write(Patient()).decode()
    start, end = text.index("<Signatures>"), text.index("</Signatures>") + len("</Signatures>")
    content = read(text[:start] + text[end:])
    assert not any(call.reported_by_lab for call in content.calls)
    assert [finding.code for finding in content.report.findings] == ["REPORT_NOT_SIGNED"]


def test_a_liquid_report_is_plasma(read: Read) -> None:
    content = read(bare(extra='test-type="FoundationOneLiquidDx"'))
    assert content.specimens[0].kind is SpecimenKind.PLASMA


NARRATIVE = """<ResultsReport><FinalReport><Genes>
<Gene><Name>FGFR2</Name><Alterations><Alteration><Name>FGFR2-BICC1 fusion</Name></Alteration>
<Alteration><Name>amplification</Name><AlterationProperties><AlterationProperty isEquivocal="true"/></AlterationProperties>
</Alteration><Alteration><Name>something new</Name></Alteration></Alterations></Gene>
<Gene><Name>FGFR3</Name><Alterations><Alteration><Name>S249C</Name></Alteration></Alterations></Gene>
<Gene><Name>Microsatellite status</Name><Alterations><Alteration><Name>MS-Stable</Name></Alteration></Alterations></Gene>
</Genes><VariantProperties><VariantProperty geneName="FGFR1" variantName="R78H" isVUS="true"/></VariantProperties>
</FinalReport></ResultsReport>"""


def test_a_report_without_variant_part_is_read_from_its_text(read: Read) -> None:
    content = read(NARRATIVE)
    assert [type(call).__name__ for call in content.calls] == [
        "RearrangementCall",
        "CopyNumberCall",
        "ShortVariantCall",
        "ShortVariantCall",
    ]
    fusion = content.calls[0]
    assert isinstance(fusion, RearrangementCall)
    assert (fusion.declared, fusion.junction) == (DeclaredStructure.FUSION, JunctionKind.NAMES_ONLY)
    assert content.calls[1].status is CallStatus.EQUIVOCAL
    assert [row.code for row in content.rejected] == ["REPORT_INCOMPLETE"]
    assert content.assays[0].covers is None


@pytest.mark.parametrize(
    "root",
    [
        '<r:ResultsReport xmlns:r="http://integration.foundationmedicine.com/reporting">{}</r:ResultsReport>',
        "<ResultsReport>{}</ResultsReport>",
        "<ResultsReport><rr:ResultsPayload xmlns:rr='x'>{}</rr:ResultsPayload></ResultsReport>",
        "{}",
    ],
)
@pytest.mark.parametrize("namespace", ["", 'xmlns="http://foundationmedicine.com/compbio/variant-report"'])
def test_namespaces_and_missing_parts_do_not_matter(root: str, namespace: str, read: Read) -> None:
    entry = element("rearrangement", targeted_gene="FGFR2", other_gene="N/A", type="fusion", pos1=f"chr10:{INTRON_17}")
    assert only(read(root.format(bare(entry, extra=namespace)))).first.pos == INTRON_17


# ------------------------------------------------------------------------------------------------------ whole faults


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><variant-report>&e;</variant-report>', "XML_DOCTYPE"),
        ("<variant-report><rearrangements>", "TRUNCATED"),
        ("<variant-report/><variant-report/>", "XML_SYNTAX"),
        ("<ResultsReport><variant-report/><variant-report/></ResultsReport>", "SAMPLE_CHOICE"),
        ("<ResultsReport/>", "REPORT_INCOMPLETE"),
        ('<variant-report schemaLocation="x y/variant-report-external-9.0.xsd"/>', "UNKNOWN_SCHEMA_VERSION"),
        (
            '<ResultsReport schemaLocation="x ResultsReport.3.0.xsd"><variant-report/></ResultsReport>',
            "UNKNOWN_SCHEMA_VERSION",
        ),
    ],
)
def test_a_report_that_cannot_be_trusted_is_refused_with_a_remedy(content: str, code: str, read: Read) -> None:
    with pytest.raises(InputError) as caught:
        read(content)
    assert caught.value.code == code
    assert caught.value.remedy
