"""Sheets as PDF: what stands on them, and that nothing is loaded from anywhere."""

import http.server
import importlib
import io
import subprocess
import sys
import threading
from typing import Any

import pytest
from pypdf import PdfReader

from crm.errors import Refused
from crm.pdf import NO_PANGO, write_pdf


def read_text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_text_of_a_sheet_can_be_read_back() -> None:
    text = read_text(write_pdf("<p>38 of 100 knocks – Żółć &amp; Çelik</p>", ""))
    assert "38 of 100 knocks – Żółć & Çelik" in text


def test_it_is_written_in_the_type_of_the_pages() -> None:
    reader = PdfReader(io.BytesIO(write_pdf("<p>Knock</p>", "")))
    fonts = reader.pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    assert any("Public" in str(font.get_object()["/BaseFont"]) for font in fonts.values())


def test_no_address_is_asked_for_anything() -> None:
    asked: list[str] = []

    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    try:
        page = (
            f'<link rel="stylesheet" href="{address}/a.css"><img src="{address}/b.png"><img src="file:///etc/hostname">'
        )
        assert "Knock" in read_text(write_pdf(page + "<p>Knock</p>", f"body {{ background: url({address}/c.png) }}"))
    finally:
        server.shutdown()
        server.server_close()
    assert asked == []


def test_without_pango_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    cffi = importlib.import_module("cffi")

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError("cannot load library 'libpango-1.0-0'")

    monkeypatch.setattr(cffi.FFI, "dlopen", refuse)
    with pytest.raises(Refused, match="Pango"):
        write_pdf("<p>Knock</p>", "")
    assert "apt-get install" in NO_PANGO


def test_the_product_is_loaded_without_it() -> None:
    """Nothing imports WeasyPrint before somebody asks for a PDF."""
    code = "import sys, crm.pdf, crm.cli, crm.views.blueprints; print('weasyprint' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
