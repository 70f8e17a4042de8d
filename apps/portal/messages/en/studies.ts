import type { ScreenId } from '../../src/shell/screens.ts'
import type { Outputs } from '../../src/shell/trpc.ts'

const kinds = {
  real: 'Real study',
  demo: 'Demonstration',
  synthetic: 'Synthetic images',
} satisfies Record<Outputs['studies']['show']['kind'], string>

const screens = {
  imports: 'Bring in folders of images and the clinical table; see one outcome for every file.',
  patients: 'Every patient under a code: exams, clinical data, X-ray sides, withdrawal.',
  screening: 'Confirm level numbering, judge the criteria, sign eligible or excluded; the flow diagram.',
  xraySides: 'Confirm left and right on every X-ray against its side marker.',
  split: 'Preview the parts by stratum, then seal them for good.',
  assignments: 'Hand the cases to the readers, each in an order of their own.',
  worklist: 'Your own cases in your own order. Nobody sees your grades before the protocol allows it.',
  adjudication: 'Settle, together with your fellow reader, the cells on which you differ.',
  models: 'Register models, order their predictions, follow the runs and what came to nothing.',
  evaluation: 'Lock the plan, unseal the test part, compare the readers with the reference.',
  exports: 'Every grade event, consensus and reference cell as CSV, with its codebook.',
  members: 'Who works in the study and in which role; invitations.',
  protocol: 'What everyone works by: features, scales, criteria, readers, split, endpoints.',
} satisfies Record<Exclude<ScreenId, 'home'>, string>

export default {
  kinds,
  mine: 'My studies',
  mineLead: 'The studies that you have a part in.',
  since: 'since {date}',
  noneTitle: 'No study yet',
  noneAdministrator:
    'Create the first study. It starts from the facet-joint protocol that comes with the product, and names its investigator, who then invites coordinators, readers and statisticians.',
  nonePerson: 'You have an account but no role in a study yet. Ask the investigator of your study to invite you.',
  create: 'Create a study',
  createLead:
    'A study has a code for good, a title, a kind, a protocol and an investigator, who invites everyone else.',
  code: 'Study code',
  codeHint: 'Lower-case letters, digits and hyphens, up to 24. It stands in addresses and exports and never changes.',
  titleLabel: 'Title',
  kind: 'Kind',
  kindHints: {
    real: 'Images of patients, pseudonymised.',
    demo: 'Made-up content to look around in.',
    synthetic: 'Computed images with known grades, for testing models and training readers.',
  } satisfies Record<keyof typeof kinds, string>,
  investigator: 'Email of the investigator',
  investigatorHint: 'Someone with an account. Your own, or a colleague’s: then you will see nothing of the study.',
  protocol: 'Protocol',
  protocolShipped: 'The facet-joint protocol that comes with the product',
  protocolShippedHint: 'X-ray, CT and MR; ten joints, five features; can be amended before and during the study.',
  protocolOwn: 'My own document (JSON)',
  homeLead: 'What there is for you to do, in the order of the study.',
  screens,
  chain: 'The way of the study',
  flow: 'Flow of patients',
  stepStates: { done: 'done', current: 'under way', todo: 'to come', blocked: 'waits for the step before' },
  steps: {
    protocol: 'Protocol',
    imports: 'Import',
    screening: 'Screening',
    split: 'Split',
    reading: 'Reading',
    evaluation: 'Evaluation',
  },
  stepDetails: {
    protocol: 'Version {version} is in force.',
    imports: '{count, plural, =0 {No patient received yet.} one {# patient received.} other {# patients received.}}',
    screening: '{screened} of {received} patients screened, {eligible} eligible.',
    split:
      '{sealed, select, yes {Sealed: {train} training, {validation} validation, {test} test.} other {Not sealed yet.}}',
    splitTotal: '{count, plural, =0 {Not sealed yet.} one {Sealed: # patient.} other {Sealed: # patients.}}',
    reading: '{read} of {all} patients read by everyone.',
    evaluation: '{analysed} of {all} patients have a reference.',
  },
}
