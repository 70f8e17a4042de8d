-- AlterTable
ALTER TABLE "Prediction" ADD COLUMN     "examId" UUID NOT NULL,
ADD COLUMN     "recordId" UUID NOT NULL;

-- CreateTable
CREATE TABLE "Model" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "slug" TEXT,
    "title" TEXT,
    "kind" TEXT,
    "modalities" TEXT[],
    "hash" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "problems" JSONB NOT NULL,
    "manifest" JSONB,
    "card" TEXT NOT NULL,
    "isSyntheticOnly" BOOLEAN NOT NULL,
    "isOtherData" BOOLEAN NOT NULL,
    "preprocessingVersion" TEXT,
    "registeredBy" TEXT NOT NULL,
    "registeredAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "Model_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ModelNetwork" (
    "modelId" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "modality" TEXT NOT NULL,
    "studyId" UUID NOT NULL,
    "sha256" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,

    CONSTRAINT "ModelNetwork_pkey" PRIMARY KEY ("modelId","role","modality")
);

-- CreateTable
CREATE TABLE "ModelTrainingPixels" (
    "modelId" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "prefixes" TEXT[],

    CONSTRAINT "ModelTrainingPixels_pkey" PRIMARY KEY ("modelId")
);

-- CreateTable
CREATE TABLE "ModelRun" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "modelId" UUID NOT NULL,
    "purpose" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "parts" TEXT[],
    "planId" UUID,
    "requestedBy" TEXT NOT NULL,
    "requestedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "cancelledBy" TEXT,
    "cancelledAt" TIMESTAMPTZ(3),

    CONSTRAINT "ModelRun_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ModelRunExam" (
    "runId" UUID NOT NULL,
    "examId" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "patientId" UUID NOT NULL,
    "modality" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "failureCode" TEXT,
    "wasThere" BOOLEAN NOT NULL DEFAULT false,
    "startedAt" TIMESTAMPTZ(3),
    "finishedAt" TIMESTAMPTZ(3),

    CONSTRAINT "ModelRunExam_pkey" PRIMARY KEY ("runId","examId")
);

-- CreateTable
CREATE TABLE "InferenceRecord" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "examId" UUID NOT NULL,
    "patientId" UUID NOT NULL,
    "modality" TEXT NOT NULL,
    "runId" UUID NOT NULL,
    "modelId" UUID NOT NULL,
    "modelHash" TEXT NOT NULL,
    "preprocessingVersion" TEXT NOT NULL,
    "inputHash" TEXT NOT NULL,
    "pointSetVersion" INTEGER,
    "executionProvider" TEXT NOT NULL,
    "versions" JSONB NOT NULL,
    "elapsedMs" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "InferenceRecord_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PointProposal" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "examId" UUID NOT NULL,
    "patientId" UUID NOT NULL,
    "modality" TEXT NOT NULL,
    "runId" UUID NOT NULL,
    "modelId" UUID NOT NULL,
    "modelHash" TEXT NOT NULL,
    "preprocessingVersion" TEXT NOT NULL,
    "inputHash" TEXT NOT NULL,
    "document" JSONB NOT NULL,
    "executionProvider" TEXT NOT NULL,
    "versions" JSONB NOT NULL,
    "elapsedMs" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "PointProposal_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Model_studyId_id_idx" ON "Model"("studyId", "id");

-- CreateIndex
CREATE INDEX "ModelRun_studyId_id_idx" ON "ModelRun"("studyId", "id");

-- CreateIndex
CREATE INDEX "ModelRunExam_runId_state_examId_idx" ON "ModelRunExam"("runId", "state", "examId");

-- CreateIndex
CREATE INDEX "InferenceRecord_studyId_modelHash_examId_id_idx" ON "InferenceRecord"("studyId", "modelHash", "examId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "InferenceRecord_studyId_modelHash_preprocessingVersion_inpu_key" ON "InferenceRecord"("studyId", "modelHash", "preprocessingVersion", "inputHash");

-- CreateIndex
CREATE INDEX "PointProposal_studyId_examId_id_idx" ON "PointProposal"("studyId", "examId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "PointProposal_studyId_modelHash_preprocessingVersion_inputH_key" ON "PointProposal"("studyId", "modelHash", "preprocessingVersion", "inputHash");

-- CreateIndex
CREATE INDEX "Prediction_recordId_idx" ON "Prediction"("recordId");
-- A manifest is registered once per study; a refused one may come again, mended or not.
CREATE UNIQUE INDEX model_registered_once ON "Model" ("studyId", hash) WHERE state = 'registered';

-- ── Walls ───────────────────────────────────────────────────────────────────────────────────────────────────────
GRANT SELECT, INSERT ON "Model", "ModelNetwork", "ModelTrainingPixels", "InferenceRecord", "PointProposal" TO facetgrade_app;
GRANT SELECT, INSERT, UPDATE ON "ModelRun", "ModelRunExam" TO facetgrade_app;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['Model', 'ModelNetwork', 'ModelTrainingPixels', 'InferenceRecord', 'PointProposal']
  LOOP
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM facetgrade_app', t);
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION facetgrade_refuse_change()', t);
    EXECUTE format('CREATE TRIGGER append_only_table BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION facetgrade_refuse_change()', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['ModelRun', 'ModelRunExam']
  LOOP
    EXECUTE format('REVOKE DELETE, TRUNCATE ON %I FROM facetgrade_app', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['Model', 'ModelNetwork', 'ModelTrainingPixels', 'ModelRun', 'ModelRunExam', 'InferenceRecord',
    'PointProposal']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY; ALTER TABLE %I FORCE ROW LEVEL SECURITY', t, t);
    EXECUTE format('CREATE POLICY system ON %I USING ("studyId" = (SELECT facetgrade_study()) AND (SELECT facetgrade_role()) = ''system'')', t);
  END LOOP;
  -- What a study may run: those who bring models and those who judge them.
  FOREACH t IN ARRAY ARRAY['Model', 'ModelNetwork', 'ModelTrainingPixels']
  LOOP
    EXECUTE format($p$CREATE POLICY models ON %I FOR SELECT USING ("studyId" = (SELECT facetgrade_study())
      AND (SELECT facetgrade_role()) IN ('investigator', 'statistician', 'modeller'))$p$, t);
    EXECUTE format($p$CREATE POLICY register ON %I FOR INSERT WITH CHECK ("studyId" = (SELECT facetgrade_study())
      AND (SELECT facetgrade_role()) IN ('investigator', 'modeller'))$p$, t);
  END LOOP;
END $$;

-- Who ran what. The modeller never learns of a run on the test part, the coordinator of points alone.
CREATE POLICY runs ON "ModelRun" USING ("studyId" = (SELECT facetgrade_study()) AND (
  (SELECT facetgrade_role()) IN ('investigator', 'statistician', 'monitor')
  OR ((SELECT facetgrade_role()) = 'modeller' AND purpose = 'predict' AND NOT 'test' = ANY (parts))
  OR ((SELECT facetgrade_role()) = 'coordinator' AND purpose = 'propose_points')))
  WITH CHECK ("studyId" = (SELECT facetgrade_study()) AND (
    (SELECT facetgrade_role()) = 'investigator'
    OR ((SELECT facetgrade_role()) = 'modeller' AND purpose = 'predict' AND NOT 'test' = ANY (parts))
    OR ((SELECT facetgrade_role()) = 'coordinator' AND purpose = 'propose_points')));
-- Which exams are in a run says which part they are in: the monitor sees counts only, from the system.
CREATE POLICY runs ON "ModelRunExam" USING ("studyId" = (SELECT facetgrade_study())
  AND (SELECT facetgrade_role()) IN ('investigator', 'statistician', 'modeller', 'coordinator')
  AND "runId" IN (SELECT id FROM "ModelRun"));

-- As the predictions that were written with it.
CREATE POLICY unblinded ON "InferenceRecord" FOR SELECT USING ("studyId" = (SELECT facetgrade_study())
  AND (SELECT facetgrade_role()) IN ('investigator', 'statistician')
  AND ((SELECT facetgrade_test_open())
    OR "patientId" IN (SELECT "patientId" FROM "SplitAllocation" WHERE part IN ('train', 'validation'))));
CREATE POLICY modeller ON "InferenceRecord" FOR SELECT USING ("studyId" = (SELECT facetgrade_study())
  AND (SELECT facetgrade_role()) = 'modeller'
  AND "patientId" IN (SELECT "patientId" FROM "SplitAllocation" WHERE part IN ('train', 'validation')));

-- A place, not a grade: who settles points sees what the localiser proposes, in every part.
CREATE POLICY points ON "PointProposal" FOR SELECT USING ("studyId" = (SELECT facetgrade_study())
  AND (SELECT facetgrade_role()) IN ('coordinator', 'investigator'));
