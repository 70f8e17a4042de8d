-- A modeller sees images and points of training and validation patients alone, whatever a query asks: of the test part
-- there is nothing to select (design §5.1). Restrictive: it narrows what the office's policies allow.
CREATE POLICY modeller_parts ON "Exam" AS RESTRICTIVE FOR SELECT USING ((SELECT facetgrade_role()) <> 'modeller'
  OR "patientId" IN (SELECT "patientId" FROM "SplitAllocation" WHERE part IN ('train', 'validation')));
CREATE POLICY modeller_parts ON "Series" AS RESTRICTIVE FOR SELECT USING ((SELECT facetgrade_role()) <> 'modeller'
  OR "examId" IN (SELECT id FROM "Exam"));
CREATE POLICY modeller_parts ON "Instance" AS RESTRICTIVE FOR SELECT USING ((SELECT facetgrade_role()) <> 'modeller'
  OR "examId" IN (SELECT id FROM "Exam"));
CREATE POLICY modeller_parts ON "PointSet" AS RESTRICTIVE FOR SELECT USING ((SELECT facetgrade_role()) <> 'modeller'
  OR "examId" IN (SELECT id FROM "Exam"));
CREATE POLICY modeller_parts ON "XraySide" AS RESTRICTIVE FOR SELECT USING ((SELECT facetgrade_role()) <> 'modeller'
  OR "instanceId" IN (SELECT id FROM "Instance"));

-- Which grade events are of signed readings of a round is what turns them into labels.
CREATE POLICY modeller ON "Reading" FOR SELECT USING ("studyId" = (SELECT facetgrade_study())
  AND (SELECT facetgrade_role()) = 'modeller'
  AND "patientId" IN (SELECT "patientId" FROM "SplitAllocation" WHERE part IN ('train', 'validation')));
CREATE POLICY modeller ON "Assignment" FOR SELECT USING ("studyId" = (SELECT facetgrade_study())
  AND (SELECT facetgrade_role()) = 'modeller'
  AND "patientId" IN (SELECT "patientId" FROM "SplitAllocation" WHERE part IN ('train', 'validation')));
