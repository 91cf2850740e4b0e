"""Pages for paper: HTML of our own as a PDF, made without asking anything of any address.

WeasyPrint draws it with Pango, a library of the operating system. Everything else works without it: whoever asks for a
PDF where it is missing is told what to install.
"""

import importlib
import logging
from pathlib import Path
from typing import Any

from crm.errors import Refused

FONTS = Path(__file__).parent / "static" / "vendor" / "public-sans"
SCHEME = "font:"
NO_PANGO = (
    "PDF files are drawn with Pango, which is not installed here. Choose Excel, or install it: "
    "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
)
# The type of the pages, so that a sheet looks the same wherever it was made. Two families, because WeasyPrint confuses
# the glyphs of two files of one family, and the text could not be read back.
FILES = {
    "Public Sans": "public-sans-latin-wght-normal.woff2",
    "Public Sans Ext": "public-sans-latin-ext-wght-normal.woff2",
}
FACES = "".join(
    f'@font-face {{ font-family: "{family}"; font-weight: 100 900; src: url("{SCHEME}{name}"); }}\n'
    for family, name in FILES.items()
)
FACES += 'body { font-family: "Public Sans", "Public Sans Ext", sans-serif; }\n'

logging.getLogger("weasyprint").setLevel(logging.ERROR)
logging.getLogger("fontTools").setLevel(logging.ERROR)


def write_pdf(html: str, styles: str) -> bytes:
    """The document as PDF. Only the fonts of the product are loaded; any address in `html` or `styles` is refused.

    Raises Refused where Pango is missing.
    """
    weasyprint = _load()

    class Fetcher(weasyprint.urls.URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            name = url.removeprefix(SCHEME)
            if url.startswith(SCHEME) and name in FILES.values():
                return weasyprint.urls.URLFetcherResponse(url, (FONTS / name).read_bytes())
            raise ValueError("a sheet loads nothing from anywhere")

    fetcher = Fetcher()
    fonts = weasyprint.text.fonts.FontConfiguration()
    sheet = weasyprint.CSS(string=FACES + styles, font_config=fonts, url_fetcher=fetcher)
    document = weasyprint.HTML(string=html, url_fetcher=fetcher)
    return document.write_pdf(stylesheets=[sheet], font_config=fonts)


def _load() -> Any:
    """WeasyPrint, which looks for Pango when it is loaded. That takes half a second, and nobody else waits for it."""
    try:
        return importlib.import_module("weasyprint")
    except OSError as error:
        raise Refused(NO_PANGO) from error
