"""Draw the README's picture: the head of the report on the bundled patient, as SVG text.

Usage: `python -m tools.draw_report` writes `docs/report.svg`; a test holds the file against a fresh drawing.
"""

from pathlib import Path
from xml.sax.saxutils import escape

from fgfr_screen.report import text
from fgfr_screen.screen import screen_sample

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "report.svg"
LINES = 46
LINE_HEIGHT, LEFT, TOP, WIDTH = 17, 18, 34, 760
_STRONG = ("YES", "REVIEW", "FGFR SCREENING REPORT", "ANSWER", "EVENTS", "PROGRAMMES")


def demo_report() -> str:
    """Return the text report on the bundled patient."""
    demo = Path("fixtures/demo")
    report = screen_sample(
        demo / "tumor.sv.vcf", demo / "report.json", clinical=str(demo / "clinical.toml"), sample_id="DEMO-1"
    )
    return text.render(report)


def draw(report: str) -> str:
    """Return the first lines of a report as an SVG of a terminal."""
    lines = report.splitlines()[:LINES]
    height = TOP + LINE_HEIGHT * (len(lines) + 1)
    rows = []
    for number, line in enumerate(lines):
        weight = ' font-weight="bold"' if line.strip().startswith(_STRONG) or " YES" in line else ""
        y = TOP + LINE_HEIGHT * number
        rows.append(f'<text x="{LEFT}" y="{y}"{weight} xml:space="preserve">{escape(line)}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" role="img">'
        "<title>fgfr-screen report on the bundled patient</title>"
        f'<rect width="{WIDTH}" height="{height}" rx="6" fill="#fbfbf8" stroke="#c8c8c0"/>'
        '<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="13" fill="#1c1c1a">'
        + "".join(rows)
        + "</g></svg>\n"
    )


def main() -> None:
    """Write the picture."""
    TARGET.write_text(draw(demo_report()), encoding="utf-8")


if __name__ == "__main__":
    main()
