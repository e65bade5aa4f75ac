"""496 Foundation Medicine breakpoint pairs (Zingg 2022) through the front door, each as a VCF and as a BEDPE.

The source gives positions and a class, not the kept sides; these are taken from the class: FGFR2 keeps its 5' part; an
in-strand partner keeps its 3' part and an out-of-strand partner its 5' part; for `intergenic RE` the source tells
nothing and RIGHT is taken; the other end of `re_internal` keeps LEFT, which makes a duplication of the exons up to
intron 17. A half position is an interval of two bases.

`python -m tests.foundation_pairs` prints the confusion table and every pair in frame whose frame we cannot tell. The
data lie beside the project and stay there.
"""

import csv
import math
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from fgfr_screen.coords import contig_length
from fgfr_screen.model import Event, Record
from fgfr_screen.reference import current_symbol, genes_of, genes_overlapping, transcripts_of
from fgfr_screen.screen import screen_sample
from fgfr_screen.terms import Assembly, Frame, Orientation

PAIRS_FILE = (
    Path(__file__).parents[2]
    / "shared"
    / "realdata"
    / "zingg2022_fmi_hmf"
    / "fmi_fgfr2_chr10_breakpoint_pairs.hg19.tsv"
)
IN_FRAME, IN_STRAND = "in-frame", "in-strand (frame-unknown)"
OUT_OF_STRAND, INTERGENIC, INTERNAL = "out-of-strand RE", "intergenic RE", "re_internal"
_CONTIG = "chr10"
_LEFT, _RIGHT = Orientation.LEFT, Orientation.RIGHT


class Pair(Record, frozen=True, kw_only=True):
    """One row: positions on chr10 of GRCh37 (a half = the middle of two bases), partner and class as in the source."""

    fgfr2_pos: float
    partner_pos: float
    partner: str
    source_class: str


def load_pairs() -> tuple[Pair, ...]:
    """Read the table; FGFR2 is the first gene of every row."""
    with PAIRS_FILE.open(encoding="utf-8", newline="") as stream:
        return tuple(
            Pair(
                fgfr2_pos=float(row["RE_pos1"]),
                partner_pos=float(row["RE_pos2"]),
                partner=row["gene2"],
                source_class=row["RE_FGFR2"],
            )
            for row in csv.DictReader(stream, delimiter="\t")
        )


def _strand(pair: Pair) -> str:
    """Return the strand of the partner: by name (the first of two, the last part of a read-through), else by place."""
    for name in (pair.partner, pair.partner.partition(";")[0], pair.partner.rpartition("-")[2]):
        models = transcripts_of(Assembly.GRCH37, current_symbol(name)) or genes_of(Assembly.GRCH37, name)
        if models:
            return models[0].strand
    place = math.floor(pair.partner_pos)
    return genes_overlapping(Assembly.GRCH37, _CONTIG, place, place)[0].strand


def partner_side(pair: Pair) -> Orientation:
    """Return the kept side of the partner that the class of the source means; RIGHT when nothing tells."""
    if pair.source_class == INTERNAL:
        return _LEFT
    if pair.source_class not in (IN_FRAME, IN_STRAND, OUT_OF_STRAND):
        return _RIGHT
    three_prime = _LEFT if _strand(pair) == "-" else _RIGHT
    return three_prime.opposite if pair.source_class == OUT_OF_STRAND else three_prime


def _alt(own: Orientation, mate: Orientation, mate_pos: float) -> str:
    bracket = "[" if mate is _RIGHT else "]"
    place = f"{bracket}{_CONTIG}:{math.floor(mate_pos)}{bracket}"
    return f"N{place}" if own is _LEFT else f"{place}N"


def vcf_text(pair: Pair) -> str:
    """Write a pair as two breakend records."""
    ends = (("f", pair.fgfr2_pos, _RIGHT), ("p", pair.partner_pos, partner_side(pair)))
    lines = [
        "##fileformat=VCFv4.3",
        f"##contig=<ID={_CONTIG},length={contig_length(Assembly.GRCH37, _CONTIG)}>",
        "\t".join(("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO")),
    ]
    for (name, pos, side), (mate, mate_pos, mate_side) in (ends, ends[::-1]):
        info = f"SVTYPE=BND;MATEID={mate}" + (";IMPRECISE;CIPOS=0,1" if pos % 1 else "")
        row = (_CONTIG, str(math.floor(pos)), name, "N", _alt(side, mate_side, mate_pos), ".", "PASS", info)
        lines.append("\t".join(row))
    return "\n".join(lines) + "\n"


def bedpe_text(pair: Pair) -> str:
    """Write a pair as one row of the GRIDSS dialect: half-open intervals, + keeps LEFT."""
    cells: list[str] = []
    for pos in (pair.fgfr2_pos, pair.partner_pos):
        cells += [_CONTIG, str(math.floor(pos) - 1), str(math.ceil(pos))]
    cells += ["pair", "1", "-", "+" if partner_side(pair) is _LEFT else "-"]
    return "##dialect=gridss\n##assembly=GRCh37\n" + "\t".join(cells) + "\n"


def screen_text(text: str, path: Path) -> tuple[Event, ...]:
    """Write a file and return what the front door makes of it; programmes are left out."""
    path.write_text(text, encoding="utf-8")
    report = screen_sample(path, programs=())
    return (*report.events, *report.silent_events)


def partner_gene(event: Event) -> str | None:
    """Return the gene that is joined to FGFR2; None = intergenic."""
    return event.three_prime.gene if event.three_prime is not None else None


def _table(events: Iterable[tuple[Pair, Event]]) -> Iterable[str]:
    counts = Counter(
        (pair.source_class, event.alteration_class.value, event.outcome.value, (event.frame or Frame.UNKNOWN).value)
        for pair, event in events
    )
    yield "source class\tour class\toutcome\tframe\tpairs"
    for cells, count in sorted(counts.items()):
        yield "\t".join((*cells, str(count)))


def main() -> int:
    """Print the confusion table of the VCF form; return 0."""
    pairs = load_pairs()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pair.vcf"
        found = [(pair, event) for pair in pairs for event in screen_text(vcf_text(pair), path)]
    print("\n".join(_table(found)))
    for pair, event in found:
        if pair.source_class == IN_FRAME and event.frame is not Frame.IN_FRAME:
            places = f"{pair.fgfr2_pos:.10g}\t{pair.partner_pos:.10g}\t{pair.partner}"
            print(f"not seen in frame\t{places}\t{event.frame}\t{event.frame_detail}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
