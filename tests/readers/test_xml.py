"""XML is read without entities, recursion or network; every fault has its line."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from fgfr_screen.errors import InputError
from fgfr_screen.readers._open import OpenedInput
from fgfr_screen.readers._xml import Element, parse_xml, root_name

BOMB = b"""<?xml version="1.0"?>
<!DOCTYPE lolz [
 <!ENTITY lol "lol">
 <!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
]>
<ResultsReport>&lol2;</ResultsReport>"""
EXTERNAL = b"""<?xml version="1.0"?>
<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:9/secret">]>
<variant-report>&e;</variant-report>"""


def parsed(folder: Path, content: bytes) -> Element:
    path = folder / "report.xml"
    path.write_bytes(content)
    with OpenedInput(str(path)) as opened:
        return parse_xml(opened)


def refused(folder: Path, content: bytes) -> tuple[str, int | None, str]:
    with pytest.raises(InputError) as caught:
        parsed(folder, content)
    return caught.value.code, caught.value.line, caught.value.remedy


def test_namespaces_are_left_out_and_lines_are_kept(tmp_path: Path) -> None:
    root = parsed(tmp_path, b'<r:a xmlns:r="u">\n <b xmlns="v" r:k=" 1 "> t </b>\n</r:a>')
    (child,) = root.children
    assert (root.name, child.name, child.get("k"), child.text, child.line) == ("a", "b", "1", "t", 2)


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        (BOMB, "XML_DOCTYPE", 2),
        (EXTERNAL, "XML_DOCTYPE", 2),
        (b"<!DOCTYPE a><a/>", "XML_DOCTYPE", 1),
        (b"<a>\n&undefined;</a>", "XML_SYNTAX", 2),
        (b"<a/>\n<a/>", "XML_SYNTAX", 2),
        (b'<a k="1"\n k="2"/>', "XML_SYNTAX", 2),
        (b"<a>\n<b></a>", "XML_SYNTAX", 2),
        (b"<a>\n<b>", "TRUNCATED", 2),
        (b"<a>\n<b", "TRUNCATED", 2),
        (b'<?xml version="1.0"?>\n', "TRUNCATED", 2),
        (b"<a>\xff\xfe\xfa</a>", "BAD_ENCODING", 1),
        (b"<a>" * 100_000, "XML_TOO_DEEP", 1),
    ],
)
def test_a_fault_has_its_code_and_line(content: bytes, code: str, line: int, tmp_path: Path) -> None:
    found_code, found_line, remedy = refused(tmp_path, content)
    assert (found_code, found_line) == (code, line)
    assert remedy


def test_a_declared_encoding_is_used_only_where_utf8_fails(tmp_path: Path) -> None:
    wrong = '<?xml version="1.0" encoding="utf-16"?><a>é</a>'.encode()
    latin = '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'.encode("latin-1")
    chinese = '<?xml version="1.0" encoding="GB18030"?><a>胆管癌</a>'.encode("gb18030")
    texts = [parsed(tmp_path, content).text for content in (wrong, latin, chinese)]
    assert texts == ["é", "é", "胆管癌"]


def test_utf16_is_read(tmp_path: Path) -> None:
    assert parsed(tmp_path, '<?xml version="1.0" encoding="utf-16"?><a>é</a>'.encode("utf-16")).text == "é"


def test_a_text_of_12_mb_is_passed_over(tmp_path: Path) -> None:
    root = parsed(tmp_path, b"<a><pdf>" + b"A" * (12 << 20) + b"</pdf><b>after</b></a>")
    assert [child.text for child in root.children] == ["", "after"]


def test_too_many_elements_are_refused(tmp_path: Path) -> None:
    assert refused(tmp_path, b"<a>" + b"<b/>" * 300_001 + b"</a>")[0] == "XML_TOO_BIG"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b'<?xml version="1.0"?>\n<!-- a <b> --><r:ResultsReport xmlns:r="u">', "ResultsReport"),
        (b'<!DOCTYPE x [<!ENTITY e "<a>">]>\n<variant-report/>', "variant-report"),
        (b"<root>", "root"),
        (b'{"a": "<b>"}', None),
        (b"text <b>", None),
        (b"<", None),
        (b"<?xml", None),
        (b"<!-- never closed", None),
    ],
)
def test_the_root_is_told_without_parsing(head: bytes, name: str | None) -> None:
    assert root_name(head) == name


def test_hostile_documents_stay_within_300_mb(tmp_path: Path) -> None:
    """Each document is read by a process of its own, whose peak is measured."""
    documents = {
        "text": b"<a><pdf>" + b"A" * (12 << 20) + b"</pdf></a>",
        "deep": b"<a>" * 100_000,
        "wide": b"<a>" + b"<b k='v'/>" * 400_000 + b"</a>",
    }
    script = (
        "import resource, sys\n"
        "from fgfr_screen.errors import InputError\n"
        "from fgfr_screen.readers._open import OpenedInput\n"
        "from fgfr_screen.readers._xml import parse_xml\n"
        "try:\n    parse_xml(OpenedInput(sys.argv[1]))\nexcept InputError:\n    pass\n"
        "if sys.platform == 'linux':  # ru_maxrss there also counts the process that started this one\n"
        "    lines = open('/proc/self/status').read().splitlines()\n"
        "    print(next(line.split()[1] for line in lines if line.startswith('VmHWM')))\n"
        "else:\n"
        "    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    for name, content in documents.items():
        path = tmp_path / f"{name}.xml"
        path.write_bytes(content)
        done = subprocess.run(
            [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=True, timeout=60
        )
        unit = 1 if sys.platform == "darwin" else 1024
        assert int(done.stdout) * unit < 300 << 20, name
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss > 0
