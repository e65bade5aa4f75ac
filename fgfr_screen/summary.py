"""The four patient-level questions (rules.md 1.3): events and what their absence is worth -> `Summary`."""

from collections.abc import Iterable, Mapping

from fgfr_screen.model import Event, Summary
from fgfr_screen.terms import AlterationClass, Category, EventKind, FgfrGene, Outcome, best

CATEGORY_KINDS: dict[Category, tuple[tuple[FgfrGene, EventKind], ...]] = {
    Category.FGFR2_FUSION_OR_REARRANGEMENT: ((FgfrGene.FGFR2, EventKind.REARRANGEMENT),),
    Category.FGFR2_AMPLIFICATION: ((FgfrGene.FGFR2, EventKind.COPY_NUMBER),),
    Category.FGFR3_ALTERATION: (
        (FgfrGene.FGFR3, EventKind.REARRANGEMENT),
        (FgfrGene.FGFR3, EventKind.SHORT_VARIANT),
    ),
    Category.OTHER_FGFR_ALTERATION: (
        (FgfrGene.FGFR1, EventKind.REARRANGEMENT),
        (FgfrGene.FGFR1, EventKind.COPY_NUMBER),
        (FgfrGene.FGFR1, EventKind.SHORT_VARIANT),
        (FgfrGene.FGFR2, EventKind.REARRANGEMENT),
        (FgfrGene.FGFR2, EventKind.SHORT_VARIANT),
        (FgfrGene.FGFR3, EventKind.COPY_NUMBER),
    ),
}
"""Question -> the kinds of event whose absence answers it."""


_OPEN_CLASSES = (AlterationClass.OTHER_STRUCTURAL_VARIANT, AlterationClass.NOT_ASSESSABLE)


def _leaves_open(event: Event, category: Category) -> bool:
    """Tell whether an event of another class may yet prove to be what the question asks for.

    The lone reciprocal product of FGFR2, or a break whose kept side is not known, is no qualifying rearrangement as it
    stands, and a copy number that cannot be read no amplification; what would settle it may show one, so that the question
    has no "no" before.
    """
    return (
        category is not Category.OTHER_FGFR_ALTERATION
        and (event.gene, event.kind) in CATEGORY_KINDS[category]
        and event.alteration_class in _OPEN_CLASSES
        and event.outcome in (Outcome.REVIEW, Outcome.UNDETERMINED)
    )


def _answer(category: Category, events: Iterable[Event]) -> Outcome:
    return best(*(event.outcome for event in events if event.category is category or _leaves_open(event, category)))


def summarise(events: Iterable[Event], absence: Mapping[tuple[FgfrGene, EventKind], Outcome]) -> Summary:
    """Answer each question by its best event, or by what silence is worth where that is better.

    Args:
        events: All events of the patient.
        absence: Gene and kind -> what not finding it is worth; a pair that is not there says nothing.
    """
    events = tuple(events)
    return Summary(
        **{
            category.value: best(
                _answer(category, events), *(absence[pair] for pair in CATEGORY_KINDS[category] if pair in absence)
            )
            for category in CATEGORY_KINDS
        }
    )
