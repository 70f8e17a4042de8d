-- The second wall (design §5.2, §5.4). The application connects as facetgrade_app, which owns nothing:
--   1. it sees a row only under the actor that its transaction declared (row policies, forced);
--   2. event tables can be inserted into and never updated or deleted: the privilege is missing and a trigger refuses.
-- Actor settings, local to a transaction: facetgrade.user_id, .role, .study_id, .member_id.

GRANT USAGE ON SCHEMA public TO facetgrade_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO facetgrade_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO facetgrade_app;

CREATE FUNCTION facetgrade_role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT coalesce(current_setting('facetgrade.role', true), '') $$;
CREATE FUNCTION facetgrade_user() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT coalesce(current_setting('facetgrade.user_id', true), '') $$;
CREATE FUNCTION facetgrade_study() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT nullif(current_setting('facetgrade.study_id', true), '')::uuid $$;
CREATE FUNCTION facetgrade_member() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT nullif(current_setting('facetgrade.member_id', true), '')::uuid $$;

-- ── Append-only ─────────────────────────────────────────────────────────────────────────────────────────────────
CREATE FUNCTION facetgrade_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '42501';
END $$;

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY[
    'ProtocolVersion', 'ImportFile', 'XraySide', 'LevelNumbering', 'PointSet', 'Screening', 'SplitSeed', 'SplitSeal',
    'SplitAllocation', 'ReadingOrder', 'GradeEvent', 'Signature', 'Unlock', 'ConsensusCell', 'AdjudicationItem',
    'AdjudicationDecision', 'AdjudicationConfirmation', 'ReferenceVersion', 'ReferenceCell', 'Prediction',
    'AnalysisPlan', 'AnalysisPlanLock', 'Unsealing', 'Evaluation', 'AuditEntry', 'StudyCheckpoint']
  LOOP
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM facetgrade_app', t);
    EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION facetgrade_refuse_change()', t);
    EXECUTE format('CREATE TRIGGER append_only_table BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION facetgrade_refuse_change()', t);
  END LOOP;
  -- Rows that live on but never go: no acknowledged file, patient or reading can be deleted by the application.
  FOREACH t IN ARRAY ARRAY['Study', 'Member', 'Import', 'ImportPack', 'Patient', 'Exam', 'Instance', 'Assignment', 'Reading',
    'Consensus', 'AdjudicationRoom']
  LOOP
    EXECUTE format('REVOKE DELETE, TRUNCATE ON %I FROM facetgrade_app', t);
  END LOOP;
END $$;
-- The application may read which migrations ran, nothing more.
REVOKE ALL ON "_prisma_migrations" FROM facetgrade_app;
GRANT SELECT ON "_prisma_migrations" TO facetgrade_app;

-- ── Row policies ────────────────────────────────────────────────────────────────────────────────────────────────
DO $$
DECLARE t text;
BEGIN
  -- Study content that carries no grade, part, reference or prediction: the study's office roles and the system.
  FOREACH t IN ARRAY ARRAY['Import', 'ImportPack', 'ImportFile', 'Patient', 'Exam', 'Series', 'Instance', 'XraySide',
    'LevelNumbering', 'PointSet', 'Screening', 'ReadingOrder']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY; ALTER TABLE %I FORCE ROW LEVEL SECURITY', t, t);
    EXECUTE format($p$CREATE POLICY office ON %I USING ("studyId" = facetgrade_study() AND facetgrade_role() IN
      ('system', 'investigator', 'coordinator', 'statistician', 'modeller', 'monitor'))$p$, t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['Study', 'ProtocolVersion', 'Member', 'SplitSeed', 'SplitSeal', 'SplitAllocation', 'Assignment', 'Reading',
    'GradeEvent', 'Signature', 'Unlock', 'Consensus', 'ConsensusCell', 'AdjudicationRoom', 'AdjudicationItem',
    'AdjudicationDecision', 'AdjudicationConfirmation', 'ReferenceVersion', 'ReferenceCell', 'Prediction', 'AnalysisPlan',
    'AnalysisPlanLock', 'Unsealing', 'Evaluation', 'AuditEntry', 'StudyCheckpoint']
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY; ALTER TABLE %I FORCE ROW LEVEL SECURITY', t, t);
  END LOOP;
END $$;

-- A study is seen by its members, by those who found and run the installation, and by the system.
CREATE POLICY members ON "Member" USING (
  "studyId" = facetgrade_study() OR "userId" = facetgrade_user() OR facetgrade_role() IN ('system', 'administrator'));
CREATE POLICY study ON "Study" USING (
  id = facetgrade_study() OR facetgrade_role() IN ('system', 'administrator')
  OR id IN (SELECT "studyId" FROM "Member" WHERE "userId" = facetgrade_user()));
CREATE POLICY protocol ON "ProtocolVersion" USING ("studyId" = facetgrade_study() OR facetgrade_role() = 'administrator');

-- The split: never a reader, never the coordinator.
CREATE POLICY seed ON "SplitSeed" USING ("studyId" = facetgrade_study() AND facetgrade_role() IN ('system', 'investigator', 'statistician'));
-- The sealed document holds the seed and names every patient's part: what others may know of it they are told as counts.
CREATE POLICY seal ON "SplitSeal" USING ("studyId" = facetgrade_study() AND facetgrade_role() IN ('system', 'investigator', 'statistician'));
CREATE POLICY allocation ON "SplitAllocation" USING ("studyId" = facetgrade_study()
  AND (facetgrade_role() IN ('system', 'investigator', 'statistician')
    OR (facetgrade_role() IN ('modeller', 'monitor') AND part <> 'test')));

-- A reader's own work, and who may follow progress without grades.
CREATE POLICY own ON "Assignment" USING ("studyId" = facetgrade_study()
  AND ((facetgrade_role() = 'reader' AND "memberId" = facetgrade_member())
    OR facetgrade_role() IN ('system', 'investigator', 'statistician', 'monitor')));
CREATE POLICY own ON "Reading" USING ("studyId" = facetgrade_study()
  AND ((facetgrade_role() = 'reader' AND "memberId" = facetgrade_member())
    OR facetgrade_role() IN ('system', 'investigator', 'statistician', 'monitor')));
CREATE POLICY own ON "Signature" USING ("studyId" = facetgrade_study()
  AND ((facetgrade_role() = 'reader' AND "memberId" = facetgrade_member())
    OR facetgrade_role() IN ('system', 'investigator', 'statistician', 'monitor')));
CREATE POLICY unlock ON "Unlock" USING ("studyId" = facetgrade_study()
  AND (facetgrade_role() IN ('system', 'investigator', 'statistician', 'monitor')
    OR (facetgrade_role() = 'reader' AND "readingId" IN (SELECT id FROM "Reading" WHERE "memberId" = facetgrade_member()))));

-- Reading needs the images and the numbering of the reader's own cases, nothing of the rest of the cohort.
CREATE POLICY case_exam ON "Exam" FOR SELECT USING (facetgrade_role() = 'reader' AND id IN (SELECT "examId" FROM "Assignment"));
CREATE POLICY case_series ON "Series" FOR SELECT USING (facetgrade_role() = 'reader' AND "examId" IN (SELECT "examId" FROM "Assignment"));
CREATE POLICY case_instance ON "Instance" FOR SELECT USING (facetgrade_role() = 'reader' AND "examId" IN (SELECT "examId" FROM "Assignment"));
CREATE POLICY case_side ON "XraySide" FOR SELECT USING (facetgrade_role() = 'reader' AND "instanceId" IN (SELECT id FROM "Instance"));
CREATE POLICY case_points ON "PointSet" FOR SELECT USING (facetgrade_role() = 'reader' AND "examId" IN (SELECT "examId" FROM "Assignment"));
CREATE POLICY case_numbering ON "LevelNumbering" FOR SELECT USING (facetgrade_role() = 'reader' AND "patientId" IN (SELECT "patientId" FROM "Assignment"));

-- (SELECT …) around a setting: it is read once a query and not once a row, of which these tables have hundreds of
-- thousands.
-- Grades, consensus, reference, predictions. Of the test part nothing but the system sees any before an unsealing;
-- the modeller never does. Investigators and statisticians see training and validation before it.
CREATE FUNCTION facetgrade_test_open() RETURNS boolean LANGUAGE sql STABLE AS
  $$ SELECT EXISTS (SELECT 1 FROM "Unsealing" WHERE "studyId" = facetgrade_study()) $$;
CREATE POLICY unsealing ON "Unsealing" USING ("studyId" = facetgrade_study()
  AND facetgrade_role() IN ('system', 'investigator', 'statistician', 'monitor'));

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['GradeEvent', 'ConsensusCell', 'ReferenceCell', 'Prediction']
  LOOP
    EXECUTE format('CREATE POLICY system ON %I USING ("studyId" = (SELECT facetgrade_study()) AND (SELECT facetgrade_role()) = ''system'')', t);
    EXECUTE format($p$CREATE POLICY unblinded ON %I FOR SELECT USING ("studyId" = (SELECT facetgrade_study())
      AND (SELECT facetgrade_role()) IN ('investigator', 'statistician')
      AND ((SELECT facetgrade_test_open())
        OR "patientId" IN (SELECT "patientId" FROM "SplitAllocation" WHERE part IN ('train', 'validation'))))$p$, t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['ConsensusCell', 'ReferenceCell', 'Prediction', 'GradeEvent']
  LOOP
    EXECUTE format($p$CREATE POLICY modeller ON %I FOR SELECT USING ("studyId" = (SELECT facetgrade_study()) AND (SELECT facetgrade_role()) = 'modeller'
      AND "patientId" IN (SELECT "patientId" FROM "SplitAllocation" WHERE part IN ('train', 'validation')))$p$, t);
  END LOOP;
END $$;
CREATE POLICY own ON "GradeEvent" USING ("studyId" = (SELECT facetgrade_study()) AND (SELECT facetgrade_role()) = 'reader' AND "memberId" = (SELECT facetgrade_member()));

CREATE POLICY consensus ON "Consensus" USING ("studyId" = facetgrade_study()
  AND facetgrade_role() IN ('system', 'investigator', 'statistician', 'monitor'));
CREATE POLICY reference ON "ReferenceVersion" USING ("studyId" = facetgrade_study()
  AND facetgrade_role() IN ('system', 'investigator', 'statistician'));

-- The adjudication room: the pair alone, and of each other no more than the items say.
CREATE POLICY pair ON "AdjudicationRoom" USING ("studyId" = facetgrade_study()
  AND (facetgrade_role() IN ('system', 'investigator', 'monitor') OR (facetgrade_role() = 'reader' AND facetgrade_member() = ANY ("memberIds"))));
CREATE POLICY system ON "AdjudicationItem" USING ("studyId" = facetgrade_study() AND facetgrade_role() = 'system');
CREATE POLICY pair ON "AdjudicationItem" FOR SELECT USING ("studyId" = facetgrade_study()
  AND facetgrade_role() = 'reader' AND "roomId" IN (SELECT id FROM "AdjudicationRoom"));
-- Nobody decides or confirms in another's name.
CREATE POLICY pair ON "AdjudicationDecision" USING ("studyId" = facetgrade_study()
  AND (facetgrade_role() = 'system' OR (facetgrade_role() = 'reader' AND "itemId" IN (SELECT id FROM "AdjudicationItem"))))
  WITH CHECK ("studyId" = facetgrade_study() AND facetgrade_role() = 'reader' AND "decidedBy" = facetgrade_member()
    AND "itemId" IN (SELECT id FROM "AdjudicationItem"));
CREATE POLICY pair ON "AdjudicationConfirmation" USING ("studyId" = facetgrade_study()
  AND (facetgrade_role() = 'system' OR (facetgrade_role() = 'reader' AND "roomId" IN (SELECT id FROM "AdjudicationRoom"))))
  WITH CHECK ("studyId" = facetgrade_study() AND facetgrade_role() = 'reader' AND "memberId" = facetgrade_member()
    AND "roomId" IN (SELECT id FROM "AdjudicationRoom"));

CREATE POLICY analysis ON "AnalysisPlan" USING ("studyId" = facetgrade_study()
  AND facetgrade_role() IN ('system', 'investigator', 'statistician', 'monitor'));
CREATE POLICY analysis ON "AnalysisPlanLock" USING ("studyId" = facetgrade_study()
  AND facetgrade_role() IN ('system', 'investigator', 'statistician', 'monitor'));
CREATE POLICY analysis ON "Evaluation" USING ("studyId" = facetgrade_study()
  AND facetgrade_role() IN ('system', 'investigator', 'statistician'));
CREATE POLICY checkpoint ON "StudyCheckpoint" USING ("studyId" = facetgrade_study()
  AND facetgrade_role() IN ('system', 'investigator', 'monitor'));

-- Everyone's change leaves a row; only those who audit read them. Installation-wide rows carry no study.
CREATE POLICY write ON "AuditEntry" FOR INSERT WITH CHECK (
  "studyId" IS NOT DISTINCT FROM facetgrade_study() OR "studyId" IS NULL);
CREATE POLICY audit ON "AuditEntry" FOR SELECT USING (
  ("studyId" = facetgrade_study() AND facetgrade_role() IN ('system', 'investigator', 'monitor'))
  OR ("studyId" IS NULL AND facetgrade_role() IN ('system', 'administrator')));

-- One identity for a reader in a study: a person is never in two groups.
CREATE UNIQUE INDEX member_one_reader ON "Member" ("studyId", "userId") WHERE role = 'reader';
