"""The process that takes the XML out of a PDF that came in: alone, with little memory and time, for a PDF can be made to burst.

The PDF comes in on stdin, the XML goes out on stdout; nothing goes out when there is none. It ends with the answer.
"""

import io
import resource
import sys
import zlib

import pikepdf

#: the names under which ZUGFeRD, Factur-X and XRechnung keep their data
NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
MEMORY, SECONDS, LARGEST = 1024 * 1024 * 1024, 15, 5 * 1024 * 1024


def xml_of(pdf: bytes) -> bytes:
    """The invoice's data inside a hybrid PDF; empty when it carries none. Raises what the library raises for a broken PDF."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        for name, spec in file.attachments.items():
            if name.lower() in NAMES:
                return _unpacked(spec.get_file().obj)
    return b""


def _unpacked(stream: pikepdf.Object) -> bytes:
    """Plain or deflated; never more than may be, however much is packed in it."""
    raw, filters = stream.read_raw_bytes(), stream.get("/Filter")
    names = [str(one) for one in filters] if isinstance(filters, pikepdf.Array) else [str(filters)] if filters is not None else []
    if names == ["/FlateDecode"]:
        raw = zlib.decompressobj().decompress(raw, LARGEST + 1)
    elif names:
        return b""
    return raw if len(raw) <= LARGEST else b""


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    sys.stdout.buffer.write(xml_of(sys.stdin.buffer.read()))
