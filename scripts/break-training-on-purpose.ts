import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { suitablePython, TRAINING, trainingPython } from './training-environment.ts'

// `node scripts/break-training-on-purpose.ts`: as break-on-purpose.ts does for the TypeScript, breaks a copy of the training
// in one way at a time and sees that a test notices. Exit 1 when a break goes unnoticed, or when the unbroken copy fails.
type Break = {
  readonly name: string
  readonly file: string
  readonly find: string
  readonly replace: string
  readonly tests: string
}

const BREAKS: readonly Break[] = [
  {
    name: 'the loss ignores which cells can be seen',
    file: 'losses.py',
    find: '((per_head * mask).sum(0)',
    replace: '(per_head.sum(0)',
    tests: 'test_losses.py',
  },
  {
    name: 'the loss ignores where a scale ends',
    file: 'losses.py',
    find: '(cells * cutoff_mask)',
    replace: 'cells',
    tests: 'test_losses.py',
  },
  {
    name: 'a conditional step is taught to those who never reached it',
    file: 'losses.py',
    find: 'targets[..., :-1]], dim=2)',
    replace: 'torch.ones_like(targets[..., :-1])], dim=2)',
    tests: 'test_losses.py',
  },
  {
    name: 'the network is trained on validation patients',
    file: 'grader_training.py',
    find: 'train = one.rows.of_part("train")',
    replace: 'train = one.rows.of_part("validation")',
    tests: 'test_crop_batch.py',
  },
  {
    name: 'a test patient in the manifest is overlooked',
    file: 'export_manifest.py',
    find: 'if not set(manifest.patients) <= set(PARTS):',
    replace: 'if not manifest.patients:',
    tests: 'test_refusals.py',
  },
  {
    name: 'rows of test patients are trained on',
    file: 'export_rows.py',
    find: 'if "test" in rows.part:',
    replace: 'if not rows.part:',
    tests: 'test_refusals.py',
  },
  {
    name: 'one image may train and validate',
    file: 'export_rows.py',
    find: '_refuse_shared(\n        rows, rows.pixel_hash,',
    replace: '_refuse_shared(\n        rows, rows.exam,',
    tests: 'test_refusals.py',
  },
  {
    name: 'a changed array is read',
    file: 'training_export.py',
    find: '"sha256").hexdigest() != expected',
    replace: '"sha256").hexdigest() == ""',
    tests: 'test_refusals.py',
  },
  {
    name: 'normalisation statistics come from all patients',
    file: 'grader_training.py',
    find: 'rows, found = data.rows.of_part("train"), list',
    replace: 'rows, found = np.arange(len(data.crops)), list',
    tests: 'test_crop_batch.py',
  },
  {
    name: 'normalisation forgets the deviation',
    file: 'grader_network.py',
    find: '/ per_channel(self.deviation) ',
    replace: '',
    tests: 'test_crop_batch.py',
  },
  {
    name: 'slices come in the reverse order',
    file: 'crop_batch.py',
    find: 'within = np.arange(first, first + layout.seen)',
    replace: 'within = np.arange(first, first + layout.seen)[::-1]',
    tests: 'test_crop_batch.py',
  },
  {
    name: 'augmentation flips the side',
    file: 'crop_batch.py',
    find: 'theta[:, 1, 0] = np.sin(angle) * share',
    replace: 'theta[:, 0, 0] *= -1',
    tests: 'test_crop_batch.py',
  },
  {
    name: 'the prior shift has the wrong sign',
    file: 'sampling.py',
    find: 'found - _logit(_prevalence(train, weights))',
    replace: '_logit(_prevalence(train, weights)) - found',
    tests: 'test_calibration.py',
  },
  {
    name: 'the conformal threshold is that of too few',
    file: 'conformal.py',
    find: 'np.floor(alpha * (len(own) + 1))',
    replace: 'np.floor(4 * alpha * (len(own) + 1))',
    tests: 'test_calibration.py',
  },
  {
    name: 'intervals take joints for patients',
    file: 'clustered_interval.py',
    find: 'clusters = np.split(order, np.flatnonzero(np.diff(patients[order])) + 1)',
    replace: 'clusters = np.split(order, np.arange(1, len(order)))',
    tests: 'test_calibration.py',
  },
  {
    name: 'points stay where they were while the image moves',
    file: 'localiser_batch.py',
    find: '- (stored - 1) / 2 - centre[:, None]',
    replace: '- (stored - 1) / 2',
    tests: 'test_localiser.py::test_augmentation_moves_points_with_the_image',
  },
  {
    name: 'levels are taken in any order',
    file: 'heatmap_decoding.py',
    find: 'if p[0] < c[0]',
    replace: 'if p[0] < c[0] or p[0] >= c[0]',
    tests: 'test_localiser.py::test_the_order_of_levels_outweighs_a_brighter_wrong_peak',
  },
  {
    name: 'another normalisation is served than was trained',
    file: 'served_form.py',
    find: 'return fuse_conv_bn_eval(convolution, own), Folded()',
    replace: 'return convolution, Folded()',
    tests: 'test_onnx.py::test_folding_normalisation_changes_nothing_but_rounding',
  },
]

const python = suitablePython()
if (python === undefined) {
  process.stdout.write('skipped (needs Python 3.11)\n')
  process.exit(0)
}
const interpreter = trainingPython(python)
const copy = mkdtempSync(join(tmpdir(), 'facetgrade-broken-'))

const isNoticed = (tests: string): boolean =>
  spawnSync(interpreter, ['-m', 'pytest', '-x', `tests/${tests}`], { cwd: copy, stdio: 'ignore' }).status !== 0

let unnoticed = 0
try {
  cpSync(TRAINING, copy, { recursive: true, filter: (path) => !['.venv', '__pycache__'].includes(basename(path)) })
  for (const tests of new Set(BREAKS.map((one) => one.tests))) {
    if (isNoticed(tests)) throw new Error(`${tests} fails before anything is broken`)
  }
  for (const { name, file, find, replace, tests } of BREAKS) {
    const path = join(copy, 'facetgrade_training', file)
    const whole = readFileSync(path, 'utf8')
    if (whole.split(find).length !== 2) throw new Error(`${file} has no single "${find}" to break`)
    writeFileSync(
      path,
      whole.replace(find, () => replace),
    )
    const noticed = isNoticed(tests)
    writeFileSync(path, whole)
    if (!noticed) unnoticed += 1
    process.stdout.write(`${noticed ? 'caught   ' : 'UNNOTICED'}  ${name}\n`)
  }
  process.stdout.write(`${BREAKS.length - unnoticed} of ${BREAKS.length} breaks were caught\n`)
} finally {
  rmSync(copy, { recursive: true, force: true })
}
process.exitCode = unnoticed === 0 ? 0 : 1
