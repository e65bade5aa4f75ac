"""Tables of the registry, for SQLite and PostgreSQL alike. What each holds: the package's docstring."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
)

METADATA = MetaData()
# Byte order everywhere, so that both databases sort alike.
WORDS = Text().with_variant(Text(collation="C"), "postgresql")
DIGEST = String(64).with_variant(String(64, collation="C"), "postgresql")


def _of_screening() -> Column[int]:
    return Column("screening_id", Integer, ForeignKey("screening.id"), nullable=False)


META = Table(
    "registry_meta", METADATA, Column("name", String(64), primary_key=True), Column("value", Text, nullable=False)
)
SCREENING = Table(
    "screening",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("screening_key", DIGEST, nullable=False, unique=True),
    Column("sample_id", WORDS, nullable=False),
    Column("patient_id", WORDS),
    Column("tumor_code", WORDS),
    Column("tumor_text", WORDS),
    Column("tumor_lineage", WORDS, nullable=False),
    Column("options_sha256", WORDS, nullable=False),
    Column("inputs_sha256", DIGEST, nullable=False),
    Column("tool_version", WORDS, nullable=False),
    Column("data_release", WORDS, nullable=False),
    Column("rules_sha256", DIGEST, nullable=False),
    Column("answer_sha256", DIGEST, nullable=False),
    Column("result_sha256", DIGEST, nullable=False),
    Column("qualifying_fgfr2_fusion_or_rearrangement", WORDS, nullable=False),
    Column("fgfr2_amplification", WORDS, nullable=False),
    Column("fgfr3_alteration", WORDS, nullable=False),
    Column("other_fgfr_alteration", WORDS, nullable=False),
    Column("recorded_at", WORDS, nullable=False),
    Column("is_current", Boolean, nullable=False),
    Index("screening_by_sample", "sample_id"),
    Index("screening_by_patient", "patient_id"),
)
RESULT = Table(
    "result",
    METADATA,
    Column("screening_id", Integer, ForeignKey("screening.id"), primary_key=True, autoincrement=False),
    Column("packed", LargeBinary, nullable=False),
)
INPUT = Table(
    "input",
    METADATA,
    _of_screening(),
    Column("number", Integer, nullable=False),
    Column("sha256", DIGEST),
    Column("path", WORDS, nullable=False),
    Column("format", WORDS, nullable=False),
    Column("caller", WORDS),
    Column("assembly", WORDS),
    Column("complete", Boolean, nullable=False),
    PrimaryKeyConstraint("screening_id", "number"),
    Index("input_by_sha256", "sha256"),
    sqlite_with_rowid=False,
)
EVENT = Table(
    "event",
    METADATA,
    _of_screening(),
    Column("number", Integer, nullable=False),
    Column("event_id", WORDS, nullable=False),
    Column("gene", WORDS, nullable=False),
    Column("kind", WORDS, nullable=False),
    Column("alteration_class", WORDS, nullable=False),
    Column("category", WORDS, nullable=False),
    Column("outcome", WORDS, nullable=False),
    Column("confidence", WORDS, nullable=False),
    Column("name", WORDS, nullable=False),
    Column("partner", WORDS),
    Column("frame", WORDS),
    Column("protein_change", WORDS),
    Column("marks", WORDS, nullable=False),
    PrimaryKeyConstraint("screening_id", "number"),
    Index("event_by_class", "alteration_class", "gene"),
    Index("event_by_partner", "partner"),
    sqlite_with_rowid=False,
)
# Clustered by the question "who qualifies for X": one range of pages answers it.
OUTCOME = Table(
    "outcome",
    METADATA,
    Column("program_id", WORDS, nullable=False),
    Column("outcome", WORDS, nullable=False),
    _of_screening(),
    Column("genomic", WORDS, nullable=False),
    Column("tumor_type", WORDS, nullable=False),
    Column("clinical", WORDS, nullable=False),
    Column("status", WORDS, nullable=False),
    Column("events", WORDS, nullable=False),
    Column("missing", WORDS, nullable=False),
    PrimaryKeyConstraint("program_id", "outcome", "screening_id"),
    sqlite_with_rowid=False,
)
HISTORY = Table(
    "history",
    METADATA,
    Column("screening_id", Integer, ForeignKey("screening.id"), nullable=False),
    Column("recorded_at", WORDS, nullable=False),
    PrimaryKeyConstraint("screening_id", "recorded_at"),
    Index("history_by_time", "recorded_at"),
    sqlite_with_rowid=False,
)
CONTENT_TABLES = (INPUT, EVENT, OUTCOME)
