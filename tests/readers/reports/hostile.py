"""Reports that are no reports: what a form may meet that was damaged, cut, or made to do harm."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

MEGABYTES_12 = 12 << 20

_SCRIPT = """
import resource, sys, time
from fgfr_screen.errors import InputError
from fgfr_screen.intake import ScreenOptions, read_inputs
options = ScreenOptions(input_format=sys.argv[1] or None)
for path in sys.argv[2:]:
    start = time.process_time()
    try:
        (content,) = read_inputs([path], options)
        outcome = f"{len(content.calls)} calls"
    except InputError as error:
        outcome = error.code
    print(path, outcome, time.process_time() - start, sep="\\t")
if sys.platform == "linux":  # ru_maxrss there also counts the process that started this one
    lines = open("/proc/self/status").read().splitlines()
    print(next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM")))
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def with_member(report: str, member: str) -> str:
    """Return a JSON report with one more member at the end of its outermost object."""
    end = report.rindex("}")
    return f"{report[:end]}, {member}{report[end:]}"


def with_child(report: str, child: str) -> str:
    """Return an XML report with one more child at the end of its outermost element."""
    end = report.rindex("</")
    return report[:end] + child + report[end:]


def with_doctype(report: str, doctype: str, child: str = "") -> str:
    """Return an XML report behind a document type."""
    return doctype + with_child(re.sub(r"^\s*<\?xml.*?\?>", "", report), child)


def json_refusals(report: str) -> Iterator[tuple[str, str, str]]:
    """Yield name, document and code of what every JSON form has to refuse."""
    yield "equal keys", with_member(report, '"x": 1, "x": 2'), "DUPLICATE_KEY"
    yield "equal keys, one escaped", with_member(report, '"x": 1, "\\u0078": 2'), "DUPLICATE_KEY"
    yield "equal keys inside", with_member(report, '"x": [{"y": {"z": 1, "z": 1}}]'), "DUPLICATE_KEY"
    yield "100,000 levels", with_member(report, '"x": ' + "[" * 100_000 + "]" * 100_000), "JSON_TOO_DEEP"
    yield "100,000 levels left open", with_member(report, '"x": ' + '{"y":' * 100_000), "JSON_TOO_DEEP"
    yield "not a number", with_member(report, '"x": NaN'), "JSON_NAN"
    yield "infinite", with_member(report, '"x": 1e999'), "JSON_NUMBER"
    yield "12 million digits", with_member(report, '"x": ' + "1" * MEGABYTES_12), "JSON_NUMBER"
    yield "half a character", with_member(report, '"x": "\\ud83d"'), "JSON_SURROGATE"
    yield "cut", report[: report.rindex("}")], "JSON_SYNTAX"
    yield "two documents", report + "\n{}", "JSON_SYNTAX"


def xml_refusals(report: str) -> Iterator[tuple[str, str | bytes, str]]:
    """Yield name, document and code of what every XML form has to refuse."""
    name = re.sub(r"^\s*<\?xml.*?\?>\s*", "", report).partition(">")[0].split()[0].removeprefix("<")
    entities = '<!ENTITY a "lol">' + "".join(
        f'<!ENTITY a{n} "{"&a" + str(n - 1 or "") + ";" * 10}">' for n in range(1, 9)
    )
    yield "entity bomb", with_doctype(report, f"<!DOCTYPE {name} [{entities}]>", "<z>&a8;</z>"), "XML_DOCTYPE"
    external = f'<!DOCTYPE {name} [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    yield "external entity", with_doctype(report, external, "<z>&e;</z>"), "XML_DOCTYPE"
    yield "document type", with_doctype(report, f"<!DOCTYPE {name}>"), "XML_DOCTYPE"
    yield (
        "external document type",
        with_doctype(report, f'<!DOCTYPE {name} SYSTEM "http://127.0.0.1:9/x">'),
        "XML_DOCTYPE",
    )
    yield "equal attributes", with_child(report, '<z k="1" k="2"/>'), "XML_SYNTAX"
    yield "100,000 levels", with_child(report, "<z>" * 100_000 + "</z>" * 100_000), "XML_TOO_DEEP"
    yield "too many elements", with_child(report, "<z/>" * 310_000), "XML_TOO_BIG"
    yield "cut", report[: report.rindex("</") + 3], "TRUNCATED"
    yield "two documents", report + "<z/>", "XML_SYNTAX"
    yield "wrong encoding", with_child(report, "<z>é</z>").encode("latin-1"), "BAD_ENCODING"


def json_burdens(report: str) -> Iterator[tuple[str, str | bytes]]:
    """Yield name and document of what changes nothing in a JSON report, but costs time or memory."""
    yield "12 MB of text", with_member(report, '"x": "' + "A" * MEGABYTES_12 + '"')
    yield "12 MB of escapes", with_member(report, '"x": "' + "\\n" * (MEGABYTES_12 // 2) + '"')
    yield "12 MB of quotes", with_member(report, '"x": "' + '\\"' * (MEGABYTES_12 // 2) + '"')
    yield "12 MB of brackets in a text", with_member(report, '"x": "' + "[" * MEGABYTES_12 + '"')
    yield "12 MB of line ends", with_member(report, "\n" * MEGABYTES_12 + '"x": 1')
    yield "a number of 12 million digits", with_member(report, '"x": 0.' + "1" * MEGABYTES_12)
    yield "99 levels", with_member(report, '"x": ' + "[" * 99 + "]" * 99)
    yield "UTF-16", report.encode("utf-16")


def xml_burdens(report: str) -> Iterator[tuple[str, str]]:
    """Yield name and document of what changes nothing in an XML report, but costs time or memory."""
    yield "12 MB of text", with_child(report, "<z>" + "A" * MEGABYTES_12 + "</z>")
    yield "12 MB in an attribute", with_child(report, '<z k="' + "A" * MEGABYTES_12 + '"/>')
    yield "12 MB of comment", with_child(report, "<!--" + "A" * MEGABYTES_12 + "-->")
    yield "290,000 elements", with_child(report, '<z k="1"/>' * 290_000)
    yield "190 levels", with_child(report, "<z>" * 190 + "</z>" * 190)
    names = [f"{'n' * 8000}{number}" for number in range(150)]
    opened = "".join(f"<{name}>" for name in names) + "<z/>" * 20_000
    yield "long names in each other", with_child(report, opened + "".join(f"</{name}>" for name in reversed(names)))


def read_apart(paths: list[Path], input_format: str = "") -> tuple[dict[str, tuple[str, float]], int]:
    """Read files in a process of its own.

    Args:
        paths: Files with different names.
        input_format: Name of their reader; "" = told by their start.

    Returns:
        Outcome and processor seconds by name, and the most memory that the process held, in bytes.
    """
    command = [sys.executable, "-c", _SCRIPT, input_format, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    *rows, peak = done.stdout.splitlines()
    found = {Path(path).name: (outcome, float(seconds)) for path, outcome, seconds in (row.split("\t") for row in rows)}
    return found, int(peak)
