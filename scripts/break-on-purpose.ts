import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// `node scripts/break-on-purpose.ts`: breaks a copy of the code in one way at a time and sees that a test notices. A test
// that cannot fail proves nothing. Exit 1 when a break goes unnoticed, or when the unbroken copy does not pass.
type Break = {
  readonly name: string
  readonly file: string
  readonly find: string
  readonly replace: string
  readonly tests: string
}

const SOURCE = 'packages/inference/src'
const vectors = `${SOURCE}/preprocessing-vectors.test.ts`
const exported = `${SOURCE}/node-training-export.test.ts`
const run = `${SOURCE}/run-case.test.ts`

const BREAKS: readonly Break[] = [
  {
    name: 'the sides are swapped',
    file: `${SOURCE}/crop-volume.ts`,
    find: "isMirrored: side === 'right'",
    replace: "isMirrored: side === 'left'",
    tests: vectors,
  },
  {
    name: 'right joints are not mirrored',
    file: `${SOURCE}/crop-volume.ts`,
    find: "isMirrored: side === 'right'",
    replace: 'isMirrored: false',
    tests: run,
  },
  {
    name: 'slices come in the reverse order',
    file: `${SOURCE}/open-volume.ts`,
    find: 'const decoded = instances.get(sopInstanceUid)?.frames[frame]',
    replace:
      'const decoded = instances.get(stack.frames.at(-1 - stack.frames.findIndex((one) => one.sopInstanceUid === sopInstanceUid && one.frame === frame))?.sopInstanceUid ?? "")?.frames[frame]',
    tests: vectors,
  },
  {
    name: 'the rescale slope is forgotten',
    file: `${SOURCE}/resample.ts`,
    find: 'const scale = isNegated ? -slope : slope',
    replace: 'const scale = isNegated ? -1 : 1',
    tests: vectors,
  },
  {
    name: 'the window of the normalisation is another',
    file: `${SOURCE}/preprocessing.ts`,
    find: 'low: -400,',
    replace: 'low: -380,',
    tests: vectors,
  },
  {
    name: 'the percentiles of MR are others',
    file: `${SOURCE}/preprocessing.ts`,
    find: 'highPercentile: 99,',
    replace: 'highPercentile: 98,',
    tests: vectors,
  },
  {
    name: 'MONOCHROME1 is taken for MONOCHROME2',
    file: `${SOURCE}/open-volume.ts`,
    find: "isNegated: first.shape.photometric === 'MONOCHROME1' &&",
    replace: "isNegated: first.shape.photometric === 'MONOCHROME2' &&",
    tests: vectors,
  },
  {
    name: 'a tilted gantry is taken for a straight one',
    file: `${SOURCE}/resample.ts`,
    find: 'Math.abs(before.row - row) < 1e-5',
    replace: 'Math.abs(before.row - row) < 1e5',
    tests: vectors,
  },
  {
    name: 'voxels begin at their corner and not at their centre',
    file: `${SOURCE}/axis-weights.ts`,
    find: '(output - (count - 1) / 2) * step',
    replace: '(output - count / 2) * step',
    tests: vectors,
  },
  {
    name: 'a test patient may be exported',
    file: `${SOURCE}/node-training-export.ts`,
    find: "if (!part) throw new ExportRefusal('TEST_PATIENT')",
    replace: "if (!part) return addPatient(writer, { ...patient, part: 'train' })",
    tests: exported,
  },
  {
    name: 'one image may train and validate',
    file: `${SOURCE}/used-images.ts`,
    find: "throw new ExportRefusal('IMAGE_IN_TWO_PARTS')",
    replace: 'continue',
    tests: exported,
  },
  {
    name: 'what nobody could assess is taught as grade 0',
    file: `${SOURCE}/label-row.ts`,
    find: 'if (grades.length === 0) continue',
    replace: '',
    tests: exported,
  },
  {
    name: 'rows of the midline picture run from foot to head',
    file: `${SOURCE}/localiser-slab.ts`,
    find: 'rowStep: scaled(directionOf(volume, axes.z), -rowMm)',
    replace: 'rowStep: scaled(directionOf(volume, axes.z), rowMm)',
    tests: `${SOURCE}/propose-points.test.ts`,
  },
  {
    name: 'the left joint is proposed as the right one',
    file: `${SOURCE}/propose-points.ts`,
    find: "return [point('left', a, left.mass), point('right', b, right.mass)]",
    replace: "return [point('right', a, left.mass), point('left', b, right.mass)]",
    tests: `${SOURCE}/propose-points.test.ts`,
  },
  {
    name: 'the prior shift has the wrong sign',
    file: `${SOURCE}/calibrate.ts`,
    find: '+ (shifts[cut] ?? 0)',
    replace: '- (shifts[cut] ?? 0)',
    tests: `${SOURCE}/calibrate.test.ts`,
  },
  {
    name: 'metal is graded',
    file: `${SOURCE}/joint-crop.ts`,
    find: "if (hasMetal) return none('metal')",
    replace: '',
    tests: run,
  },
  {
    name: 'bytes are loaded unseen',
    file: `${SOURCE}/open-model.ts`,
    find: "createHash('sha256').update(bytes).digest('hex') !== expected",
    replace: 'expected === undefined',
    tests: run,
  },
]

const root = join(import.meta.dirname, '..')
const copy = mkdtempSync(join(tmpdir(), 'facetgrade-broken-'))
const COPIED = [
  'packages/inference',
  'packages/dicom',
  'packages/grading',
  'protocols',
  'vitest.config.ts',
  'package.json',
  'tsconfig.base.json',
]

function isNoticed(tests: string): boolean {
  const { status } = spawnSync(join(root, 'node_modules/.bin/vitest'), ['run', '--project', 'unit', tests], {
    cwd: copy,
    encoding: 'utf8',
  })
  return status !== 0
}

let unnoticed = 0
try {
  for (const path of COPIED) cpSync(join(root, path), join(copy, path), { recursive: true, verbatimSymlinks: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  for (const tests of new Set(BREAKS.map((one) => one.tests))) {
    if (isNoticed(tests)) throw new Error(`${tests} fails before anything is broken`)
  }
  for (const { name, file, find, replace, tests } of BREAKS) {
    const path = join(copy, file)
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
