-- Bundles of the statisticians, and the key that masks reader codes in blinded ones.
-- CreateTable
CREATE TABLE "BlindingKey" (
    "studyId" UUID NOT NULL,
    "key" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "BlindingKey_pkey" PRIMARY KEY ("studyId")
);

-- CreateTable
CREATE TABLE "Bundle" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "isBlinded" BOOLEAN NOT NULL,
    "memberId" UUID NOT NULL,
    "requestedBy" TEXT NOT NULL,
    "requestedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "state" TEXT NOT NULL DEFAULT 'building',
    "donePatients" INTEGER NOT NULL DEFAULT 0,
    "allPatients" INTEGER,
    "failureCode" TEXT,
    "contentHash" TEXT,
    "manifest" JSONB,
    "bytes" BIGINT,
    "finishedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Bundle_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Bundle_studyId_ordinal_key" ON "Bundle"("studyId", "ordinal");
-- Without a key stored for the study no mask can be repeated; whoever could read it would see through every mask.
GRANT SELECT, INSERT ON "BlindingKey" TO facetgrade_app;
REVOKE UPDATE, DELETE, TRUNCATE ON "BlindingKey" FROM facetgrade_app;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON "BlindingKey" FOR EACH ROW EXECUTE FUNCTION facetgrade_refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON "BlindingKey" FOR EACH STATEMENT EXECUTE FUNCTION facetgrade_refuse_change();
ALTER TABLE "BlindingKey" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "BlindingKey" FORCE ROW LEVEL SECURITY;
CREATE POLICY system ON "BlindingKey" USING ("studyId" = facetgrade_study() AND facetgrade_role() = 'system');

-- A bundle is asked for by a statistician and finished by the system; once finished it stays as it is.
ALTER TABLE "Bundle" ADD CONSTRAINT "Bundle_state_check" CHECK (state IN ('building', 'ready', 'failed'));
ALTER TABLE "Bundle" ADD CONSTRAINT "Bundle_ready_check" CHECK (state <> 'ready'
  OR ("contentHash" IS NOT NULL AND manifest IS NOT NULL AND bytes IS NOT NULL AND "finishedAt" IS NOT NULL));
GRANT SELECT, INSERT, UPDATE ON "Bundle" TO facetgrade_app;
REVOKE DELETE, TRUNCATE ON "Bundle" FROM facetgrade_app;
CREATE FUNCTION facetgrade_finished_bundle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'building' OR NEW.id <> OLD.id OR NEW."studyId" <> OLD."studyId" OR NEW.ordinal <> OLD.ordinal
    OR NEW."isBlinded" <> OLD."isBlinded" OR NEW."requestedBy" <> OLD."requestedBy" OR NEW."requestedAt" <> OLD."requestedAt" THEN
    RAISE EXCEPTION 'a finished bundle is never changed' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER finished BEFORE UPDATE ON "Bundle" FOR EACH ROW EXECUTE FUNCTION facetgrade_finished_bundle();
CREATE TRIGGER append_only BEFORE DELETE ON "Bundle" FOR EACH ROW EXECUTE FUNCTION facetgrade_refuse_change();
CREATE TRIGGER append_only_table BEFORE TRUNCATE ON "Bundle" FOR EACH STATEMENT EXECUTE FUNCTION facetgrade_refuse_change();
ALTER TABLE "Bundle" ENABLE ROW LEVEL SECURITY;
ALTER TABLE "Bundle" FORCE ROW LEVEL SECURITY;
CREATE POLICY system ON "Bundle" USING ("studyId" = facetgrade_study() AND facetgrade_role() = 'system');
CREATE POLICY statistician_sees ON "Bundle" FOR SELECT USING ("studyId" = facetgrade_study() AND facetgrade_role() = 'statistician');
CREATE POLICY statistician_asks ON "Bundle" FOR INSERT WITH CHECK ("studyId" = facetgrade_study()
  AND facetgrade_role() = 'statistician' AND "memberId" = facetgrade_member() AND "requestedBy" = facetgrade_user()
  AND state = 'building' AND (("isBlinded") OR facetgrade_test_open()));
