-- The grades that were built into phantoms. Never in a study of patients: the use case refuses, and so does a trigger.
CREATE TABLE "PhantomTruth" (
    "studyId" UUID NOT NULL,
    "patientId" UUID NOT NULL,
    "modality" TEXT NOT NULL,
    "level" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "feature" TEXT NOT NULL,
    "grade" INTEGER NOT NULL,
    "visible" BOOLEAN NOT NULL,
    "cnr" DOUBLE PRECISION,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "PhantomTruth_pkey" PRIMARY KEY ("patientId", "modality", "level", "side", "feature"),
    CONSTRAINT "PhantomTruth_grade_check" CHECK ("grade" BETWEEN 0 AND 4)
);
CREATE INDEX "PhantomTruth_studyId_idx" ON "PhantomTruth"("studyId");

GRANT SELECT, INSERT ON "PhantomTruth" TO facetgrade_app;
REVOKE UPDATE, DELETE, TRUNCATE ON "PhantomTruth" FROM facetgrade_app;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "PhantomTruth" FOR EACH ROW EXECUTE FUNCTION facetgrade_refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON "PhantomTruth" FOR EACH STATEMENT EXECUTE FUNCTION facetgrade_refuse_change();

-- One look per statement: a table of a cohort is one statement of 100,000 rows.
CREATE FUNCTION facetgrade_phantoms_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT "studyId" FROM written) w
    WHERE NOT EXISTS (SELECT 1 FROM "Study" s WHERE s.id = w."studyId" AND s.kind IN ('synthetic', 'demo'))) THEN
    RAISE EXCEPTION 'phantom truth belongs in studies of phantoms only' USING ERRCODE = '42501';
  END IF;
  IF EXISTS (SELECT 1 FROM written w WHERE NOT EXISTS
    (SELECT 1 FROM "Patient" p WHERE p.id = w."patientId" AND p."studyId" = w."studyId")) THEN
    RAISE EXCEPTION 'phantom truth names a patient of its own study' USING ERRCODE = '23503';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER phantoms_only AFTER INSERT ON "PhantomTruth" REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION facetgrade_phantoms_only();

-- As predictions: of the test part nobody sees any before an unsealing, the modeller never; readers and coordinators see none.
ALTER TABLE "PhantomTruth" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "PhantomTruth" FORCE ROW LEVEL SECURITY;
CREATE POLICY system ON "PhantomTruth" USING ("studyId" = (SELECT facetgrade_study()) AND (SELECT facetgrade_role()) = 'system');
CREATE POLICY unblinded ON "PhantomTruth" FOR SELECT USING ("studyId" = (SELECT facetgrade_study())
  AND (SELECT facetgrade_role()) IN ('investigator', 'statistician')
  AND ((SELECT facetgrade_test_open())
    OR "patientId" IN (SELECT "patientId" FROM "SplitAllocation" WHERE part IN ('train', 'validation'))));
CREATE POLICY modeller ON "PhantomTruth" FOR SELECT USING ("studyId" = (SELECT facetgrade_study())
  AND (SELECT facetgrade_role()) = 'modeller'
  AND "patientId" IN (SELECT "patientId" FROM "SplitAllocation" WHERE part IN ('train', 'validation')));
