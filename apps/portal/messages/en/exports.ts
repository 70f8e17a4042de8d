export default {
  title: 'Exports',
  lead: 'Long tables for R, Python, SAS, SPSS and Stata, with a codebook. Every download is written to the audit trail.',
  testSealed: 'The test part is sealed: the files hold training and validation, and of the test part the counts alone.',
  testOpen: 'The test part is open: the files hold all parts.',
  files: 'Files',
  file: 'File',
  what: 'What is in it',
  get: 'Download',
  download: 'Download {file}',
  counts: 'How much there is',
  part: 'Part',
  partName: { train: 'Training', validation: 'Validation', test: 'Test', none: 'Not allocated' },
  count: {
    patients: 'Patients',
    readings: 'Readings begun',
    signedReadings: 'Readings signed',
    gradeEvents: 'Grade events',
    consensusCells: 'Consensus cells',
    referenceCells: 'Reference cells',
  },
  encoding:
    'CSV in UTF-8 with a byte order mark. Empty is missing; a grade is empty unless the state is “graded”, and 0 is always a grade. Readers appear by code, never by name.',
}
