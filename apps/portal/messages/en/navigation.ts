import type { ScreenId } from '../../src/shell/screens.ts'

export default {
  label: 'Study',
  home: 'Overview',
  imports: 'Import',
  patients: 'Patients',
  screening: 'Screening',
  xraySides: 'X-ray sides',
  split: 'Split',
  assignments: 'Assignments',
  worklist: 'My readings',
  adjudication: 'Adjudication',
  models: 'Models',
  evaluation: 'Evaluation',
  exports: 'Export',
  members: 'Members',
  protocol: 'Protocol',
} satisfies Record<ScreenId | 'label', string>
