"""Reads odm.xml with Python's own parser and compares every grade, state and reason with tables/grades.csv."""

import csv
import sys
import xml.etree.ElementTree as tree

NS = "{http://www.cdisc.org/ns/odm/v1.3}"
root = tree.parse("odm.xml").getroot()
defined = {kind: {one.get("OID") for one in root.iter(NS + kind)} for kind in ("ItemDef", "ItemGroupDef", "FormDef", "StudyEventDef", "User", "CodeList")}
found = {}
for subject in root.iter(NS + "SubjectData"):
    for event in subject.iter(NS + "StudyEventData"):
        assert event.get("StudyEventOID") in defined["StudyEventDef"]
        for form in event.iter(NS + "FormData"):
            assert form.get("FormOID") in defined["FormDef"]
            for group in form.iter(NS + "ItemGroupData"):
                assert group.get("ItemGroupOID") in defined["ItemGroupDef"]
                level, side = group.get("ItemGroupRepeatKey").split("-")
                for item in group.iter(NS + "ItemData"):
                    oid = item.get("ItemOID")
                    assert oid in defined["ItemDef"], oid
                    _, *rest = oid.split(".")
                    if len(rest) < 2:
                        continue
                    modality, feature, *part = rest
                    key = (subject.get("SubjectKey"), modality, event.get("StudyEventOID")[3:], form.get("FormRepeatKey"), level, side, feature)
                    found.setdefault(key, {})[part[0] if part else "grade"] = "" if item.get("IsNull") else item.get("Value")
compared = 0
with open("tables/grades.csv", encoding="utf-8-sig", newline="") as file:
    for row in csv.DictReader(file):
        if row["state"] == "not_applicable":
            continue
        key = tuple(row[name] for name in ("patient_code", "modality", "round", "reader", "level", "side", "feature"))
        cell = found.pop(key, None)
        if cell is None or cell["grade"] != row["grade"] or cell["state"] != row["state"] or cell.get("reason", "") != row["reason"]:
            sys.exit(f"DIFFERENCE {key} {cell} {row}")
        compared += 1
if found:
    sys.exit(f"DIFFERENCE {len(found)} cells are in odm.xml alone")
print(f"{compared} cells agree; {root.get('Description')}")
