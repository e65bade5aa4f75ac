"""One invented patient in every report format that we read.

Each emitter writes the same findings as its format would: FGFR2::BICC1 (FGFR2 intron 17, BICC1 intron 2), FGFR2
amplified or neutral, FGFR3 S249C, a cholangiocarcinoma. `Emitter.lacks` names what the format cannot carry. `EMITTERS`
holds all of them by the name of the reader; the planted words stand where a laboratory would write them.
"""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from tests.builders import GRCH37, LEFT, RIGHT, a_joined, place
from tests.workbooks import workbook

# Words that may reach no output, log or error.
PLANTED = ("Zzyzxname", "Qwrtfirst", "1931-02-27", "MRN-90817263", "19310227")
TUMOR_TYPE = "Intrahepatic Cholangiocarcinoma"


class Patient(NamedTuple):
    """What varies between the patients of a test."""

    fusion: bool = True
    copies: float | None = 20.0
    hotspot: bool = True


class Emitter(NamedTuple):
    """How a format is written, and what it cannot carry.

    Attributes:
        write: Patient -> content of the file.
        suffix: Of the file's name; no reader looks at it.
        lacks: Words among `fusion`, `amplification`, `hotspot`, `tumor_type`, `orientation` (kept sides or gene order),
            `sign_off` (a laboratory's word), `copies` (absolute number).
    """

    write: Callable[[Patient], bytes]
    suffix: str
    lacks: frozenset[str] = frozenset()


def _junction() -> tuple[str, int, str, int]:
    """Return contig and position of FGFR2 and of BICC1 on GRCh37."""
    call = a_joined("FGFR2", "intron 17", "BICC1", "intron 2", GRCH37)
    assert call.second is not None
    assert (call.first.orientation, call.second.orientation) == (RIGHT, RIGHT)
    assert LEFT is not RIGHT
    assert call.first.contig is not None and call.first.pos is not None
    assert call.second.contig is not None and call.second.pos is not None
    return call.first.contig, call.first.pos, call.second.contig, call.second.pos


S249C_POSITION = 1803568  # GRCh37, C>G on the forward strand, NM_000142 c.746C>G
_EXON_17_END = place("FGFR2", "exon 17 last base", GRCH37)
_BICC1_EXON_3 = place("BICC1", "exon 3 first base", GRCH37)


def foundation_xml(patient: Patient) -> bytes:
    contig1, pos1, contig2, pos2 = _junction()
    fusion = (
        f'<rearrangement targeted-gene="FGFR2" other-gene="BICC1" type="fusion" in-frame="Yes" status="known" '
        f'pos1="{contig1}:{pos1}-{pos1 + 60}" pos2="{contig2}:{pos2}-{pos2 + 60}" supporting-read-pairs="64" '
        f'description="FGFR2-BICC1 fusion" equivocal="false"><dna-evidence sample="SQ-1"/></rearrangement>'
    )
    amplified = (
        f'<copy-number-alteration gene="FGFR2" copy-number="{patient.copies:g}" ratio="5.5" type="amplification" '
        f'number-of-exons="17 of 17" position="chr10:123239370-123353481" status="known" equivocal="false"/>'
        if patient.copies is not None and patient.copies >= 6
        else ""
    )
    hotspot = (
        f'<short-variant gene="FGFR3" cds-effect="746C&gt;G" protein-effect="S249C" position="chr4:{S249C_POSITION}" '
        'functional-effect="missense" status="known" strand="+" transcript="NM_000142" allele-fraction="0.31" '
        'percent-reads="31.00" depth="700" equivocal="false"/>'
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rr:ResultsReport xmlns:rr="http://integration.foundationmedicine.com/reporting">
 <rr:CustomerInformation><rr:ReferenceID>{PLANTED[3]}</rr:ReferenceID><rr:MRN>{PLANTED[3]}</rr:MRN></rr:CustomerInformation>
 <rr:ResultsPayload>
  <FinalReport>
   <ReportId>{PLANTED[3]}</ReportId>
   <Sample><TestType>FoundationOne CDx</TestType></Sample>
   <PMI><MRN>{PLANTED[3]}</MRN><FullName>{PLANTED[0]}, {PLANTED[1]}</FullName><FirstName>{PLANTED[1]}</FirstName>
    <LastName>{PLANTED[0]}</LastName><DOB>{PLANTED[2]}</DOB><SubmittedDiagnosis>{TUMOR_TYPE}</SubmittedDiagnosis>
    <SpecSite>Liver</SpecSite><CollDate>2026-03-02</CollDate></PMI>
   <PertinentNegatives/>
   <Signatures><Signature><ServerTime>2026-03-20 10:00:00</ServerTime><OpName>{PLANTED[0]}</OpName></Signature></Signatures>
  </FinalReport>
  <variant-report xmlns="http://foundationmedicine.com/compbio/variant-report-external" disease="LIVER"
    disease-ontology="{TUMOR_TYPE}" gender="female" purity-assessment="45" specimen="{PLANTED[3]}"
    test-request="{PLANTED[3]}" test-type="FoundationOneDx" pathology-diagnosis="{PLANTED[0]} {PLANTED[2]}">
   <samples><sample name="SQ-1" nucleic-acid-type="DNA" mean-exon-depth="800"/></samples>
   <quality-control status="Pass"/>
   <short-variants>{hotspot if patient.hotspot else ""}</short-variants>
   <copy-number-alterations>{amplified}</copy-number-alterations>
   <rearrangements>{fusion if patient.fusion else ""}</rearrangements>
  </variant-report>
 </rr:ResultsPayload>
</rr:ResultsReport>
""".encode()


_SMALL_VARIANT_COLUMNS = (
    "Gene\tChromosome\tGenomic Position\tReference Call\tAlternative Call\tAllele Frequency\tDepth\tP-Dot Notation\t"
    "C-Dot Notation\tConsequence(s)\tAffected Exon(s)"
)


def tso500_cvo(patient: Patient) -> bytes:
    contig1, _, contig2, _ = _junction()
    fold = "NA" if patient.copies is None or patient.copies < 6 else f"FGFR2\t{patient.copies / 4:.3f}"
    fusion = f"FGFR2-BICC1\t{contig1}:{_EXON_17_END}\t{contig2}:{_BICC1_EXON_3}\t64\t10\t3" if patient.fusion else "NA"
    hotspot = (
        f"FGFR3\tchr4\t{S249C_POSITION}\tC\tG\t0.31\t700\tNP_000133.1:p.(Ser249Cys)\tNM_000142.4:c.746C>G"
        "\tmissense_variant\t7/18"
        if patient.hotspot
        else "NA"
    )
    return f"""TruSight Oncology 500 - Combined Variant Output\t\t
[Analysis Details]\t\t
Pair ID\t{PLANTED[3]}\t
DNA Sample ID\t{PLANTED[0]}_D\t
RNA Sample ID\t{PLANTED[0]}_R\t
Output Date\t2026-03-20\t
Pipeline Version\truo-2.2.0.12\t
\t\t
[TMB]\t\t
Total TMB\t4.7\t
\t\t
[Gene Amplifications]\t\t
Gene\tFold Change\t
{fold}\t\t
\t\t
[Splice Variants]\t\t
Gene\tAffected Exon\tBreakpoint 1\tBreakpoint 2\tSplice Supporting Reads\tReference Reads Transcript
NA\t\t
\t\t
[Fusions]\t\t
Gene Pair\tBreakpoint 1\tBreakpoint 2\tFusion Supporting Reads\tGene 1 Reference Reads\tGene 2 Reference Reads
{fusion}\t\t
\t\t
[Small Variants]\t\t
{_SMALL_VARIANT_COLUMNS}
{hotspot}\t\t
""".encode()


def tso500_all_fusions(patient: Patient) -> bytes:
    contig1, _, contig2, _ = _junction()
    kept = f"Manta,FGFR2,BICC1,{contig1}:{_EXON_17_END},{contig2}:{_BICC1_EXON_3},0.98,PASS,True,True"
    dropped = f"Manta,FGFR2,ATE1,{contig1}:{_EXON_17_END},chr10:123500000,0.1,LowScore,False,False"
    return f"""# Sample {PLANTED[0]} {PLANTED[3]}
Caller,Gene A,Gene B,Gene A Breakpoint,Gene B Breakpoint,Score,Filter,KeepFusion,Fusion Directionality Known
{kept if patient.fusion else ""}
{dropped}
""".encode()


def tso500_ctdna_fusions(patient: Patient) -> bytes:
    contig1, pos1, contig2, pos2 = _junction()
    fusion = f"{contig1},{pos1},{contig2},{pos2},rR2R1,40,900,0.044,FGFR2,BICC1,PASS,True" if patient.fusion else ""
    return f"""# {PLANTED[3]} {PLANTED[0]}
Chr1,Pos1,Chr2,Pos2,Direction,Alt_Depth,Total_Depth,VAF,Gene1,Gene2,Filter,Fusion Directionality Known
{fusion}
""".encode()


def _table(columns: dict[str, object], *, has_row: bool, first_line: str = "") -> bytes:
    rows = ["\t".join(map(str, columns.values()))] if has_row else []
    return (first_line + "\n".join(["\t".join(columns), *rows]) + "\n").encode()


def cbioportal_sv(patient: Patient) -> bytes:
    contig1, pos1, contig2, pos2 = _junction()
    columns: dict[str, object] = {
        "Sample_Id": PLANTED[3],
        "Site1_Hugo_Symbol": "BICC1",
        "Site1_Region": "INTRON",
        "Site1_Region_Number": 2,
        "Site1_Chromosome": contig2.removeprefix("chr"),
        "Site1_Position": pos2,
        "Site2_Hugo_Symbol": "FGFR2",
        "Site2_Region": "INTRON",
        "Site2_Region_Number": 17,
        "Site2_Chromosome": contig1.removeprefix("chr"),
        "Site2_Position": pos1,
        "Site2_Effect_On_Frame": "IN_FRAME",
        "NCBI_Build": "GRCh37",
        "DNA_Support": "yes",
        "RNA_Support": "no",
        "Event_Info": "Protein fusion: in frame (FGFR2-BICC1)",
        "Class": "INVERSION",
        "SV_Status": "SOMATIC",
        "Comments": PLANTED[0],
    }
    return _table(columns, has_row=patient.fusion)


def maf(patient: Patient) -> bytes:
    columns: dict[str, object] = {
        "Hugo_Symbol": "FGFR3",
        "Center": PLANTED[0],
        "NCBI_Build": "GRCh37",
        "Chromosome": "4",
        "Start_Position": S249C_POSITION,
        "End_Position": S249C_POSITION,
        "Variant_Classification": "Missense_Mutation",
        "Reference_Allele": "C",
        "Tumor_Seq_Allele1": "C",
        "Tumor_Seq_Allele2": "G",
        "Tumor_Sample_Barcode": PLANTED[3],
        "HGVSp_Short": "p.S249C",
        "Transcript_ID": "NM_000142.4",
        "t_ref_count": 483,
        "t_alt_count": 217,
    }
    return _table(columns, has_row=patient.hotspot, first_line="#version 2.4\n")


def oncokb_sv(patient: Patient) -> bytes:
    row = f"{PLANTED[3]}\tBICC1\tFGFR2\tFUSION\n" if patient.fusion else ""
    return f"Tumor_Sample_Barcode\tGeneA\tGeneB\tSv_Type\n{row}".encode()


def oncokb_copies(patient: Patient) -> bytes:
    row = f"{PLANTED[3]}\tFGFR2\t{'Amplification' if (patient.copies or 0) >= 6 else '0'}\n"
    return f"Tumor_Sample_Barcode\tHugo_Symbol\tCopy_Number_Alteration\n{row}".encode()


def cats(patient: Patient) -> bytes:
    contig1, pos1, contig2, pos2 = _junction()
    common: dict[str, Any] = {"sampleItemId": "s1", "variantOrigin": "somatic", "reported": True}
    sides = [
        {
            "chromosome": contig.removeprefix("chr"),
            "startPosition": pos,
            "endPosition": pos,
            "matePieceLocation": "upstream",
            "transcripts": [{"geneSymbol": gene}],
        }
        for contig, pos, gene in ((contig1, pos1, "FGFR2"), (contig2, pos2, "BICC1"))
    ]
    fusion = {
        "itemId": "v3",
        "breakends": sides,
        "orderedGenePairs": [["FGFR2", "BICC1"]],
        "rearrangementType": "gene fusion",
        "supportingReadCount": 64,
        **common,
    }
    amplified = {
        "itemId": "v2",
        "chromosome": "10",
        "startPosition": 123237844,
        "endPosition": 123357972,
        "copyNumberMetrics": [{"value": patient.copies, "unit": "copy number"}],
        "copyNumberAlterationType": "amplification" if (patient.copies or 0) >= 6 else "neutral",
        "transcripts": [{"geneSymbol": "FGFR2"}],
        **common,
    }
    hotspot = {
        "itemId": "v1",
        "chromosome": "4",
        "position": S249C_POSITION,
        "referenceAllele": "C",
        "alternateAllele": "G",
        "alternateAlleleFrequency": 0.31,
        "totalReadDepth": 700,
        "transcripts": [
            {
                "geneSymbol": "FGFR3",
                "transcriptId": "NM_000142.4",
                "cdsChange": "c.746C>G",
                "aminoAcidsChange": "p.S249C",
            }
        ],
        **common,
    }
    report = {
        "metaData": {
            "schemaVersion": "1.2.1",
            "referenceGenome": {"grcRelease": "GRCh37"},
            "comments": [f"{PLANTED[0]} {PLANTED[1]} {PLANTED[2]}"],
        },
        "testInfo": {"testId": PLANTED[3], "testType": "tumor-only", "panelName": "panel", "panelVersion": "1"},
        "variants": {
            "shortVariants": [hotspot] if patient.hotspot else [],
            "copyNumberAlterations": [amplified] if patient.copies is not None else [],
            "rearrangements": [fusion] if patient.fusion else [],
        },
        "sequencingSamples": [{"itemId": "s1", "tumorOrNormal": "tumor", "nucleicAcid": "DNA"}],
    }
    return json.dumps(report, indent=1).encode()


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, indent=1, ensure_ascii=False).encode()


def _is_amplified(patient: Patient) -> bool:
    return (patient.copies or 0) >= 6


def tempus(patient: Patient) -> bytes:
    variant = {
        "mutationEffect": "p.S249C",
        "HGVS.p": "p.S249C",
        "HGVS.c": "c.746C>G",
        "transcript": "NM_000142.4",
        "nucleotideAlteration": f"chr4:{S249C_POSITION}:C:G",
        "referenceGenome": "GRCh37/hg19",
        "allelicFraction": "31.0",
        "coverage": 700,
    }
    gain = {
        "gene": "FGFR2",
        "hgncId": "3689",
        "variantDescription": "Copy number gain",
        "variantType": "amplification",
        "copyNumber": f"{patient.copies or 0:g}",
    }
    fusion = {
        "gene5": "FGFR2",
        "gene5hgncId": "3689",
        "gene3": "BICC1",
        "variantDescription": "FGFR2-BICC1 fusion",
        "fusionType": "gene",
    }
    return _json(
        {
            "lab": {"name": "Tempus"},
            "report": {
                "reportId": PLANTED[3],
                "signout_date": "2026-03-20",
                "workflow": {"reportType": "DNA", "reportStatus": "standard"},
            },
            "patient": {
                "firstName": PLANTED[1],
                "lastName": PLANTED[0],
                "emr_id": PLANTED[3],
                "DoB": PLANTED[2],
                "diagnosis": TUMOR_TYPE,
            },
            "order": {"accessionId": PLANTED[3], "test": {"code": "XT.V4", "name": "xT"}},
            "specimens": [{"sampleCategory": "tumor", "institutionData": {"tumorPercentage": 45}}],
            "results": {
                "somaticPotentiallyActionableMutations": [{"gene": "FGFR3", "hgncId": "3690", "variants": [variant]}]
                if patient.hotspot
                else [],
                "somaticPotentiallyActionableCopyNumberVariants": [gain] if _is_amplified(patient) else [],
                "somaticBiologicallyRelevantVariants": [],
                "somaticVariantsOfUnknownSignificance": [],
                "fusionVariants": [fusion] if patient.fusion else [],
            },
        }
    )


def caris(patient: Patient) -> bytes:
    contig1, pos1, contig2, pos2 = _junction()
    results = []
    if patient.hotspot:
        results.append(
            "<testResults><genomicAlteration><biomarkerName>FGFR3</biomarkerName><gene>FGFR3</gene>"
            "<result>Pathogenic Variant</result><result_group>Mutated</result_group>"
            "<hgvsCodingChange>c.746C&gt;G</hgvsCodingChange><hgvsProteinChange>p.S249C</hgvsProteinChange>"
            "<genomicSource>Somatic</genomicSource><alleleFrequencyInformation><alleleFrequency>31</alleleFrequency>"
            "</alleleFrequencyInformation></genomicAlteration></testResults>"
        )
    if _is_amplified(patient):
        results.append(
            "<testResults><copyNumberAlteration><gene>FGFR2</gene><result>Amplified</result>"
            f"<copyNumber>{patient.copies:g}</copyNumber></copyNumberAlteration></testResults>"
        )
    fusion = (
        "<testResults><translocation><gene1>FGFR2</gene1><gene2>BICC1</gene2><result>Fusion Detected</result>"
        f"<genomicBreakpoint>{contig1}:{pos1}:+/{contig2}:{pos2}:-</genomicBreakpoint><genomeBuild>hg19</genomeBuild>"
        "</translocation></testResults>"
        if patient.fusion
        else ""
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<root>
 <testDetails><labName>Caris</labName><labReportID>{PLANTED[3]}</labReportID><reportType>Final</reportType>
  <approvalInformation><approvedBy>{PLANTED[0]}</approvedBy><approveDate>2026-03-20</approveDate></approvalInformation>
 </testDetails>
 <patientInformation><fullName>{PLANTED[0]} {PLANTED[1]}</fullName><dob>{PLANTED[2]}</dob><mrn>{PLANTED[3]}</mrn>
  <icd_code>C22.1</icd_code><diagnosis>{TUMOR_TYPE}</diagnosis></patientInformation>
 <specimenInformation><tumorSpecimenInformation><specimenID>{PLANTED[3]}</specimenID></tumorSpecimenInformation>
 </specimenInformation>
 <tests><testName>Exome Panel</testName><platformTechnology>NGS</platformTechnology>{"".join(results)}</tests>
 <tests><testName>DNA Rearrangement Panel</testName><platformTechnology>NGS</platformTechnology>{fusion}</tests>
</root>
""".encode()


def guardant_xlsx(patient: Patient) -> bytes:
    contig1, pos1, contig2, pos2 = _junction()
    called = 1 if patient.fusion else 0
    return workbook(
        {
            "SNV": [
                ("gene", "chrom", "position", "mut_nt", "mut_aa", "cdna", "percentage", "call", "transcript_id"),
                (
                    *("FGFR3", "4", S249C_POSITION, "C>G", "S249C", "c.746C>G", 3.1),
                    *(int(patient.hotspot), "NM_000142.4"),
                ),
            ],
            "Indels": [("gene", "chrom", "position", "mut_nt", "mut_aa", "cdna", "percentage", "call")],
            # Plasma copies never make an amplification; here the row was not called.
            "CNAs": [("chrom", "gene", "copy_number", "call"), ("10", "FGFR2", 2.1, 0)],
            "Fusion": [
                ("gene_a", "gene_b", "downstream_gene", "chrom_a", "chrom_b", "pos_a", "pos_b", "percentage", "call"),
                ("BICC1", "FGFR2", "BICC1", contig2, contig1, pos2, pos1, 1.2, called),
            ],
            "MSI": [("runid", "msi_score"), (PLANTED[3], 1)],
        }
    )


def _coded(system: str, code: str, display: str = "") -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": display}]}


def _component(loinc: str, **value: object) -> dict[str, Any]:
    return {"code": _coded("http://loinc.org", loinc), **value}


def fhir_genomics(patient: Patient) -> bytes:
    genes = "http://www.genenames.org/geneId"
    terms = "http://sequenceontology.org"
    found = []
    if patient.fusion:
        pair = _coded(genes, "HGNC:3689::HGNC:19351", "FGFR2::BICC1")
        found.append([_component("95123-6", valueCodeableConcept=pair)])
    if _is_amplified(patient):
        found.append(
            [
                _component("48018-6", valueCodeableConcept=_coded(genes, "HGNC:3689", "FGFR2")),
                _component("48019-4", valueCodeableConcept=_coded(terms, "SO:0001742", "copy_number_gain")),
                _component("81252-9", valueCodeableConcept={"text": "FGFR2 amplification"}),
                _component("82155-3", valueQuantity={"value": patient.copies}),
            ]
        )
    if patient.hotspot:
        found.append(
            [
                _component("48018-6", valueCodeableConcept=_coded(genes, "HGNC:3690", "FGFR3")),
                _component("48004-6", valueCodeableConcept=_coded("http://varnomen.hgvs.org", "NM_000142.4:c.746C>G")),
                _component("48005-3", valueCodeableConcept=_coded("http://varnomen.hgvs.org", "p.(Ser249Cys)")),
                _component("81258-6", valueQuantity={"value": 31, "code": "%"}),
            ]
        )
    loinc = "http://loinc.org"
    observations = [
        {
            "resourceType": "Observation",
            "id": f"v{at}",
            "status": "final",
            "code": _coded(loinc, "69548-6"),
            "subject": {"reference": f"Patient/{PLANTED[3]}", "display": PLANTED[0]},
            "valueCodeableConcept": _coded(loinc, "LA9633-4", "Present"),
            "component": parts,
        }
        for at, parts in enumerate(found)
    ]
    resources: list[dict[str, Any]] = [
        {
            "resourceType": "Patient",
            "id": PLANTED[3],
            "name": [{"family": PLANTED[0], "given": [PLANTED[1]]}],
            "birthDate": PLANTED[2],
        },
        {
            "resourceType": "DiagnosticReport",
            "status": "final",
            "code": _coded(loinc, "51969-4"),
            "conclusion": PLANTED[0],
        },
        {"resourceType": "Condition", "code": _coded("http://hl7.org/fhir/sid/icd-10", "C22.1", "Gallengang")},
        *observations,
    ]
    return _json({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]})


def phenopacket(patient: Patient) -> bytes:
    variant = {
        "subjectOrBiosampleId": PLANTED[3],
        "interpretationStatus": "CAUSATIVE",
        "variantInterpretation": {
            "acmgPathogenicityClassification": "PATHOGENIC",
            "variationDescriptor": {
                "geneContext": {"valueId": "HGNC:3690", "symbol": "FGFR3"},
                "expressions": [{"syntax": "hgvs.c", "value": "NM_000142.4:c.746C>G"}],
                "vcfRecord": {
                    "genomeAssembly": "hg19",
                    "chrom": "chr4",
                    "pos": str(S249C_POSITION),
                    "ref": "C",
                    "alt": "G",
                },
            },
        },
    }
    disease = {"id": "NCIT:C35417", "label": TUMOR_TYPE}
    return _json(
        {
            "id": PLANTED[3],
            "subject": {"id": PLANTED[3], "alternateIds": [PLANTED[0]], "dateOfBirth": PLANTED[2], "sex": "FEMALE"},
            "biosamples": [{"id": PLANTED[3], "histologicalDiagnosis": disease}],
            "interpretations": [
                {
                    "progressStatus": "SOLVED",
                    "diagnosis": {
                        "disease": disease,
                        "genomicInterpretations": [variant] if patient.hotspot else [],
                    },
                }
            ],
            "metaData": {"createdBy": PLANTED[1], "phenopacketSchemaVersion": "2.0"},
        }
    )


def orange(patient: Patient) -> bytes:
    contig1, pos1, contig2, pos2 = _junction()
    ends = [
        {
            "svId": 7,
            "gene": gene,
            "chromosome": contig.removeprefix("chr"),
            "position": pos,
            "orientation": -1,
            "isCanonical": True,
            "transcript": transcript,
        }
        for gene, contig, pos, transcript in (
            ("FGFR2", contig1, pos1, "ENST00000358487"),
            ("BICC1", contig2, pos2, "ENST00000373886"),
        )
    ]
    fusion = {
        "geneUp": "FGFR2",
        "contextUp": "Intron 17",
        "geneDown": "BICC1",
        "contextDown": "Intron 2",
        "reportedType": "KNOWN_PAIR",
        "phased": "INFRAME",
        "fusedExonUp": 17,
        "fusedExonDown": 3,
    }
    gain = {
        "interpretation": "FULL_GAIN",
        "gene": "FGFR2",
        "chromosome": "10",
        "minCopyNumber": patient.copies,
        "maxCopyNumber": patient.copies,
    }
    variant = {
        "gene": "FGFR3",
        "chromosome": "4",
        "position": S249C_POSITION,
        "ref": "C",
        "alt": "G",
        "canonicalImpact": {"hgvsCodingImpact": "c.746C>G", "hgvsProteinImpact": "p.Ser249Cys"},
        "tumorDepth": {"totalReadCount": 100, "alleleReadCount": 31},
        "adjustedVAF": 0.31,
    }
    return _json(
        {
            "sampleId": PLANTED[3],
            "experimentType": "WHOLE_GENOME",
            "configuredPrimaryTumor": [{"doid": "4928", "doidTerm": TUMOR_TYPE.lower()}],
            "refGenomeVersion": "V37",
            "purple": {
                "fit": {"qc": {"status": ["PASS"]}, "purity": 0.6, "ploidy": 2.0},
                "somaticVariants": [variant] if patient.hotspot else [],
                "somaticGainsDels": [gain] if _is_amplified(patient) else [],
            },
            "linx": {
                "fusions": [fusion] if patient.fusion else [],
                "somaticStructuralVariants": [],
                "somaticBreakends": ends if patient.fusion else [],
            },
        }
    )


def pcgr_fusions(patient: Patient) -> bytes:
    contig1, _, contig2, _ = _junction()
    columns: dict[str, object] = {
        "FusionGene": "FGFR2--BICC1",
        "LeftBreakpoint": f"{contig1.removeprefix('chr')}:{_EXON_17_END}",
        "RightBreakpoint": f"{contig2.removeprefix('chr')}:{_BICC1_EXON_3}",
        "SplitReads": 64,
        "Sample": PLANTED[3],
    }
    return _table(columns, has_row=patient.fusion)


def dnpm(patient: Patient) -> bytes:
    contig1, pos1, contig2, pos2 = _junction()

    def gene(number: int, symbol: str) -> dict[str, str]:
        return {"code": f"HGNC:{number}", "display": symbol, "system": "https://www.genenames.org/"}

    variant = {
        "chromosome": "chr4",
        "gene": gene(3690, "FGFR3"),
        "position": {"start": S249C_POSITION},
        "refAllele": "C",
        "altAllele": "G",
        "dnaChange": "c.746C>G",
        "proteinChange": "p.Ser249Cys",
        "allelicFrequency": 0.31,
        "readDepth": 700,
        "interpretation": {"code": "5", "display": "Pathogenic"},
    }
    gain = {
        "chromosome": "chr10",
        "startRange": {"start": 123237844},
        "endRange": {"start": 123357972},
        "totalCopyNumber": patient.copies,
        "reportedAffectedGenes": [gene(3689, "FGFR2")],
        "type": {"code": "high-level-gain"},
    }
    fusion = {
        "fusionPartner5prime": {"chromosome": contig1, "gene": gene(3689, "FGFR2"), "position": pos1},
        "fusionPartner3prime": {"chromosome": contig2, "gene": gene(19351, "BICC1"), "position": pos2},
        "reportedNumReads": 64,
    }
    return _json(
        {
            "patient": {
                "id": PLANTED[3],
                "gender": {"code": "female"},
                "birthDate": PLANTED[2],
                "address": {"municipalityCode": PLANTED[4]},
            },
            "episodesOfCare": [{"id": PLANTED[3]}],
            "diagnoses": [{"code": {"code": "C22.1", "display": "Intrahepatisches Gallengangskarzinom"}}],
            "specimens": [{"id": "s1", "collection": {"date": "2026-03-02"}}],
            "ngsReports": [
                {
                    "id": PLANTED[3],
                    "specimen": {"id": "s1"},
                    "issuedOn": "2026-03-20",
                    "type": {"code": "panel", "display": "Panel"},
                    "metadata": [{"referenceGenome": "HG19"}],
                    "results": {
                        "simpleVariants": [variant] if patient.hotspot else [],
                        "copyNumberVariants": [gain] if _is_amplified(patient) else [],
                        "dnaFusions": [fusion] if patient.fusion else [],
                        "rnaFusions": [],
                    },
                }
            ],
        }
    )


def genminetop(patient: Patient) -> bytes:
    contig1, _, contig2, _ = _junction()
    items = []
    if patient.hotspot:
        items.append(
            f"<item><gene>FGFR3</gene><transcript>NM_000142</transcript><locus>chr4:{S249C_POSITION}</locus><ref>C</ref>"
            "<alt>G</alt><origin>somatic</origin><type>snv</type><coding-dna-alteration>c.746C&gt;G"
            "</coding-dna-alteration><protein-alteration>p.S249C</protein-alteration>"
            "<allele-frequency>217/700</allele-frequency></item>"
        )
    if _is_amplified(patient):
        items.append(
            "<item><gene>FGFR2</gene><locus>chr10:123237844-123357972</locus><origin>somatic</origin>"
            f"<type>cnv-amplification</type><num-copy>{patient.copies:g}</num-copy></item>"
        )
    if patient.fusion:
        items.append(
            "<item><gene><item>FGFR2</item><item>BICC1</item></gene><origin>somatic</origin><type>fusion</type>"
            "<num-reads>64</num-reads><frame>in-frame</frame><breakpoint>"
            f"<item><gene>FGFR2</gene><chr>{contig1}</chr><pos>{_EXON_17_END}</pos></item>"
            f"<item><gene>BICC1</gene><chr>{contig2}</chr><pos>{_BICC1_EXON_3}</pos></item></breakpoint></item>"
        )
    items.append("<item><gene>FGFR1</gene><type>expression</type><num-reads>900</num-reads><tpm>12.5</tpm></item>")
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<root><vendor-id>todai-oncopanel</vendor-id>
 <report><id>{PLANTED[3]}</id><owner><doctor>{PLANTED[0]}</doctor></owner><date><reported>2026-03-20</reported></date>
  <patient><id>{PLANTED[3]}</id><sex>female</sex><age>61</age><c-cat-id>{PLANTED[4]}</c-cat-id></patient>
  <specimen><id>{PLANTED[3]}</id><pathology>{TUMOR_TYPE}</pathology></specimen>
  <result><reference-genome>hg19</reference-genome><alterations>{"".join(items)}</alterations></result>
  <qc><tumor-content><estimated><value>45</value></estimated></tumor-content></qc></report>
</root>
""".encode()


def ipr(patient: Patient) -> bytes:
    contig1, pos1, contig2, pos2 = _junction()
    places = "|".join(f"{contig.removeprefix('chr')}:{pos}" for contig, pos in ((contig1, pos1), (contig2, pos2)))
    fusion = {
        "eventType": "fusion",
        "gene1": "FGFR2",
        "gene2": "BICC1",
        "exon1": 17,
        "exon2": 3,
        "breakpoint": places,
        "frame": "in-frame",
        "detectedIn": "DNA",
    }
    gain = {"gene": "FGFR2", "kbCategory": "amplification", "cna": patient.copies, "copyChange": 18}
    variant = {
        "gene": "FGFR3",
        "chromosome": "4",
        "startPosition": S249C_POSITION,
        "endPosition": S249C_POSITION,
        "refSeq": "C",
        "altSeq": "G",
        "proteinChange": "p.S249C",
        "transcript": "ENST00000440486.2",
        "ncbiBuild": "GRCh37",
        "germline": False,
        "tumourAltCount": 31,
        "tumourDepth": 100,
    }
    return _json(
        {
            "template": "genomic",
            "patientId": PLANTED[3],
            "ploidy": "diploid",
            "tumourContent": 60,
            "kbDiseaseMatch": TUMOR_TYPE.lower(),
            "patientInformation": {"physician": PLANTED[0], "diagnosis": TUMOR_TYPE, "age": PLANTED[2]},
            "structuralVariants": [fusion] if patient.fusion else [],
            "copyVariants": [gain] if _is_amplified(patient) else [],
            "smallMutations": [variant] if patient.hotspot else [],
        }
    )


def mapped_table(patient: Patient) -> bytes:
    header = "姓名,病历号,基因,融合伴侣,变异类型,核苷酸改变,氨基酸改变,丰度(%),拷贝数,检测结果,癌种,参考基因组"
    who, tail = f"{PLANTED[0]},{PLANTED[3]}", f"{TUMOR_TYPE},GRCh37"
    word = ("阴性", "阳性")
    rows = [
        f"{who},FGFR2,BICC1,融合,-,-,22.0,-,{word[patient.fusion]},{tail}",
        f"{who},FGFR2,-,扩增,-,-,-,{patient.copies or 2:g},{word[_is_amplified(patient)]},{tail}",
        f"{who},FGFR3,-,突变,c.746C>G,p.S249C,31.0,-,{word[patient.hotspot]},{tail}",
    ]
    return "\n".join([header, *rows, ""]).encode("gb18030")


_NO_LAB = frozenset({"sign_off", "tumor_type"})
EMITTERS: dict[str, Emitter] = {
    "foundation-xml": Emitter(foundation_xml, ".xml", frozenset({"orientation"})),
    "tso500-cvo": Emitter(tso500_cvo, ".tsv", _NO_LAB | {"copies"}),
    "tso500-all-fusions": Emitter(tso500_all_fusions, ".csv", _NO_LAB | {"amplification", "hotspot", "copies"}),
    "tso500-ctdna-fusions": Emitter(tso500_ctdna_fusions, ".csv", _NO_LAB | {"amplification", "hotspot", "copies"}),
    "cbioportal-sv": Emitter(cbioportal_sv, ".txt", _NO_LAB | {"amplification", "hotspot", "copies"}),
    "maf": Emitter(maf, ".maf", _NO_LAB | {"fusion", "amplification", "copies"}),
    # The word alone, without copies, and the names alone, without places.
    "oncokb": Emitter(oncokb_sv, ".txt", _NO_LAB | {"amplification", "hotspot", "copies", "orientation"}),
    "cats": Emitter(cats, ".cats", frozenset({"tumor_type"})),
    "tempus": Emitter(tempus, ".json"),
    "caris": Emitter(caris, ".xml", frozenset({"orientation"})),
    # Plasma copies are never an amplification.
    "guardant-xlsx": Emitter(guardant_xlsx, ".xlsx", _NO_LAB | {"amplification", "copies"}),
    "fhir-genomics": Emitter(fhir_genomics, ".json"),
    "phenopacket": Emitter(phenopacket, ".json", frozenset({"fusion", "amplification", "copies", "sign_off"})),
    "orange": Emitter(orange, ".json", frozenset({"sign_off"})),
    "pcgr-fusions": Emitter(pcgr_fusions, ".tsv", _NO_LAB | {"amplification", "hotspot", "copies"}),
    "dnpm": Emitter(dnpm, ".json"),
    "genminetop": Emitter(genminetop, ".xml"),
    "ipr": Emitter(ipr, ".json", frozenset({"sign_off"})),
    "mapped-table": Emitter(mapped_table, ".csv", frozenset({"sign_off", "orientation"})),
}
