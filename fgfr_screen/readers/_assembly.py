"""Clues of one file -> its assembly, or an error that names both facts. Serves every reader of genome coordinates.

Clues, from hardest to softest: the assembly's name in the header, contig lengths and accession contig names; bases of
REF inside FGFR1-3 coding exons, coordinates of genes that the file names, and RNA junctions that lie on the ends of
exons; places of other genes; a position past a contig's end. The last two are used only when nothing else speaks, because
one damaged row must not decide for a file. hg18 and T2T are recognised and refused.
"""

from collections.abc import Iterable

from fgfr_screen import coords, genes
from fgfr_screen.errors import AssemblyError
from fgfr_screen.model import AssemblyEvidence, Pos1
from fgfr_screen.reference import genes_of, transcripts_of
from fgfr_screen.terms import Assembly, FgfrGene

# FGFR3 in hg18 (UCSC knownGene span): far from both supported assemblies, so a hit tells hg18.
_HG18_FGFR3 = ("chr4", 1764836, 1780395)
# Three agreeing bases have a chance of 1 in 64 to agree by accident, and no base may disagree.
_BASES_THAT_DECIDE = 3
# Of the places of named genes that fit one assembly only: retired symbols and wrong rows are few.
_SHARE_THAT_DECIDES = 0.9
# Symbols that have moved between gene models make a few junctions fit the wrong assembly alone.
_JUNCTIONS_FOR_ONE_AGAINST = 10
# One position in a hundred lies on the end of an exon by accident; one junction alone is believed when nothing else speaks.
_JUNCTIONS_THAT_CONTRADICT = 2
_REFUSED = {"hg18": "HG18_REFUSED", "T2T-CHM13": "T2T_REFUSED"}
NOTHING_DECIDES = "nothing decides"


class AssemblyClues:
    """Collects what a file says about its assembly, then settles it.

    Attributes:
        option: Assembly named by the user, or None.
    """

    def __init__(self, path: str, option: Assembly | None = None) -> None:
        """Start without clues; `path` is for messages."""
        self.option = option
        self._path = path
        self._facts: dict[str, dict[str, str]] = {}
        self._past_end: dict[Assembly, str] = {}
        self._places: dict[Assembly, int] = dict.fromkeys(Assembly, 0)
        self._agreeing: dict[Assembly, int] = dict.fromkeys(Assembly, 0)
        self._disagreeing: dict[Assembly, int] = dict.fromkeys(Assembly, 0)
        self._junctions: dict[Assembly, dict[tuple[str, int], str]] = {assembly: {} for assembly in Assembly}

    def add_name(self, text: str, line: int | None = None) -> None:
        """Take free text of a header that may name an assembly (`GRCh37`, `hs37d5.fa`)."""
        name = coords.assembly_from_name(text)
        if name is not None:
            self._add(str(name), "header", f"the header says {text.strip()[:80]!r}{_at(line)}")

    def add_contig(self, name: str, length: int | None = None, line: int | None = None) -> None:
        """Take a contig's name (accessions prove an assembly) and, where given, its length in bases."""
        proven = coords.contig_assembly(name)
        if proven is not None:
            self._add(proven, "contig_names", f"contig {name} belongs to {proven}{_at(line)}")
        contig = coords.normalise_contig(name)
        by_length = None if length is None or contig is None else coords.assembly_of_length(contig, length)
        if by_length is not None:
            self._add(by_length, "contig_lengths", f"contig {name} of {length} bases is that of {by_length}{_at(line)}")

    def add_base(self, contig: str, pos: Pos1, ref: str) -> None:
        """Take the REF of a record; positions outside FGFR1-3 coding exons say nothing."""
        for assembly, agrees in ref_base_votes(contig, pos, ref).items():
            counts = self._agreeing if agrees else self._disagreeing
            counts[assembly] += 1

    def add_gene_position(self, gene: FgfrGene, contig: str, start: Pos1, end: Pos1, line: int | None = None) -> None:
        """Take the place of a gene that the file itself names, when it fits exactly one assembly."""
        fits = [str(a) for a in Assembly if _overlaps(coords.fgfr_window(gene, a), contig, start, end)]
        if gene is FgfrGene.FGFR3 and _overlaps(_HG18_FGFR3, contig, start, end):
            fits.append("hg18")
        if len(fits) == 1:
            fact = f"{gene} at {contig}:{start}-{end}{_at(line)} lies where {fits[0]} has it"
            self._add(fits[0], "gene_coordinates", fact)

    def add_splice_site(self, word: str, contig: str, start: Pos1, end: Pos1, line: int | None = None) -> None:
        """Take an RNA junction, exact or an interval, with the gene that the file names there."""
        fits = [assembly for assembly, fit in splice_site_votes(word, contig, start, end).items() if fit]
        if len(fits) == 1:
            fact = f"the {word} junction at {contig}:{start}{_at(line)} lies on the end of an exon of {fits[0]}"
            # One junction counts once, in however many rows it stands.
            self._junctions[fits[0]].setdefault((contig, start), fact)

    def add_named_place(self, symbols: Iterable[str], contig: str, low: Pos1, high: Pos1) -> None:
        """Take the place of any gene that the file names; it counts when only one assembly has the gene there."""
        fits = [one for one in Assembly if any(_lies_in_gene(one, symbol, contig, low, high) for symbol in symbols)]
        if len(fits) == 1:
            self._places[fits[0]] += 1

    def add_position(self, contig: str, pos: Pos1, line: int | None = None) -> None:
        """Take any position: one past a contig's end excludes an assembly."""
        shortest = coords.shortest_length(contig)
        if shortest is None or pos <= shortest:
            return
        for assembly in Assembly:
            length = coords.contig_length(assembly, contig)
            if length is not None and pos > length:
                fact = f"{contig}:{pos}{_at(line)} lies past the end of that contig in {assembly}"
                self._past_end.setdefault(assembly, fact)

    def settle(self) -> AssemblyEvidence:
        """Decide.

        Returns:
            The assembly with all facts; `name` None and source `nothing decides` when there is no clue.

        Raises:
            AssemblyError: Two facts contradict each other, or a fact contradicts the user (ASSEMBLY_CONFLICT); the file
                is hg18 (HG18_REFUSED) or T2T-CHM13 (T2T_REFUSED).
        """
        self._count_bases()
        self._count_junctions()
        if self.option is not None:
            self._add(self.option, "option", f"the user says {self.option}")
        if len(self._facts) > 1:
            told = "; but ".join(next(iter(facts.values())) for facts in self._facts.values())
            remedy = "find out which assembly the coordinates are in; mixed files cannot be read"
            raise AssemblyError(f"the assembly is contradictory: {told}", remedy=remedy, path=self._path)
        if not self._facts:
            return self._from_places() or self._from_past_end()
        name, facts = next(iter(self._facts.items()))
        if name in _REFUSED:
            reason = f"the coordinates are {name}, which is not read: {'; '.join(facts.values())}"
            remedy = "call the sample again, or lift it over, on GRCh37 or GRCh38"
            raise AssemblyError(reason, remedy=remedy, path=self._path, code=_REFUSED[name])
        return AssemblyEvidence(name=Assembly(name), source=next(iter(facts)), evidence=tuple(facts.values()))

    def require(self, settled: AssemblyEvidence, line: int | None = None) -> Assembly:
        """Return the assembly's name when a record in or near FGFR1-3 needs it.

        Raises:
            AssemblyError: It could not be told (ASSEMBLY_UNKNOWN).
        """
        if settled.name is not None:
            return settled.name
        reason = "a record may lie in FGFR1, FGFR2 or FGFR3, but nothing in the file tells its assembly"
        remedy = "name it with --assembly GRCh37 or --assembly GRCh38"
        raise AssemblyError(reason, remedy=remedy, path=self._path, line=line, code="ASSEMBLY_UNKNOWN")

    def _add(self, name: str, source: str, fact: str) -> None:
        self._facts.setdefault(str(name), {}).setdefault(source, fact)

    def _count_bases(self) -> None:
        for assembly in Assembly:
            agreeing, others = self._agreeing[assembly], [a for a in Assembly if a is not assembly]
            is_rival = any(self._agreeing[other] and not self._disagreeing[other] for other in others)
            if agreeing >= _BASES_THAT_DECIDE and not self._disagreeing[assembly] and not is_rival:
                fact = f"{agreeing} REF bases inside FGFR coding exons agree with {assembly} and none disagrees"
                self._add(assembly, "reference_bases", fact)

    def _count_junctions(self) -> None:
        for assembly, facts in self._junctions.items():
            against = sum(len(others) for rival, others in self._junctions.items() if rival is not assembly)
            is_enough = len(facts) >= _JUNCTIONS_THAT_CONTRADICT or not (self._facts or self.option)
            if facts and is_enough and len(facts) >= _JUNCTIONS_FOR_ONE_AGAINST * against:
                self._add(assembly, "splice_sites", next(iter(facts.values())))

    def _from_places(self) -> AssemblyEvidence | None:
        """Return the assembly that the places of named genes tell when nearly all agree."""
        total = sum(self._places.values())
        for assembly, count in self._places.items():
            if count and count >= total * _SHARE_THAT_DECIDES:
                fact = f"{count} of {total} named genes lie where only {assembly} has them"
                return AssemblyEvidence(name=assembly, source="gene_places", evidence=(fact,))
        return None

    def _from_past_end(self) -> AssemblyEvidence:
        left = [assembly for assembly in Assembly if assembly not in self._past_end]
        if len(left) == 1 and self._past_end:
            return AssemblyEvidence(name=left[0], source="contig_end", evidence=tuple(self._past_end.values()))
        return AssemblyEvidence(name=None, source=NOTHING_DECIDES)


def ref_base_votes(contig: str, pos: Pos1, ref: str) -> dict[Assembly, bool]:
    """Compare the first base of REF with the FGFR1-3 coding sequences.

    Args:
        contig: Normalised contig (`chr10`).
        pos: 1-based position of the first base of `ref`, forward strand.
        ref: Reference bases as in a VCF.

    Returns:
        For each assembly in which `pos` lies in an FGFR1-3 coding exon, whether the base agrees; N and other codes are
        left out.
    """
    from fgfr_screen.isoforms import coding_base

    base = ref[:1].upper()
    known = {assembly: coding_base(assembly, contig, pos) for assembly in Assembly} if base in "ACGT" and base else {}
    return {assembly: expected == base for assembly, expected in known.items() if expected is not None}


def splice_site_votes(word: str, contig: str, start: Pos1, end: Pos1) -> dict[Assembly, bool]:
    """Tell for each assembly whether an exon of the named gene begins or ends in an interval.

    Args:
        word: Gene as the source names it.
        contig: Normalised contig (`chr10`).
        start: First base where the junction may be, 1-based.
        end: Last base where it may be.

    Returns:
        A value for each assembly; all False for a gene without a model.
    """
    symbol = genes.resolve(word).symbol
    return {
        assembly: any(
            transcript.contig == contig and any(start <= edge <= end for edge in edges)
            for transcript in (transcripts_of(assembly, symbol) if symbol is not None else ())
            for edges in (transcript.exon_starts, transcript.exon_ends)
        )
        for assembly in Assembly
    }


def _lies_in_gene(assembly: Assembly, symbol: str, contig: str, low: int, high: int) -> bool:
    spans = [(one.contig, one.tx_start, one.tx_end) for one in transcripts_of(assembly, symbol)]
    spans += [(one.contig, one.start, one.end) for one in genes_of(assembly, symbol)]
    return any(name == contig and low <= end and high >= start for name, start, end in spans)


def _overlaps(window: tuple[str, int, int], contig: str, start: int, end: int) -> bool:
    return window[0] == contig and start <= window[2] and end >= window[1]


def _at(line: int | None) -> str:
    return "" if line is None else f" (line {line})"
