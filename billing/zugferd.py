"""Decides how a PDF/A-3 names itself a ZUGFeRD/Factur-X file, and whether a finished file really is one."""

import io
import re
from typing import TYPE_CHECKING, Any

from lxml import etree

if TYPE_CHECKING:
    import pikepdf

FX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
AIIM = "http://www.aiim.org/pdfa/ns/"
EXTENSION, SCHEMA, PROPERTY = f"{AIIM}extension/", f"{AIIM}schema#", f"{AIIM}property#"
PDFA_ID, PDFUA_ID = f"{AIIM}id/", "http://www.aiim.org/pdfua/ns/id/"
UNCHECKABLE = {  # optional remarks of the typesetter that no rule asks for and the checker cannot judge
    "{http://ns.adobe.com/xap/1.0/t/pg/}NPages",
    "{http://ns.adobe.com/xap/1.0/mm/}History",
}
METADATA = re.compile(
    rb"(?P<number>\d+) 0 obj\n<</Length \d+/Type/Metadata/Subtype/XML>>\nstream\n(?P<xmp>.*?)(?=\nendstream)", re.DOTALL
)
TABLE = re.compile(rb"xref\n0 (?P<count>\d+)\n")
ENTRY = 20  # bytes of a line in the table of objects
PROPERTIES = {
    "DocumentFileName": "name of the embedded XML file",
    "DocumentType": "INVOICE",
    "Version": "version of the XML schema",
    "ConformanceLevel": "profile of the XML data",
}


def marked(pdf: bytes, *, file_name: str, xrechnung: bool) -> bytes:
    """Add the ZUGFeRD properties and their PDF/A extension schema to the XMP metadata of a file fresh from the typesetter.

    Two optional remarks that no checker can judge go. The metadata are exchanged byte by byte, which takes a tenth of the time
    that a PDF library needs to write the whole file again.
    """
    values = {
        "DocumentFileName": file_name,
        "DocumentType": "INVOICE",
        "Version": "3.0" if xrechnung else "1.0",
        "ConformanceLevel": "XRECHNUNG" if xrechnung else "EN 16931",
    }
    found = METADATA.search(pdf)
    if found is None:
        raise ValueError("The typesetter writes its metadata differently now.")
    meta = etree.fromstring(found["xmp"])
    rdf = meta.find(f"{{{RDF}}}RDF")
    assert rdf is not None  # noqa: S101 - the typesetter always writes it
    rdf.append(_values(values))
    _declare(rdf)
    _drop(meta, UNCHECKABLE)
    packet = _packet(meta)
    written = b"%d 0 obj\n<</Length %d/Type/Metadata/Subtype/XML>>\nstream\n%b" % (int(found["number"]), len(packet), packet)
    return _exchanged(pdf, found.start(), found.end("xmp"), written)


def problems(pdf: bytes) -> list[str]:
    """What keeps the file from being a tagged PDF/A-3 with ZUGFeRD data; empty when it is one.

    The checker knows level B and no extension schemas, so level A (tags, language) and the schemas are looked at here and taken
    out of a copy; all else must pass strictly.
    """
    import pikepdf  # 25 MB that making documents does without
    from pikepdf import pdfa

    with pikepdf.open(io.BytesIO(pdf)) as file:
        meta = etree.fromstring(file.Root.Metadata.read_bytes())
        found = _metadata_problems(file, meta)
        if "/StructTreeRoot" not in file.Root or not file.Root.get("/Lang") or not file.Root.MarkInfo.Marked:
            found.append("The file is not tagged or has no language.")
        if meta.findtext(f".//{{{PDFA_ID}}}conformance") != "A" or meta.findtext(f".//{{{PDFUA_ID}}}part") != "1":
            found.append("The file does not claim PDF/A-3a and PDF/UA-1.")
        _without_extensions(meta)
        _drop_glyph_lists(file)
        file.Root.Metadata = pikepdf.Stream(file, _packet(meta), Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
        report = pdfa.check(file, "3b")
        return found + [str(item) for item in (*report.violations, *report.unsupported)]


def attachment(pdf: bytes) -> tuple[str, bytes]:
    """Name and content of the XML inside."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as file:
        name = next(iter(file.attachments))
        return name, file.attachments[name].get_file().read_bytes()


def _values(values: dict[str, str]) -> Any:
    block = _description({"fx": FX})
    for name, value in values.items():
        etree.SubElement(block, f"{{{FX}}}{name}").text = value
    return block


def _declare(rdf: Any) -> None:
    """PDF/A wants every property of a foreign schema declared; join the list of schemas the typesetter already wrote, if any."""
    bag = rdf.find(f".//{{{EXTENSION}}}schemas/{{{RDF}}}Bag")
    if bag is None:
        block = _description({"pdfaExtension": EXTENSION, "pdfaSchema": SCHEMA, "pdfaProperty": PROPERTY})
        bag = etree.SubElement(etree.SubElement(block, f"{{{EXTENSION}}}schemas"), f"{{{RDF}}}Bag")
        rdf.append(block)
    schema = _resource(bag, {"schema": "Factur-X PDFA Extension Schema", "namespaceURI": FX, "prefix": "fx"}, SCHEMA)
    listed = etree.SubElement(etree.SubElement(schema, f"{{{SCHEMA}}}property"), f"{{{RDF}}}Seq")
    for name, text in PROPERTIES.items():
        _resource(listed, {"name": name, "valueType": "Text", "category": "external", "description": text}, PROPERTY)


def _resource(parent: Any, values: dict[str, str], space: str) -> Any:
    item = etree.SubElement(parent, f"{{{RDF}}}li", {f"{{{RDF}}}parseType": "Resource"})
    for name, value in values.items():
        etree.SubElement(item, f"{{{space}}}{name}").text = value
    return item


def _description(spaces: dict[str, str]) -> Any:
    return etree.Element(f"{{{RDF}}}Description", {f"{{{RDF}}}about": ""}, nsmap={"rdf": RDF, **spaces})


def _metadata_problems(file: "pikepdf.Pdf", meta: Any) -> list[str]:
    values = {name: meta.findtext(f".//{{{FX}}}{name}") for name in PROPERTIES}
    declared = {item.text for item in meta.iter(f"{{{PROPERTY}}}name")}
    found = [f"XMP: fx:{name} is missing or not declared." for name in PROPERTIES if not values[name] or name not in declared]
    if [values["DocumentFileName"]] != list(file.attachments):
        found.append("XMP names another file than the one attached.")
    if "/AF" not in file.Root or str(file.Root.AF[0].AFRelationship) != "/Alternative":
        found.append("The XML is not attached as the alternative of the document.")
    return found


def _without_extensions(meta: Any) -> None:
    _drop(meta, {f"{{{FX}}}{name}" for name in PROPERTIES} | {f"{{{EXTENSION}}}schemas", f"{{{PDFUA_ID}}}part"})
    for level in meta.iter(f"{{{PDFA_ID}}}conformance"):
        level.text = "B"


def _drop(meta: Any, tags: set[str]) -> None:
    """Remove these properties, and the description that then says nothing."""
    for child in list(meta.iter(*tags)):
        block = child.getparent()
        block.remove(child)
        if len(block) == 0:
            block.getparent().remove(block)
    etree.cleanup_namespaces(meta)


def _drop_glyph_lists(file: "pikepdf.Pdf") -> None:
    """They are optional, and the checker cannot judge them."""
    for page in file.pages:
        for font in page.resources.get("/Font", {}).values():
            for face in font.get("/DescendantFonts", []):
                if "/CIDSet" in face.FontDescriptor:
                    del face.FontDescriptor.CIDSet


def _packet(meta: Any) -> bytes:
    return b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n' + etree.tostring(meta) + b'\n<?xpacket end="w"?>'


def _exchanged(pdf: bytes, start: int, end: int, written: bytes) -> bytes:
    """The file with other bytes from `start` to `end`, and the table of where each object begins put right behind them."""
    moved = len(written) - (end - start)
    begin = int(pdf[pdf.rindex(b"startxref") + 9 :].split()[0])
    head = TABLE.match(pdf, begin)
    if head is None or begin < end:
        raise ValueError("The typesetter writes its table of objects differently now.")
    stop = head.end() + ENTRY * int(head["count"])
    entries = [pdf[place : place + ENTRY] for place in range(head.end(), stop, ENTRY)]
    table = b"".join(b"%010d%b" % (int(row[:10]) + moved, row[10:]) if int(row[:10]) > start else row for row in entries)
    trailer = pdf[stop : pdf.rindex(b"startxref")]
    return b"".join((pdf[:start], written, pdf[end:begin], head[0], table, trailer, b"startxref\n%d\n%%%%EOF" % (begin + moved)))
