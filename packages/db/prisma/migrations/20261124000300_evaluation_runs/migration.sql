-- CreateTable
CREATE TABLE "EvaluationRun" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "planId" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "progress" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "failureCode" TEXT,
    "evaluationId" UUID,
    "dryRunId" UUID,
    "requestedBy" TEXT NOT NULL,
    "requestedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "startedAt" TIMESTAMPTZ(3),
    "finishedAt" TIMESTAMPTZ(3),

    CONSTRAINT "EvaluationRun_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "DryRun" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "planId" UUID NOT NULL,
    "results" JSONB NOT NULL,
    "resultHash" TEXT NOT NULL,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "DryRun_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "OperatingPoint" (
    "planId" UUID NOT NULL,
    "modelHash" TEXT NOT NULL,
    "modality" TEXT NOT NULL,
    "feature" TEXT NOT NULL,
    "studyId" UUID NOT NULL,
    "referenceId" UUID NOT NULL,
    "document" JSONB NOT NULL,
    "chosenAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "OperatingPoint_pkey" PRIMARY KEY ("planId","modelHash","modality","feature")
);

-- CreateIndex
CREATE INDEX "EvaluationRun_studyId_id_idx" ON "EvaluationRun"("studyId", "id");

-- CreateIndex
CREATE INDEX "DryRun_studyId_id_idx" ON "DryRun"("studyId", "id");

-- CreateIndex
CREATE INDEX "OperatingPoint_studyId_idx" ON "OperatingPoint"("studyId");

-- ── Walls ───────────────────────────────────────────────────────────────────────────────────────────────────────
-- A threshold that was chosen once stays: no test result may move it. A dry run's results are kept apart from the study's.
GRANT SELECT, INSERT ON "DryRun", "OperatingPoint" TO facetgrade_app;
GRANT SELECT, INSERT, UPDATE ON "EvaluationRun" TO facetgrade_app;
REVOKE DELETE, TRUNCATE ON "EvaluationRun" FROM facetgrade_app;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['DryRun', 'OperatingPoint']
  LOOP
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM facetgrade_app', t);
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION facetgrade_refuse_change()', t);
    EXECUTE format('CREATE TRIGGER append_only_table BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION facetgrade_refuse_change()', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['EvaluationRun', 'DryRun', 'OperatingPoint']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY; ALTER TABLE %I FORCE ROW LEVEL SECURITY', t, t);
    EXECUTE format('CREATE POLICY system ON %I USING ("studyId" = (SELECT facetgrade_study()) AND (SELECT facetgrade_role()) = ''system'')', t);
  END LOOP;
END $$;
-- Who orders an evaluation follows it and may cancel it; only the system writes what came of it.
CREATE POLICY analysis ON "EvaluationRun" USING ("studyId" = (SELECT facetgrade_study())
  AND (SELECT facetgrade_role()) IN ('investigator', 'statistician'));
CREATE POLICY analysis ON "DryRun" FOR SELECT USING ("studyId" = (SELECT facetgrade_study())
  AND (SELECT facetgrade_role()) IN ('investigator', 'statistician'));
CREATE POLICY analysis ON "OperatingPoint" FOR SELECT USING ("studyId" = (SELECT facetgrade_study())
  AND (SELECT facetgrade_role()) IN ('investigator', 'statistician', 'monitor'));
