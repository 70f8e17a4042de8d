-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "User" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "emailVerified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "role" TEXT,
    "banned" BOOLEAN,
    "banReason" TEXT,
    "banExpires" TIMESTAMPTZ(3),
    "twoFactorEnabled" BOOLEAN DEFAULT false,

    CONSTRAINT "User_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "token" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,
    "ipAddress" TEXT,
    "userAgent" TEXT,
    "userId" TEXT NOT NULL,
    "impersonatedBy" TEXT,
    "signInMethod" TEXT,

    CONSTRAINT "Session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Account" (
    "id" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "providerId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "accessToken" TEXT,
    "refreshToken" TEXT,
    "idToken" TEXT,
    "accessTokenExpiresAt" TIMESTAMPTZ(3),
    "refreshTokenExpiresAt" TIMESTAMPTZ(3),
    "scope" TEXT,
    "password" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Verification" (
    "id" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Verification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "TwoFactor" (
    "id" TEXT NOT NULL,
    "secret" TEXT NOT NULL,
    "backupCodes" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "verified" BOOLEAN NOT NULL DEFAULT true,
    "lastStep" BIGINT,
    "failedVerificationCount" INTEGER DEFAULT 0,
    "lockedUntil" TIMESTAMPTZ(3),

    CONSTRAINT "TwoFactor_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Passkey" (
    "id" TEXT NOT NULL,
    "name" TEXT,
    "publicKey" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "credentialID" TEXT NOT NULL,
    "counter" INTEGER NOT NULL,
    "deviceType" TEXT NOT NULL,
    "backedUp" BOOLEAN NOT NULL,
    "transports" TEXT,
    "createdAt" TIMESTAMPTZ(3) DEFAULT now(),
    "aaguid" TEXT,

    CONSTRAINT "Passkey_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SigningPin" (
    "userId" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "lockedUntil" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "SigningPin_pkey" PRIMARY KEY ("userId")
);

-- CreateTable
CREATE TABLE "PersonalToken" (
    "id" UUID NOT NULL,
    "userId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "revokedAt" TIMESTAMPTZ(3),

    CONSTRAINT "PersonalToken_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "UserNotice" (
    "id" UUID NOT NULL,
    "userId" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "seenAt" TIMESTAMPTZ(3),

    CONSTRAINT "UserNotice_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Study" (
    "id" UUID NOT NULL,
    "code" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "keyFingerprint" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "createdBy" TEXT NOT NULL,

    CONSTRAINT "Study_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ProtocolVersion" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "document" JSONB NOT NULL,
    "hash" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "ProtocolVersion_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Member" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "userId" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "readerGroup" TEXT,
    "readerCode" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "createdBy" TEXT NOT NULL,
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Import" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "source" TEXT NOT NULL,
    "keyFingerprint" TEXT NOT NULL,
    "fileCount" INTEGER NOT NULL,
    "rosterMac" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'receiving',
    "finishedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Import_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ImportPack" (
    "importId" UUID NOT NULL,
    "packIndex" INTEGER NOT NULL,
    "studyId" UUID NOT NULL,
    "blobHash" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "receivedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "doneAt" TIMESTAMPTZ(3),

    CONSTRAINT "ImportPack_pkey" PRIMARY KEY ("importId","packIndex")
);

-- CreateTable
CREATE TABLE "ImportFile" (
    "importId" UUID NOT NULL,
    "fileIndex" INTEGER NOT NULL,
    "studyId" UUID NOT NULL,
    "outcome" TEXT NOT NULL,
    "code" TEXT NOT NULL,
    "instanceId" UUID,
    "blobHash" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "ImportFile_pkey" PRIMARY KEY ("importId","fileIndex")
);

-- CreateTable
CREATE TABLE "Patient" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "patientCode" TEXT NOT NULL,
    "enrolmentNumber" INTEGER NOT NULL,
    "sex" TEXT,
    "ageYears" INTEGER,
    "site" TEXT,
    "clinical" JSONB NOT NULL DEFAULT '{}',
    "birthDateHmac" TEXT,
    "imagedInPeriod" BOOLEAN,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "withdrawnAt" TIMESTAMPTZ(3),
    "withdrawnBy" TEXT,
    "withdrawalCode" TEXT,
    "withdrawalReason" TEXT,

    CONSTRAINT "Patient_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Exam" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "patientId" UUID NOT NULL,
    "modality" TEXT NOT NULL,
    "studyInstanceUid" TEXT NOT NULL,
    "shiftedDate" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "Exam_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Series" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "examId" UUID NOT NULL,
    "seriesInstanceUid" TEXT NOT NULL,
    "stack" INTEGER NOT NULL DEFAULT 0,
    "plane" TEXT,
    "gradable" BOOLEAN NOT NULL DEFAULT false,
    "notGradableCode" TEXT,
    "geometry" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Series_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Instance" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "examId" UUID NOT NULL,
    "seriesInstanceUid" TEXT NOT NULL,
    "sopInstanceUid" TEXT NOT NULL,
    "sopClassUid" TEXT NOT NULL,
    "blobHash" TEXT NOT NULL,
    "pixelHash" TEXT NOT NULL,
    "header" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "Instance_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "XraySide" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "instanceId" UUID NOT NULL,
    "view" TEXT NOT NULL,
    "patientRight" TEXT NOT NULL,
    "shownJoints" TEXT,
    "confirmedBy" TEXT NOT NULL,
    "confirmedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "XraySide_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "LevelNumbering" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "patientId" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "document" JSONB NOT NULL,
    "confirmedBy" TEXT NOT NULL,
    "confirmedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "LevelNumbering_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "PointSet" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "examId" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "source" TEXT NOT NULL,
    "document" JSONB NOT NULL,
    "publishedBy" TEXT NOT NULL,
    "publishedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "PointSet_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Screening" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "patientId" UUID NOT NULL,
    "look" TEXT NOT NULL,
    "decision" TEXT NOT NULL,
    "criteria" JSONB NOT NULL,
    "note" TEXT,
    "protocolVersion" INTEGER NOT NULL,
    "signedBy" TEXT NOT NULL,
    "signedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "Screening_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "SplitSeed" (
    "studyId" UUID NOT NULL,
    "seed" TEXT NOT NULL,
    "drawnBy" TEXT NOT NULL,
    "drawnAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "SplitSeed_pkey" PRIMARY KEY ("studyId")
);

-- CreateTable
CREATE TABLE "SplitSeal" (
    "studyId" UUID NOT NULL,
    "seed" TEXT NOT NULL,
    "algorithmVersion" TEXT NOT NULL,
    "rosterHash" TEXT NOT NULL,
    "sealHash" TEXT NOT NULL,
    "document" JSONB NOT NULL,
    "sealedBy" TEXT NOT NULL,
    "sealedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "SplitSeal_pkey" PRIMARY KEY ("studyId")
);

-- CreateTable
CREATE TABLE "SplitAllocation" (
    "patientId" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "part" TEXT NOT NULL,
    "stratum" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "allocatedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "SplitAllocation_pkey" PRIMARY KEY ("patientId")
);

-- CreateTable
CREATE TABLE "ReadingOrder" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "memberId" UUID NOT NULL,
    "round" TEXT NOT NULL,
    "seed" TEXT NOT NULL,
    "algorithmVersion" TEXT NOT NULL,
    "achieved" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "ReadingOrder_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Assignment" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "memberId" UUID NOT NULL,
    "round" TEXT NOT NULL,
    "patientId" UUID NOT NULL,
    "modality" TEXT NOT NULL,
    "examId" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "returnedAt" TIMESTAMPTZ(3),
    "returnReason" TEXT,
    "returnNote" TEXT,

    CONSTRAINT "Assignment_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Reading" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "assignmentId" UUID NOT NULL,
    "memberId" UUID NOT NULL,
    "patientId" UUID NOT NULL,
    "modality" TEXT NOT NULL,
    "protocolVersion" INTEGER NOT NULL,
    "numberingVersion" INTEGER NOT NULL,
    "answeredCells" INTEGER NOT NULL DEFAULT 0,
    "requiredCells" INTEGER NOT NULL,
    "openedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "firstImageAt" TIMESTAMPTZ(3),
    "firstGradeAt" TIMESTAMPTZ(3),
    "signedAt" TIMESTAMPTZ(3),
    "headSequence" INTEGER NOT NULL DEFAULT 0,
    "headHash" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "Reading_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "GradeEvent" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "readingId" UUID NOT NULL,
    "memberId" UUID NOT NULL,
    "patientId" UUID NOT NULL,
    "sequence" INTEGER NOT NULL,
    "level" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "feature" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "previous" JSONB,
    "origin" TEXT NOT NULL,
    "protocolVersion" INTEGER NOT NULL,
    "clientOffsetMs" INTEGER NOT NULL,
    "receivedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "previousHash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,

    CONSTRAINT "GradeEvent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Signature" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "readingId" UUID NOT NULL,
    "memberId" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "method" TEXT NOT NULL,
    "statement" TEXT NOT NULL,
    "headHash" TEXT NOT NULL,
    "signedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "Signature_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Unlock" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "readingId" UUID NOT NULL,
    "signatureId" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "unlockedBy" TEXT NOT NULL,
    "unlockedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "Unlock_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Consensus" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "readerGroup" TEXT NOT NULL,
    "patientId" UUID NOT NULL,
    "modality" TEXT NOT NULL,
    "round" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "memberIds" UUID[],
    "signatureIds" UUID[],
    "protocolVersion" INTEGER NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "supersededAt" TIMESTAMPTZ(3),
    "completedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Consensus_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ConsensusCell" (
    "consensusId" UUID NOT NULL,
    "level" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "feature" TEXT NOT NULL,
    "studyId" UUID NOT NULL,
    "patientId" UUID NOT NULL,
    "origin" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "ConsensusCell_pkey" PRIMARY KEY ("consensusId","level","side","feature")
);

-- CreateTable
CREATE TABLE "AdjudicationRoom" (
    "id" UUID NOT NULL,
    "consensusId" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "readerGroup" TEXT NOT NULL,
    "memberIds" UUID[],
    "patientId" UUID NOT NULL,
    "modality" TEXT NOT NULL,
    "round" TEXT NOT NULL,
    "examId" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "openedAt" TIMESTAMPTZ(3),
    "closedAt" TIMESTAMPTZ(3),

    CONSTRAINT "AdjudicationRoom_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AdjudicationItem" (
    "id" UUID NOT NULL,
    "roomId" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "level" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "feature" TEXT NOT NULL,
    "values" JSONB NOT NULL,

    CONSTRAINT "AdjudicationItem_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AdjudicationDecision" (
    "id" UUID NOT NULL,
    "itemId" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "sequence" INTEGER NOT NULL,
    "value" JSONB NOT NULL,
    "note" TEXT,
    "decidedBy" UUID NOT NULL,
    "decidedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "AdjudicationDecision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AdjudicationConfirmation" (
    "id" UUID NOT NULL,
    "roomId" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "memberId" UUID NOT NULL,
    "decisionsHash" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "confirmedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "AdjudicationConfirmation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ReferenceVersion" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "rule" TEXT NOT NULL,
    "inputHash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "consensusIds" UUID[],
    "cellCount" INTEGER NOT NULL,
    "derivedBy" TEXT NOT NULL,
    "derivedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "ReferenceVersion_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ReferenceCell" (
    "referenceId" UUID NOT NULL,
    "patientId" UUID NOT NULL,
    "modality" TEXT NOT NULL,
    "level" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "feature" TEXT NOT NULL,
    "studyId" UUID NOT NULL,
    "value" JSONB NOT NULL,

    CONSTRAINT "ReferenceCell_pkey" PRIMARY KEY ("referenceId","patientId","modality","level","side","feature")
);

-- CreateTable
CREATE TABLE "Prediction" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "patientId" UUID NOT NULL,
    "modality" TEXT NOT NULL,
    "level" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "feature" TEXT NOT NULL,
    "modelHash" TEXT NOT NULL,
    "preprocessingVersion" TEXT NOT NULL,
    "inputHash" TEXT NOT NULL,
    "output" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "Prediction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AnalysisPlan" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "document" JSONB NOT NULL,
    "hash" TEXT NOT NULL,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "AnalysisPlan_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AnalysisPlanLock" (
    "planId" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "lockedBy" TEXT NOT NULL,
    "lockedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "AnalysisPlanLock_pkey" PRIMARY KEY ("planId")
);

-- CreateTable
CREATE TABLE "Unsealing" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "ordinal" INTEGER NOT NULL,
    "planId" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "unsealedBy" TEXT NOT NULL,
    "unsealedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "Unsealing_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Evaluation" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "planId" UUID NOT NULL,
    "unsealingId" UUID NOT NULL,
    "referenceId" UUID NOT NULL,
    "inputs" JSONB NOT NULL,
    "inputHash" TEXT NOT NULL,
    "results" JSONB NOT NULL,
    "resultHash" TEXT NOT NULL,
    "createdBy" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "Evaluation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AuditEntry" (
    "id" BIGSERIAL NOT NULL,
    "studyId" UUID,
    "at" TIMESTAMPTZ(6) NOT NULL DEFAULT now(),
    "userId" TEXT,
    "role" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "object" TEXT NOT NULL,
    "objectId" TEXT NOT NULL,
    "old" JSONB,
    "new" JSONB,
    "why" TEXT,

    CONSTRAINT "AuditEntry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "StudyCheckpoint" (
    "id" UUID NOT NULL,
    "studyId" UUID NOT NULL,
    "readingCount" INTEGER NOT NULL,
    "heads" JSONB NOT NULL,
    "hash" TEXT NOT NULL,
    "previousHash" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),

    CONSTRAINT "StudyCheckpoint_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");

-- CreateIndex
CREATE UNIQUE INDEX "Session_token_key" ON "Session"("token");

-- CreateIndex
CREATE INDEX "Session_userId_idx" ON "Session"("userId");

-- CreateIndex
CREATE INDEX "Account_userId_idx" ON "Account"("userId");

-- CreateIndex
CREATE INDEX "Verification_identifier_idx" ON "Verification"("identifier");

-- CreateIndex
CREATE INDEX "TwoFactor_userId_idx" ON "TwoFactor"("userId");

-- CreateIndex
CREATE INDEX "TwoFactor_secret_idx" ON "TwoFactor"("secret");

-- CreateIndex
CREATE UNIQUE INDEX "Passkey_credentialID_key" ON "Passkey"("credentialID");

-- CreateIndex
CREATE INDEX "Passkey_userId_idx" ON "Passkey"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "PersonalToken_hash_key" ON "PersonalToken"("hash");

-- CreateIndex
CREATE INDEX "PersonalToken_userId_idx" ON "PersonalToken"("userId");

-- CreateIndex
CREATE INDEX "UserNotice_userId_idx" ON "UserNotice"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "Study_code_key" ON "Study"("code");

-- CreateIndex
CREATE UNIQUE INDEX "ProtocolVersion_studyId_version_key" ON "ProtocolVersion"("studyId", "version");

-- CreateIndex
CREATE INDEX "Member_userId_idx" ON "Member"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "Member_studyId_userId_role_key" ON "Member"("studyId", "userId", "role");

-- CreateIndex
CREATE UNIQUE INDEX "Member_studyId_readerCode_key" ON "Member"("studyId", "readerCode");

-- CreateIndex
CREATE INDEX "Import_studyId_id_idx" ON "Import"("studyId", "id");

-- CreateIndex
CREATE INDEX "ImportFile_studyId_outcome_code_idx" ON "ImportFile"("studyId", "outcome", "code");

-- CreateIndex
CREATE INDEX "Patient_studyId_id_idx" ON "Patient"("studyId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Patient_studyId_patientCode_key" ON "Patient"("studyId", "patientCode");

-- CreateIndex
CREATE UNIQUE INDEX "Patient_studyId_enrolmentNumber_key" ON "Patient"("studyId", "enrolmentNumber");

-- CreateIndex
CREATE INDEX "Exam_patientId_idx" ON "Exam"("patientId");

-- CreateIndex
CREATE UNIQUE INDEX "Exam_studyId_studyInstanceUid_modality_key" ON "Exam"("studyId", "studyInstanceUid", "modality");

-- CreateIndex
CREATE INDEX "Series_examId_idx" ON "Series"("examId");

-- CreateIndex
CREATE UNIQUE INDEX "Series_studyId_seriesInstanceUid_stack_key" ON "Series"("studyId", "seriesInstanceUid", "stack");

-- CreateIndex
CREATE INDEX "Instance_examId_seriesInstanceUid_idx" ON "Instance"("examId", "seriesInstanceUid");

-- CreateIndex
CREATE UNIQUE INDEX "Instance_studyId_sopInstanceUid_key" ON "Instance"("studyId", "sopInstanceUid");

-- CreateIndex
CREATE INDEX "XraySide_instanceId_id_idx" ON "XraySide"("instanceId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "LevelNumbering_patientId_version_key" ON "LevelNumbering"("patientId", "version");

-- CreateIndex
CREATE UNIQUE INDEX "PointSet_examId_version_key" ON "PointSet"("examId", "version");

-- CreateIndex
CREATE INDEX "Screening_patientId_id_idx" ON "Screening"("patientId", "id");

-- CreateIndex
CREATE INDEX "Screening_studyId_id_idx" ON "Screening"("studyId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "SplitSeal_sealHash_key" ON "SplitSeal"("sealHash");

-- CreateIndex
CREATE INDEX "SplitAllocation_studyId_part_idx" ON "SplitAllocation"("studyId", "part");

-- CreateIndex
CREATE UNIQUE INDEX "ReadingOrder_memberId_round_key" ON "ReadingOrder"("memberId", "round");

-- CreateIndex
CREATE INDEX "Assignment_studyId_patientId_modality_idx" ON "Assignment"("studyId", "patientId", "modality");

-- CreateIndex
CREATE INDEX "Assignment_examId_idx" ON "Assignment"("examId");

-- CreateIndex
CREATE UNIQUE INDEX "Assignment_memberId_round_patientId_modality_key" ON "Assignment"("memberId", "round", "patientId", "modality");

-- CreateIndex
CREATE UNIQUE INDEX "Assignment_memberId_round_position_key" ON "Assignment"("memberId", "round", "position");

-- CreateIndex
CREATE UNIQUE INDEX "Reading_assignmentId_key" ON "Reading"("assignmentId");

-- CreateIndex
CREATE INDEX "Reading_studyId_memberId_idx" ON "Reading"("studyId", "memberId");

-- CreateIndex
CREATE INDEX "Reading_studyId_patientId_modality_idx" ON "Reading"("studyId", "patientId", "modality");

-- CreateIndex
CREATE INDEX "GradeEvent_studyId_id_idx" ON "GradeEvent"("studyId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "GradeEvent_readingId_sequence_key" ON "GradeEvent"("readingId", "sequence");

-- CreateIndex
CREATE UNIQUE INDEX "Signature_readingId_ordinal_key" ON "Signature"("readingId", "ordinal");

-- CreateIndex
CREATE UNIQUE INDEX "Unlock_signatureId_key" ON "Unlock"("signatureId");

-- CreateIndex
CREATE INDEX "Consensus_studyId_readerGroup_idx" ON "Consensus"("studyId", "readerGroup");

-- CreateIndex
CREATE UNIQUE INDEX "Consensus_readerGroup_patientId_modality_round_version_key" ON "Consensus"("readerGroup", "patientId", "modality", "round", "version");

-- CreateIndex
CREATE UNIQUE INDEX "AdjudicationRoom_consensusId_key" ON "AdjudicationRoom"("consensusId");

-- CreateIndex
CREATE INDEX "AdjudicationRoom_studyId_readerGroup_idx" ON "AdjudicationRoom"("studyId", "readerGroup");

-- CreateIndex
CREATE UNIQUE INDEX "AdjudicationItem_roomId_level_side_feature_key" ON "AdjudicationItem"("roomId", "level", "side", "feature");

-- CreateIndex
CREATE UNIQUE INDEX "AdjudicationDecision_itemId_sequence_key" ON "AdjudicationDecision"("itemId", "sequence");

-- CreateIndex
CREATE UNIQUE INDEX "AdjudicationConfirmation_roomId_memberId_decisionsHash_key" ON "AdjudicationConfirmation"("roomId", "memberId", "decisionsHash");

-- CreateIndex
CREATE UNIQUE INDEX "ReferenceVersion_studyId_version_key" ON "ReferenceVersion"("studyId", "version");

-- CreateIndex
CREATE UNIQUE INDEX "Prediction_studyId_modelHash_preprocessingVersion_inputHash_key" ON "Prediction"("studyId", "modelHash", "preprocessingVersion", "inputHash", "level", "side", "feature");

-- CreateIndex
CREATE UNIQUE INDEX "AnalysisPlan_studyId_version_key" ON "AnalysisPlan"("studyId", "version");

-- CreateIndex
CREATE UNIQUE INDEX "Unsealing_studyId_ordinal_key" ON "Unsealing"("studyId", "ordinal");

-- CreateIndex
CREATE INDEX "Evaluation_studyId_id_idx" ON "Evaluation"("studyId", "id");

-- CreateIndex
CREATE INDEX "AuditEntry_studyId_id_idx" ON "AuditEntry"("studyId", "id");

-- CreateIndex
CREATE INDEX "StudyCheckpoint_studyId_id_idx" ON "StudyCheckpoint"("studyId", "id");

-- AddForeignKey
ALTER TABLE "Session" ADD CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Account" ADD CONSTRAINT "Account_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "TwoFactor" ADD CONSTRAINT "TwoFactor_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Passkey" ADD CONSTRAINT "Passkey_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SigningPin" ADD CONSTRAINT "SigningPin_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "PersonalToken" ADD CONSTRAINT "PersonalToken_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "UserNotice" ADD CONSTRAINT "UserNotice_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ProtocolVersion" ADD CONSTRAINT "ProtocolVersion_studyId_fkey" FOREIGN KEY ("studyId") REFERENCES "Study"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Member" ADD CONSTRAINT "Member_studyId_fkey" FOREIGN KEY ("studyId") REFERENCES "Study"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Member" ADD CONSTRAINT "Member_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
