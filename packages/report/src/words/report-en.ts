/** Sentences of the report. The Chinese ones have the same shape. */
export const reportEn = {
  title: 'Evaluation report',
  subtitle: (study: string) => `Study ${study}`,
  contents: 'Contents',
  tableLabel: (n: number) => `Table ${n}.`,
  figureLabel: (n: number) => `Figure ${n}.`,
  page: (n: number, of: number) => `${n} / ${of}`,
  joinList: (parts: readonly string[]) =>
    parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`,
  /** A label inside a sentence: small, unless its second letter says that it is a name or an abbreviation. */
  inText: (label: string) => (/^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label),
  criteria: (parts: readonly string[]) => parts.join('; '),
  numbers: 'Numbers',
  section: {
    facts: 'What this report stands on',
    methods: 'Methods',
    participants: 'Participants',
    tableOne: 'Characteristics by part of the split',
    distribution: 'Grades in the reference standard',
    results: 'Results',
    performance: 'Each comparator against the reference standard',
    roc: 'Receiver operating characteristic',
    confusion: 'Grades side by side',
    hypotheses: 'Declared hypotheses',
    differences: 'Model against each reader',
    panel: 'Model against the panel of readers',
    aided: 'Aided reading',
    patientLevel: 'Per patient',
    grades: 'Every grade, and averages over grades',
    discrimination: 'Discrimination at every cut',
    calibration: 'Calibration and clinical utility',
    agreement: 'Agreement of readers',
    readingTime: 'Reading time',
    missing: 'Missing and not assessable',
    subgroups: 'Subgroups',
    failures: 'Largest errors',
    bootstrap: 'Second line: bootstrap intervals',
    limitations: 'Limitations',
    artefacts: 'Artefacts of reporting',
    checklists: 'Reporting checklists',
  },
  methods: {
    design: 'Design and participants',
    readers: 'Readers and reading',
    reference: 'Reference standard',
    model: 'Index test: the model',
    outcomes: 'Outcomes',
    statistics: 'Statistical analysis',
  },
  fact: {
    study: 'Study',
    registration: 'Registration',
    evaluation: 'Evaluation',
    results: 'Hash of the results',
    protocol: 'Protocol',
    plan: 'Analysis plan',
    opening: 'Openings of the test part',
    reference: 'Reference standard',
    seal: 'Seal of the split',
    models: 'Models',
    software: 'Software',
    data: 'Data',
  },
  version: (version: number, hash: string) => `version ${version}, ${hash}`,
  lockedAt: (at: string) => `, locked ${at}`,
  opening: (ordinal: number, total: number, at: string, reason: string) =>
    `opening ${ordinal} of ${total} so far, ${at}; reason: ${reason}`,
  noOpening: 'none: the test part was not used',
  dataKind: {
    real: 'patients',
    demo: 'demonstration: made-up patients and readings; says nothing about patients',
    synthetic: 'synthetic phantoms; says nothing about patients',
  },
  dryRun: 'dry run on made-up grades; says nothing about the study',
  notRegistered: 'not registered',
  noModel: 'none evaluated',
  say: {
    design: (of: { registry: string; modalities: string; features: string; joints: string }) =>
      `This is a retrospective reader study of lumbar facet-joint degeneration (registration: ${of.registry}). ${of.modalities} of each patient were graded. At each joint (${of.joints}) the readers graded ${of.features}, on the ordinal scales of the protocol.`,
    eligibility: (period: string, inclusion: string, exclusion: string) =>
      `Patients imaged ${period} were screened. Inclusion: ${inclusion}. Exclusion: ${exclusion}.`,
    period: (from: string, to: string) => `from ${from} to ${to}`,
    split: (ratios: string, strata: string, seal: string) =>
      `Eligible patients were allocated by patient to training, validation and test parts in the ratio ${ratios}${strata === '' ? '' : `, stratified by ${strata}`}. Seed, algorithm and roster were sealed before any model saw a label (seal ${seal}); all images of a patient stay in one part.`,
    compared: (readers: string, group: string) => `${readers} (${group}) were compared with the reference standard.`,
    referenceGroup: (readers: string, group: string) =>
      `${readers} (${group}) set the reference standard and were never compared with it.`,
    readerCount: (n: number) => (n === 1 ? 'One reader' : `${n} readers`),
    blinding:
      "Each reader graded alone, blinded to other readers, to the model, to clinical data and to the patient's other examinations, in a seeded random order of his or her own.",
    spacing: (cases: number, days: number) =>
      `At least ${cases} other cases${days > 0 ? ` and ${days} days` : ''} lay between two examinations of one patient, as far as the roster allowed.`,
    washout: (round: string, days: number) => `${round} followed after at least ${days} days.`,
    reference: (group: string, steps: string, notAssessable: boolean) =>
      `The reference standard is the consensus of ${group}: cells on which both agreed stand, discordant cells (${steps}) were settled by both together on one screen and signed by both${notAssessable ? '; they could settle on "not assessable"' : ''}.`,
    steps: (steps: string) => `grades at least ${steps} apart, or one of them not assessable`,
    target: (modality: string, target: string) => `${modality} was judged against the reference standard of ${target}.`,
    severity: (scheme: string, citation: string) =>
      `Severity of the whole joint was derived from the features by rule (${scheme}; ${citation}); where features are missing and the rule gives an interval, severity counts as missing.`,
    noReference: 'No reference group is named in the protocol.',
    model: (names: string) =>
      `Models, fixed before the test part was opened: ${names}. Predictions were made once from the published joint positions and kept unseen until the opening. The model's grade is the number of cut-offs that it gives a probability of at least one half.`,
    noModel: 'No model was evaluated; the results below are those of readers.',
    operatingPoint: {
      youden: 'the largest sum of sensitivity and specificity',
      sensitivity_at_least: (value: string) => `the highest specificity with a sensitivity of at least ${value}`,
      specificity_at_least: (value: string) => `the highest sensitivity with a specificity of at least ${value}`,
    },
    operating: (rule: string) =>
      `Its operating point, per feature and modality, was chosen on the validation part (${rule}) and frozen; on the test part it was applied as it stood.`,
    endpoints: (primary: string, secondary: string) =>
      `Primary endpoints, as registered: ${primary}. Secondary: ${secondary}.`,
    cuts: (cuts: string) => `Binary metrics call a joint positive at the protocol's cut grade: ${cuts}.`,
    unit: (level: string) =>
      `The unit of analysis is the joint, the sampling unit the patient: joints of one patient are never treated as independent. Intervals have level ${level}. Results per patient (any joint positive) stand in a section of their own.`,
    proportions: {
      linearised_t:
        'Proportions, their ratios and F1 have linearised variances clustered by patient and t intervals with patients less one degrees of freedom.',
      linearised_logit_t:
        'Proportions have linearised variances clustered by patient and t intervals on the logit scale with patients less one degrees of freedom.',
    },
    kappa: {
      unweighted: 'Kappa is unweighted, on the declared scale',
      linear: 'Kappa has linear weights on the declared scale',
      quadratic: 'Kappa has quadratic weights on the declared scale',
    },
    kappaMore:
      ", with a clustered linearised variance; Gwet's AC2 stands beside it, since kappa falls where a grade is rare.",
    auc: {
      obuchowski_z: "The AUC is non-parametric with Obuchowski's clustered variance and a normal interval.",
      obuchowski_t: "The AUC is non-parametric with Obuchowski's clustered variance and a t interval.",
      obuchowski_logit_t:
        "The AUC is non-parametric with Obuchowski's clustered variance and a t interval on the logit scale.",
    },
    likeWithLike:
      "A reader's ROC comes from ordinal grades; the model is compared with readers by its grades, and its probability is reported beside.",
    bootstrap: (replicates: string, kind: string, seed: number) =>
      `As a second line, ${replicates} bootstrap samples of patients were drawn (${kind}; seed ${seed}).`,
    bootstrapKind: { percentile: 'percentile intervals', bca: 'bias-corrected and accelerated intervals' },
    panel:
      "The model was compared with each reader and with the mean of a panel by the Obuchowski–Rockette method, for these readers first (fixed) and then for readers like these (random, Hillis' degrees of freedom).",
    family: (id: string, hypothesis: string, comparison: string, metrics: string, adjust: string, alpha: string) =>
      `Family "${id}": ${hypothesis}, ${comparison}, ${metrics}; ${adjust} at ${alpha}.`,
    comparison: {
      model_vs_reader: 'model against each reader',
      model_vs_panel: 'model against the panel',
      aided_vs_unaided: 'aided against unaided reading',
      junior_vs_senior: 'juniors against seniors',
    },
    adjust: { holm: "Holm's adjustment", benjamini_hochberg_exploratory: 'Benjamini–Hochberg, exploratory' },
    margin: (margins: string) => `Non-inferiority margins, as absolute differences: ${margins}.`,
    missing: (rules: string) =>
      `A cell that the comparator or the reference leaves open is out of that comparison, counted and shown; it never counts as grade 0. ${rules === '' ? '' : `Second lines: ${rules}.`}`,
    subgroups: (subgroups: string, below: number) =>
      `Subgroups: ${subgroups}; results on fewer than ${below} units are not shown.`,
    locked: (version: number, at: string) =>
      `The plan (version ${version}) was locked ${at}, before the test part was opened.`,
    lockedLate: (version: number, at: string) =>
      `The plan (version ${version}) was locked ${at}, after the test part had been opened before.`,
    notLocked: (version: number) => `The plan (version ${version}) is not locked; this is a dry run.`,
  },
  table: {
    characteristic: 'Characteristic',
    smd: (a: string, b: string) => `SMD ${a} – ${b}`,
    missing: (n: string) => `missing ${n}`,
    meanSd: 'mean (SD); median (quartiles)',
    countPercent: 'n (%)',
    smdNote: 'SMD: absolute standardised mean difference from the training part. Bold: above 0.1.',
    variable: {
      age_years: 'Age, years',
      sex: 'Sex',
      site: 'Site',
      modality: 'Modality',
      modalities: 'Modalities',
      scanner: 'Scanner',
      slice_thickness_mm: 'Slice thickness, mm',
    } as Readonly<Record<string, string>>,
    methodsNote: (methods: string) => `Methods: ${methods}.`,
    ofUnits: (n: string, patients: string) => `n ${n} / ${patients}`,
    unitsNote: (unit: string) =>
      `Cells: estimate and ${unit}. n: units; then patients. Where a metric counts other units, they stand in its cell.`,
    hypothesis: 'Hypothesis',
    family: 'Family',
    decision: 'Decision',
    shown: 'shown',
    notShown: 'not shown',
    margin: 'Margin',
    answered: 'Answered',
    error: 'Error',
    patient: 'Patient',
    joint: 'Joint',
    operatingPoints: 'Operating points, chosen on validation',
    rule: 'Threshold on the probability',
    missingTitle: 'Joints that could have counted and did not',
    rater: {
      raterNotAssessable: 'Comparator: not assessable',
      raterNotGraded: 'Comparator: not graded',
      referenceNotAssessable: 'Reference: not assessable',
      referenceNotGraded: 'No reference',
    },
    failureNote:
      'Images of these joints are shown in the portal to roles that may see images, after the test part was opened; they are not part of this file.',
    everyRow:
      "Every row of the evaluation, with its id, method and degrees of freedom, is in results.json and the tables of the statisticians' bundle.",
  },
  limitation: {
    synthetic:
      'All images are synthetic phantoms. The results show that the chain works; they say nothing about patients.',
    demo: 'Patients and readings are made up for demonstration. The results say nothing about patients.',
    simulated: 'This is a dry run of the plan on made-up grades. No number here is a result of the study.',
    fixedReaders: (n: number) =>
      `Only ${n} readers were compared. Intervals and tests speak for these readers (fixed readers); statements about readers like these have few degrees of freedom and are the second line.`,
    groups: 'A contrast between groups of two readers each is descriptive.',
    reference:
      'The reference standard is the judgement of physicians, not histology: a fixed label overstates how well anyone agrees with it, and "agreement with the reference" is the careful wording.',
    retrospective:
      'The study is retrospective; patients with previous surgery, fracture, spondylolisthesis or severe artefact were excluded, so that results do not carry over to them.',
    xray: 'X-ray is judged against the reference of another modality where the protocol says so; erosion and cysts are not asked on X-ray.',
    fewClusters: (n: number) =>
      `${n} results rest on fewer than 20 patients; their intervals are uncertain and flagged.`,
    undefinedResults: (n: number, of: number) => `${n} of ${of} results are not defined; each says why.`,
    missing: (n: number) =>
      `Up to ${n} joints of a comparison were open on one side and left out; the second lines show how far that could move the results.`,
    internal: 'Training, validation and test parts come from the same source: this is internal testing, not external.',
    dryOpenings: (n: number) =>
      `The test part has been opened ${n} times. Only the first opening is free of knowledge of its results.`,
  },
  state: { there: 'there', partly: 'in part', to_do: 'to do', not_applicable: 'not applicable' },
  checklist: {
    item: 'Item',
    topic: 'What is asked',
    where: 'Evidence',
    state: 'State',
    auto: 'filled here',
    byAuthors: 'authors',
    note: 'Titles are in our own words; wording and numbers of the guideline itself count.',
    noNumber: 'Item numbers are left out: no source for them was at hand.',
  },
}
