"""Small workbooks of the formats for which there is no writer: OpenDocument, and Excel's binary ones."""

import io
import struct
import zipfile
from typing import Any

import xlwt


def make_xls(*rows: list[Any], hidden: tuple[int, ...] = (), sheet: str = "List") -> bytes:
    """`hidden` are indexes of rows. A date is written as one."""
    book = xlwt.Workbook()
    page = book.add_sheet(sheet)
    days = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if hasattr(value, "year"):
                page.write(number, column, value, days)
            elif value is ValueError:
                page.row(number).set_cell_error(column, 0x2A)
            else:
                page.write(number, column, value)
        if number in hidden:
            page.row(number).hidden = True
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def make_ods(*rows: list[Any], hidden: tuple[int, ...] = (), sheet: str = "List") -> bytes:
    def cell(value: Any) -> str:
        if value is None or value == "":
            return "<table:table-cell/>"
        if value is ValueError:
            return (
                '<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value="" '
                'calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
            )
        if hasattr(value, "year"):
            return (
                f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}">'
                f"<text:p>{value:%m/%d/%y}</text:p></table:table-cell>"
            )
        if isinstance(value, int | float):
            return (
                f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p>'
                "</table:table-cell>"
            )
        return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'

    tags = ["<table:table-row>", '<table:table-row table:visibility="collapse">']
    body = "".join(f"{tags[n in hidden]}{''.join(map(cell, row))}</table:table-row>" for n, row in enumerate(rows))
    names = ("office", "table", "text")
    spaces = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names)
    content = (
        f'<?xml version="1.0"?><office:document-content{spaces} '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="{sheet}">{body}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return data.getvalue()


def make_xlsb(*rows: list[Any], hidden: tuple[int, ...] = (), sheet: str = "List") -> bytes:
    """By the records of MS-XLSB: texts, numbers and errors only."""

    def record(kind: int, content: bytes = b"") -> bytes:
        head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
        size = len(content)
        return head + (bytes([size]) if size < 128 else bytes([size & 0x7F | 0x80, size >> 7])) + content

    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    def cell(column: int, value: Any) -> bytes:
        start = struct.pack("<II", column, 0)
        if value is ValueError:
            return record(3, start + b"\x2a")
        if isinstance(value, int | float):
            return record(5, start + struct.pack("<d", value))
        return record(6, start + wide(value))

    width = max(map(len, rows))
    body = b"".join(
        record(
            0, struct.pack("<IIHBBBI", n, 0, 300, 0, 0x10 if n in hidden else 0, 0, 1) + struct.pack("<II", 0, width)
        )
        + b"".join(cell(column, value) for column, value in enumerate(row) if value not in (None, ""))
        for n, row in enumerate(rows)
    )
    page = (
        record(129)
        + record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, width - 1))
        + record(145) + body + record(146) + record(130)
    )  # fmt: skip
    book = record(131) + record(143) + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide(sheet))
    book += record(144) + record(132)
    link = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet1.bin"/></Relationships>'
    )
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/_rels/workbook.bin.rels", link)
        archive.writestr("xl/worksheets/sheet1.bin", page)
    return data.getvalue()
