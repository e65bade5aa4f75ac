"""Tumour types: codes, names, English and Chinese words, and the traps around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgfr_screen import reference
from fgfr_screen.diseases import is_broader, lineage_codes, tumor_type


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("IHCH", "IHCH"),
        ("ihch", "IHCH"),
        ("GBM", "GB"),
        ("MM", "PCM"),
        ("aCML", "ACML"),
        ("OVARY", "OVARY"),
        ("stomach", "STOMACH"),
        ("Cholangiocarcinoma", "CHOL"),
        ("intrahepatic  CHOLANGIOCARCINOMA", "IHCH"),
        ("ICC", "IHCH"),
        ("iCCA", "IHCH"),
        ("Klatskin tumour", "PHCH"),
        ("肝内胆管癌", "IHCH"),
        ("ＩＣＣ", "IHCH"),
        ("膽管癌", "CHOL"),
        ("晚期肝内胆管癌伴淋巴结转移", "IHCH"),
        ("胃癌肝转移", "STAD"),
        ("liver metastasis of gastric cancer", "STAD"),
        ("gastric cancer metastatic to the bladder", "STAD"),
        ("HER2-negative gastric cancer, no peritoneal disease", "STAD"),
        ("乙肝病史, 肝内胆管癌", "IHCH"),
        ("Cholangiocarcinoma (iCCA)", "IHCH"),
        ("combined hepatocellular-cholangiocarcinoma", "HCCIHCH"),
        ("gallbladder cancer", "GBC"),
        ("bladder cancer", "BLCA"),
        ("advanced solid tumour: glioblastoma", "GB"),
        ("Pilocytic Astrocytoma", "PAST"),
        ("achondroplasia", "ACHONDROPLASIA"),
        ("软骨发育不全", "ACHONDROPLASIA"),
        ("hypochondroplasia", "HYPOCHONDROPLASIA"),
        ("季肋发育不全", "HYPOCHONDROPLASIA"),
        ("TD1", "THANATOPHORIC_DYSPLASIA"),
        ("advanced solid tumor", "SOLID_TUMOR"),
    ],
)
def test_what_is_written_clearly_is_understood(text: str, code: str) -> None:
    assert tumor_type(text).oncotree == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("urothelial carcinoma", "UC"),
        ("mUC", "UC"),
        ("TCC", "UC"),
        ("尿路上皮癌", "UC"),
        ("metastatic urothelial carcinoma of the renal pelvis", "UTUC"),
        ("TCC of the ureter", "UTUC"),
        ("urothelial carcinoma, bladder", "BLCA"),
        ("输尿管尿路上皮癌", "UTUC"),
        ("urothelial carcinoma of ureter and bladder", "UC"),
    ],
)
def test_urothelial_carcinoma_takes_its_site_from_the_same_text(text: str, code: str) -> None:
    assert tumor_type(text).oncotree == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "adenocarcinoma",
        "metastatic carcinoma, unknown",
        "cholangiocarcinoma versus hepatocellular carcinoma",
        "肝细胞癌和胆管癌",
        "no evidence of cholangiocarcinoma",
        "suspected gastric cancer",
        "gastric cancer?",
        "history of gastric cancer",
        "胃癌病史",
        "非胃癌",
        "胆管癌待排",
        "non-urothelial carcinoma",
        "mucinous",
        "Yolk Sac Tumor",
    ],
)
def test_what_is_unclear_is_not_understood(text: str) -> None:
    found = tumor_type(text)
    assert (found.oncotree, found.lineage, found.lineage_codes) == (None, None, ())
    assert found.caution
    assert found.text == text


def test_candidates_of_a_contradiction_are_named() -> None:
    caution = tumor_type("cholangiocarcinoma or hepatocellular carcinoma").caution
    assert caution is not None
    assert "CHOL, HCC" in caution


@pytest.mark.parametrize(
    ("text", "lineage"),
    [("PCM", "haematologic"), ("MLNFGFR1", "haematologic"), ("CHOL", "solid"), ("ACH", "germline"), ("TISSUE", None)],
)
def test_the_lineage_is_known(text: str, lineage: str | None) -> None:
    assert tumor_type(text).lineage == lineage


def test_codes_run_from_the_type_to_the_root() -> None:
    assert tumor_type("IHCH").lineage_codes == ("IHCH", "CHOL", "IPN", "BILIARY_TRACT", "TISSUE")
    assert tumor_type("UC").lineage_codes == ("UC", "BLADDER", "TISSUE")
    assert lineage_codes("NOT_A_CODE") == ()


def test_a_code_of_ours_is_said_to_be_ours() -> None:
    assert "not of OncoTree" in (tumor_type("ACH").caution or "")


def test_a_tissue_may_hold_a_type_and_a_type_never_its_tissue() -> None:
    assert is_broader(tumor_type("BLADDER"), "BLCA")
    assert not is_broader(tumor_type("BLCA"), "BLADDER")
    assert not is_broader(tumor_type("BLCA"), "BLCA")
    assert is_broader(tumor_type("solid tumor"), "CHOL")
    assert not is_broader(tumor_type("solid tumor"), "MLNFGFR1")
    assert not is_broader(tumor_type("solid tumor"), "ACHONDROPLASIA")


def test_every_oncotree_code_is_understood_as_itself() -> None:
    nodes = reference.oncotree()
    assert [tumor_type(node.code.lower()).oncotree for node in nodes] == [node.code for node in nodes]


def test_every_synonym_alone_is_understood() -> None:
    unknown = [
        word
        for row in reference.tumor_types()
        for word in (*row.english, *row.chinese)
        if tumor_type(word).oncotree is None
    ]
    assert unknown == []


@given(st.text(max_size=40))
def test_any_text_gives_an_answer_that_agrees_with_itself(text: str) -> None:
    found = tumor_type(text)
    assert (found.oncotree is None) == (found.lineage_codes == ())


@pytest.mark.parametrize(
    "text",
    [
        "invasive cervical carcinoma (ICC)",
        "宫颈癌 ICC",
        "breast cancer (sister with cholangiocarcinoma)",
        "父亲患胆管癌",
        "carcinoma of unknown primary, cholangiocarcinoma suspected",
        "考虑胆管癌",
        "favor cholangiocarcinoma",
        "Combined hepatocellular cholangiocarcinoma",
        "mixed HCC-CCA",
        "肝癌（肝细胞-胆管细胞混合型）",
        "colorectal cancer; cholangiocarcinoma",
        "未见胆管癌",
        "没有胆管癌",
        "丈夫胆管癌",
        "胆管癌未确诊",
        "cholangiocarcinoma not seen",
        "cholangiocarcinoma: negative",
        "rule-out cholangiocarcinoma",
        "cholangiocarcinoma-like",
        "hepatocellular-cholangiocarcinoma",
        "HCC/ICC",
        "previous bladder cancer, now sarcoma",
    ],
)
def test_another_patient_or_another_tumour_leaves_the_type_open(text: str) -> None:
    found = tumor_type(text)
    assert found.oncotree is None
    assert found.caution is not None and "it could be" in found.caution


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("intrahepatic cholangiocarcinoma, moderately differentiated adenocarcinoma", "IHCH"),
        ("cholangiocarcinoma with possible lung metastasis", "CHOL"),
        ("consistent with cholangiocarcinoma", "CHOL"),
        ("iCCA, FGFR2 fusion positive", "IHCH"),
        ("Hepatobiliary cancer: cholangiocarcinoma", "CHOL"),
        ("GC (gastric cancer)", "STAD"),
        ("Intrahepatic cholangiocarcinoma (liver cancer)", "IHCH"),
        ("Lung adenocarcinoma (lung cancer)", "LUAD"),
        ("iCCA, tumor content 40%", "IHCH"),
        ("ICC, liver primary tumor", "IHCH"),
        ("iCCA, poorly differentiated carcinoma", "IHCH"),
        ("MIBC, muscle-invasive tumour", "BLCA"),
        ("Gastric cancer, mixed type (Lauren)", "STAD"),
        ("胃癌，Lauren混合型", "STAD"),
        ("cholangiocarcinoma, status post resection, mother of two", "CHOL"),
        ("cholangiocarcinoma, confirmed by sister hospital", "CHOL"),
        ("胆管癌，兄弟医院会诊", "CHOL"),
        ("cholangiocarcinoma, likely FGFR2-driven", "CHOL"),
        ("cholangiocarcinoma; possible lung metastasis", "CHOL"),
        ("肝内胆管癌 (ICC)", "IHCH"),
    ],
)
def test_words_that_agree_with_the_diagnosis_do_not_doubt_it(text: str, code: str) -> None:
    assert tumor_type(text).oncotree == code
