"""Reads every table of a bundle with pandas as CSV, with pyarrow as Parquet and with openpyxl as XLSX, and compares them
cell by cell; then types and codes against the codebook. Prints what it compared; stops at the first difference."""

import json
import sys

import openpyxl
import pandas
import pyarrow.parquet

book = json.load(open("codebook.json", encoding="utf-8"))
manifest = json.load(open("manifest.json", encoding="utf-8"))
codes = {one["column"]: {v["value"] for v in one["values"]} for one in book["codes"]}
cells = 0


def differ(*what):
    sys.exit("DIFFERENCE " + " ".join(str(one) for one in what))


for described in book["tables"]:
    name = described["file"].removesuffix(".csv")
    types = {column["name"]: column["type"] for column in described["columns"]}
    csv = pandas.read_csv(f"tables/{name}.csv", encoding="utf-8-sig", dtype=str, keep_default_na=False, na_values=[""])
    if list(csv.columns) != list(types):
        differ(name, "columns", list(csv.columns), list(types))
    parquet = pyarrow.parquet.read_table(f"tables/{name}.parquet")
    sheet_rows = []
    workbook = openpyxl.load_workbook(f"tables/{name}.xlsx", read_only=True)
    for title in workbook.sheetnames[:-1]:
        rows = list(workbook[title].iter_rows(values_only=True))
        if list(rows[0]) != list(types):
            differ(name, title, "header")
        sheet_rows += rows[1:]
    about = list(workbook["about"].iter_rows(values_only=True))
    if about[0][1] != manifest["study"]["kind"]:
        differ(name, "about", about[0])
    if not (len(csv) == parquet.num_rows == len(sheet_rows)):
        differ(name, "rows", len(csv), parquet.num_rows, len(sheet_rows))
    if parquet.schema.metadata[b"study_kind"].decode() != manifest["study"]["kind"]:
        differ(name, "parquet metadata")
    for at, (column, kind) in enumerate(types.items()):
        stored = parquet.column(column).to_pylist()
        known = codes.get("state" if column.endswith("_state") and column != "prediction_state" else column)
        for row, text in enumerate(csv[column]):
            missing = not isinstance(text, str)
            theirs = stored[row]
            cell = sheet_rows[row][at] if at < len(sheet_rows[row]) else None
            cells += 1
            if missing:
                if theirs is not None or cell is not None:
                    differ(name, column, row, "missing", theirs, cell)
                continue
            if kind in ("integer", "decimal", "flag"):
                if float(text) != float(theirs) or float(text) != float(cell):
                    differ(name, column, row, text, theirs, cell)
            elif kind == "instant":
                if pandas.Timestamp(text) != pandas.Timestamp(theirs) or pandas.Timestamp(text).tz_localize(None).round("ms") != pandas.Timestamp(cell).round("ms"):
                    differ(name, column, row, text, theirs, cell)
            else:
                plain = text[1:] if text[:1] == "'" and text[1:2] in "=+-@" else text
                if plain != theirs or plain != str(cell):
                    differ(name, column, row, text, theirs, cell)
                if kind == "code" and known is not None and text not in known:
                    differ(name, column, row, "unknown code", text)
print(f"{len(book['tables'])} tables, {cells} cells agree")
