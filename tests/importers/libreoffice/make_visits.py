"""Makes the workbook from which LibreOffice made those beside this file; see README.md.

python make_visits.py visits.xlsx
"""

import sys
from datetime import date, datetime, time
from typing import Any

import xlsxwriter

ROWS: list[tuple[Any, ...]] = [
    (1, "Harbor Bäckerei", "Boston", 2134, "617-555-0117", date(2026, 3, 5), datetime(2026, 3, 5, 14, 30), time(1, 30),
     24, 0.125, 21.5),
    (2, "Okafor & Söhne", "Renton", 98057, 4255550199, date(2026, 12, 31), datetime(2026, 12, 31), time(0, 45),
     None, 0.1 + 0.2, 1250),
    (3, "None", "Everett", 98201, "425-555-0100", date(1999, 1, 2), datetime(1999, 1, 2, 0, 0, 1), time(0, 5),
     180, 1, 18.333333333333332),
    (4, "Hidden Valley Farm", "Lynn", 1901, "", date(2026, 2, 28), datetime(2026, 2, 28, 23, 59, 59), time(2, 0),
     3, 0, 15),
]  # fmt: skip

with xlsxwriter.Workbook(sys.argv[1]) as book:
    cover = book.add_worksheet("Read me")
    cover.write("A1", "Visits of the first quarter, exported for the region")
    page = book.add_worksheet("Visits")
    day = book.add_format({"num_format": "m/d/yyyy"})
    long_day = book.add_format({"num_format": "d mmm yyyy"})
    stamp = book.add_format({"num_format": "m/d/yyyy h:mm AM/PM"})
    clock = book.add_format({"num_format": "h:mm"})
    zip5 = book.add_format({"num_format": "00000"})
    percent = book.add_format({"num_format": "0.0%"})
    money = book.add_format({"num_format": "$#,##0.00"})
    head = book.add_format({"bold": True, "align": "center"})
    page.merge_range("A1:K1", "Visits to employers, January to March 2026", head)
    page.merge_range("A3:A4", "No.", head)
    page.merge_range("B3:E3", "Employer", head)
    page.merge_range("F3:H3", "Visit", head)
    page.merge_range("I3:K3", "Sizes", head)
    page.write_row("B4", ["Name", "City", "ZIP", "Phone"], head)
    page.write_row("F4", ["Date", "Logged", "Length"], head)
    page.write_row("I4", ["Employees", "Share", "Wage"], head)
    for n, row in enumerate(ROWS, 4):
        for column, value in enumerate(row):
            form = {3: zip5, 5: day if n % 2 else long_day, 6: stamp, 7: clock, 9: percent, 10: money}.get(column)
            if isinstance(value, date | datetime | time):
                page.write_datetime(n, column, value, form)
            elif value is not None:
                page.write(n, column, value, form)
    page.set_row(7, None, None, {"hidden": True})
    page.write(8, 0, 5)
    page.write(8, 1, "Broken Arrow Tool")
    page.write_formula(8, 2, '=VLOOKUP("x",B5:C6,2,FALSE)')
    page.write_formula(8, 3, "=1/0", zip5)
    page.write_formula(8, 5, "=F5+7", day)
    page.write_boolean(8, 6, True)
    page.write_formula(8, 8, "=I5*2")
    page.write_formula(8, 9, "=SQRT(-1)", percent)
    page.merge_range("A10:A11", 6)
    page.merge_range("B10:B11", "Twin Pines")
    page.write("C10", "Salem")
    page.write("C11", "Lynn")
    page.write(11, 0, "Total")
    page.write_formula(11, 8, "=SUM(I5:I9)")
    old = book.add_worksheet("2025")
    old.write_row("A1", ["Name", "Town"])
    old.write_row("A2", ["Elm Dental", "Salem"])
    old.hide()
