import { z } from 'zod'
import { CellFeature, Feature } from './feature.ts'
import { LEVELS, Side } from './joint.ts'
import { Modality } from './modality.ts'
import { Part } from './part.ts'
import { Name, Text } from './protocol-text.ts'
import { ReaderGroup } from './role.ts'

/** One step of an ordinal scale; its index is the grade. */
export const ScaleLevel = z.strictObject({ label: Text, definition: Text })
export type ScaleLevel = z.infer<typeof ScaleLevel>

/** An ordinal scale of two to five levels, grade 0 first. */
export const Scale = z.array(ScaleLevel).min(2).max(5)
export type Scale = z.infer<typeof Scale>

const FeatureQuestion = z.strictObject({
  feature: Feature,
  label: Text,
  /** What to measure or look at, shown beside the scale. */
  guidance: Text,
  /** The scale in each modality. A modality that is absent does not ask the feature: its cells are not applicable. */
  scales: z.partialRecord(Modality, Scale),
})

/** Severity, 0 to 3, that each grade of a scale contributes: index is the grade. Never falls as the grade rises. */
const SeverityTable = z.array(z.int().min(0).max(3)).min(2).max(5)

/** Derivation of the whole-joint grade. Narrowing and cyst follow the switches, the other features their tables. */
const SeverityRule = z.strictObject({
  rule: z.literal('weishaupt'),
  scheme: z.strictObject({
    name: z.string().min(1),
    version: z.string().min(1),
    text: Text,
    citation: z.string().min(1),
  }),
  /** Grades 0 to 3 in words. */
  levels: z.array(ScaleLevel).length(4),
  /** Some readers hold that grades 2 and 3 need a narrowed joint; the text says "and/or". On: without narrowing, at most 1. */
  narrowingRequired: z.boolean(),
  /** On: the last level of the narrowing scale alone makes grade 3. Off: narrowing alone never makes more than 1. */
  severeNarrowingLifts: z.boolean(),
  /** On: any cyst makes grade 3, as the text says. Off: the first cyst level makes 2, and only the later ones 3. */
  smallestCystIsSevere: z.boolean(),
  tables: z.partialRecord(Modality, z.partialRecord(z.enum(['hypertrophy', 'osteophytes', 'erosion']), SeverityTable)),
})
export type SeverityRule = z.infer<typeof SeverityRule>

/** A criterion of eligibility. With `proposal` the system proposes the answer from data; a person still signs it. */
export const Criterion = z.strictObject({
  code: z.string().regex(/^[IE][1-9][0-9]?$/),
  kind: z.enum(['inclusion', 'exclusion']),
  text: Text,
  proposal: z
    .discriminatedUnion('from', [
      z.strictObject({ from: z.literal('imaged_in_period') }),
      z.strictObject({ from: z.literal('minimum_age'), years: z.int().min(0).max(120) }),
      z.strictObject({ from: z.literal('modalities'), any: z.array(Modality).min(1) }),
    ])
    .optional(),
})
export type Criterion = z.infer<typeof Criterion>

/** What a stratum is made of. Age goes by bands: `from: [50, 65]` makes under 50, 50 to 64, 65 and over. */
export const StratumVariable = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('site') }),
  z.strictObject({ by: z.literal('sex') }),
  z.strictObject({ by: z.literal('age'), from: z.array(z.int().min(1).max(90)).min(1).max(9) }),
  z.strictObject({ by: z.literal('column'), column: Name }),
])
export type StratumVariable = z.infer<typeof StratumVariable>

/** Percent of the roster in each part; they make 100. */
const Ratios = z.strictObject({
  train: z.int().min(0).max(100),
  validation: z.int().min(0).max(100),
  test: z.int().min(0).max(100),
})
export type Ratios = z.infer<typeof Ratios>

const ReaderGroupRule = z.strictObject({
  name: ReaderGroup,
  label: Text,
  /** `compared` with the reference, or setting it. A group has one role, so nobody is judged by a truth of his own. */
  role: z.enum(['compared', 'reference']),
  readers: z.int().min(1).max(9),
  /** Letters before the number in reader codes: `J` makes J1, J2. */
  codePrefix: z.string().regex(/^[A-Z]{1,3}$/),
  /** Absent: every part, every modality. */
  parts: z.array(Part).min(1).optional(),
  modalities: z.array(Modality).min(1).optional(),
})
export type ReaderGroupRule = z.infer<typeof ReaderGroupRule>

const DiscordanceRule = z.strictObject({
  /** Two grades of a cell are discordant when they lie at least so many steps apart. */
  steps: z.partialRecord(CellFeature, z.int().min(1).max(4)),
  /** Which grade stands when two grades differ by fewer steps than that. Without effect where every `steps` is 1. */
  withinTolerance: z.enum(['lower', 'higher']),
})
export type DiscordanceRule = z.infer<typeof DiscordanceRule>

const AdjudicationRule = z.strictObject({
  /** The group's readers decide together, on one screen; each confirms. */
  by: z.literal('group_jointly'),
  /** May the group settle on "not assessable"? */
  notAssessableAllowed: z.boolean(),
})

/** A pass over the cases. `share` percent of a reader's cases are read in it. */
const Round = z.strictObject({
  name: Name,
  label: Text,
  kind: z.enum(['first', 'repeat', 'aided']),
  share: z.int().min(1).max(100),
  /** Days between the signature of a case in the round before and its reading in this one. */
  washoutDays: z.int().min(0).max(730),
})
export type Round = z.infer<typeof Round>

/** How one patient's cases lie apart in a reader's order, as far as the roster allows. */
const Spacing = z.strictObject({
  casesBetweenSamePatient: z.int().min(0).max(1000).default(20),
  daysBetweenSamePatient: z.int().min(0).max(365).default(0),
})

const Metric = z.enum(['accuracy', 'precision', 'sensitivity', 'specificity', 'f1', 'auc', 'weighted_kappa'])
export type Metric = z.infer<typeof Metric>

const Endpoints = z.strictObject({
  /** Lead the report; one or more. */
  primary: z.array(Metric).min(1),
  secondary: z.array(Metric),
  /** Truth is positive at grade >= cutGrade. One for every feature that a modality asks, and one for severity. */
  cutGrades: z
    .array(z.strictObject({ modality: Modality, feature: CellFeature, cutGrade: z.int().min(1).max(4) }))
    .min(1),
})

const column = { name: Name, label: Text }
/** A column of the clinical table beyond patient_code, sex, age_years and site. An empty cell is missing, never 0. */
export const ClinicalColumn = z.discriminatedUnion('type', [
  z.strictObject({
    ...column,
    type: z.literal('integer'),
    min: z.int().optional(),
    max: z.int().optional(),
    unit: z.string().optional(),
  }),
  z.strictObject({
    ...column,
    type: z.literal('decimal'),
    min: z.number().optional(),
    max: z.number().optional(),
    unit: z.string().optional(),
  }),
  z.strictObject({
    ...column,
    type: z.literal('code'),
    codes: z.array(z.strictObject({ code: z.string().regex(/^[A-Za-z0-9_]{1,16}$/), label: Text })).min(2),
  }),
])
export type ClinicalColumn = z.infer<typeof ClinicalColumn>

/** How an image first appears. `window` in the units of the modality (Hounsfield for CT); `stored` takes the file's own window. */
export const WindowPreset = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('window'), label: Text, center: z.number(), width: z.number().positive() }),
  z.strictObject({ kind: z.literal('stored'), label: Text }),
])
export type WindowPreset = z.infer<typeof WindowPreset>

const Phase = z.strictObject({
  name: z.enum(['preparation', 'reading', 'evaluation', 'closed']),
  label: Text,
  /** Roles that may see grades other than their own work. Coordinators, modellers and monitors never may. */
  gradesVisibleTo: z.array(z.enum(['investigator', 'statistician'])),
})
export type Phase = z.infer<typeof Phase>

const GlobalGrade = z.strictObject({
  label: Text,
  guidance: Text,
  modalities: z.array(Modality).min(1),
  scale: z.array(ScaleLevel).length(4),
})

/** The document's shape. What holds between its fields is checked by `Protocol`, in protocol.ts. */
export const ProtocolDocument = z.strictObject({
  /** Name of this format; a later, different one gets another number. */
  format: z.literal('facetgrade-protocol/1'),
  /** Entry in a trial registry, such as NCT05635006. */
  registryId: z
    .string()
    .regex(/^[A-Z]{2,8}-?[A-Z0-9.-]{4,24}$/)
    .nullable(),
  title: Text,
  /** Issuer of patient ids where an image or a table names none. */
  defaultPatientIssuer: z.string().regex(/^[A-Za-z0-9_.-]{1,32}$/),
  imagingPeriod: z.strictObject({ from: z.iso.date(), to: z.iso.date() }),
  modalities: z.array(Modality).min(1),
  /** Levels of a usual spine; a patient's level numbering turns them into that patient's own. */
  levels: z.array(z.enum(LEVELS)).min(1),
  sides: z.array(Side).min(1),
  features: z.array(FeatureQuestion).min(1),
  severity: SeverityRule,
  /** Present: readers also grade the whole joint directly, in a cell of its own. */
  globalGrade: GlobalGrade.optional(),
  /** Present and true: the copy key takes grades over from the opposite joint. Off by default, it inflates symmetry. */
  copyFromOppositeSide: z.boolean().default(false),
  eligibility: z.strictObject({ criteria: z.array(Criterion).min(1), secondLook: z.boolean() }),
  plannedPatients: z.int().positive(),
  split: z.strictObject({ ratios: Ratios, strata: z.array(StratumVariable).max(4) }),
  readerGroups: z.array(ReaderGroupRule).min(1),
  discordance: DiscordanceRule,
  adjudication: AdjudicationRule,
  rounds: z.array(Round).min(1),
  /** Percent of first-round cases that come back unannounced, for agreement of readers with themselves. */
  hiddenRepeatsShare: z.int().min(0).max(50).default(0),
  spacing: Spacing,
  /** Which exam is read when a patient has several of one modality; complete: covers every level that is asked. */
  indexExam: z.enum(['first_complete', 'last_complete']),
  /** A modality judged against the reference of another: `{xray: 'ct'}`. Empty: each against its own. */
  referenceTargets: z.partialRecord(Modality, Modality),
  endpoints: Endpoints,
  clinicalColumns: z.array(ClinicalColumn),
  /** Window presets of each modality, the first one applied when the case opens. */
  hanging: z.partialRecord(Modality, z.array(WindowPreset).min(1)),
  phases: z.array(Phase).min(1),
})
export type ProtocolDocument = z.infer<typeof ProtocolDocument>
