import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { asSystemIn } from '@facetgrade/testing/behind-the-wall'
import { useTestDatabase } from '@facetgrade/testing/postgres-fixture'
import { aWorld } from '@facetgrade/testing/study-world'
import { afterEach, expect, test } from 'vitest'
import { writeCtFolder } from '../test/dicom-folder.ts'
import { anInstallation, type Installation } from '../test/installation.ts'

const database = useTestDatabase()
let installation: Installation | undefined
afterEach(async () => {
  await installation?.close()
})

const HEADER = 'issuer,patient_id,modality,level,side,feature,grade,visible,cnr'
const TRUTH = [
  ',MRN0,CT,L4L5,left,cyst,2,1,4.5',
  ',MRN0,CT,L4L5,right,cyst,0,1,',
  ',MRN1,ct,L4L5,left,narrowing,3,false,0.8',
]
const point = (level: string, side: 'left' | 'right', z: number) => ({
  level,
  side,
  kind: 'lps',
  mm: [side === 'left' ? -94 : -98, -78, z],
  frameOfReference: '1.2.3.9',
})
const SPINE = [point('L3L4', 'left', 3), point('L3L4', 'right', 3), point('L4L5', 'left', 1), point('L4L5', 'right', 1)]

/** Two invented patients with five slices each, their truth and their points, as a phantom folder holds them. */
async function aPhantomFolder(kind: 'synthetic' | 'real') {
  const { db, boss } = database()
  const world = await aWorld(db, boss, { kind })
  const at = await anInstallation(database(), world)
  installation = at
  await Promise.all([at.startApi(), at.startWorker()])
  const [images, truth, points] = [
    join(at.folder, 'images'),
    join(at.folder, 'truth.csv'),
    join(at.folder, 'points.json'),
  ]
  writeCtFolder(images, { patients: 2, perPatient: 5 })
  const writeTruth = (lines: readonly string[]) => {
    writeFileSync(truth, `${[HEADER, ...lines].join('\n')}\n`)
  }
  const writePoints = (ofFirst: readonly object[]) => {
    const exams = [ofFirst, SPINE].map((given, index) => ({
      issuer: '',
      patient_id: `MRN${index}`,
      modality: 'CT',
      study_uid: `1.2.826.2.${index}`,
      points: given,
    }))
    writeFileSync(points, JSON.stringify({ format: 'facetgrade-points/1', exams }))
  }
  writeTruth(TRUTH)
  writePoints(SPINE)
  const study = ['--study', world.studyCode]
  return {
    world,
    at,
    study,
    points,
    writeTruth,
    writePoints,
    take: () => at.facetgrade('import', images, ...study, '--truth', truth, '--points', points, '--json'),
    stored: () =>
      asSystemIn(db, world, async (wall) => ({
        truth: await wall.phantomTruth.count(),
        points: await wall.pointSet.count(),
        images: await wall.instance.count(),
      })),
  }
}

test('built-in grades and points follow their images under keyed identifiers, and a second time change nothing', async () => {
  const { take, stored, at, study, points, world } = await aPhantomFolder('synthetic')
  const first = await take()
  expect(first).toMatchObject({ status: 0 })
  expect(JSON.parse(first.out)).toMatchObject({
    outcomes: { accepted: 10 },
    truth: { cells: 3, added: 3, unchanged: 0 },
    points: { exams: 2, published: 2, unchanged: 0, points: 8 },
  })
  expect(JSON.parse((await take()).out)).toMatchObject({
    outcomes: { duplicate: 10 },
    truth: { added: 0, unchanged: 3 },
    points: { published: 0, unchanged: 2 },
  })
  expect(await at.facetgrade('points', 'import', points, ...study)).toMatchObject({
    status: 0,
    out: 'points: 8 in 2 exams; 0 exams published, 2 unchanged\n',
  })
  expect(await stored()).toEqual({ truth: 3, points: 2, images: 10 })
  const documents = await asSystemIn(database().db, world, (wall) => wall.pointSet.findMany())
  // Nothing of the hospital's own identifiers reached the server.
  expect(JSON.stringify(documents)).not.toMatch(/1\.2\.3\.9|1\.2\.826|MRN/)
  const shown = await at.facetgrade('points', 'show', ...study)
  expect(shown.out.match(/version 1, 4 joints, from import/g)).toHaveLength(2)
})

test('a study of patients takes no built-in grades, and then not the images either', async () => {
  const { take, stored } = await aPhantomFolder('real')
  const { status, out } = await take()
  expect({ status, ...JSON.parse(out) }).toMatchObject({ status: 3, error: { code: 'TRUTH_IN_REAL_STUDY' } })
  expect(await stored()).toEqual({ truth: 0, points: 0, images: 0 })
})

test('one bad line or one point outside refuses both tables whole, with its place', async () => {
  const { take, stored, writeTruth, writePoints } = await aPhantomFolder('synthetic')
  const refused = async () => {
    const { status, out } = await take()
    return { status, ...JSON.parse(out) }
  }
  writeTruth([...TRUTH, ',MRN1,ct,L4L5,left,narrowing,3,1,', ',MRN1,ct,L4L5,left,severity,1,1,'])
  expect(await refused()).toMatchObject({ status: 3, error: { code: 'TRUTH_TABLE_INVALID', details: { problems: 2 } } })
  writeTruth([...TRUTH, ',MRN7,ct,L4L5,left,narrowing,3,1,'])
  expect(await refused()).toMatchObject({ status: 3, error: { code: 'TRUTH_PATIENT_UNKNOWN', details: { row: 5 } } })
  writeTruth(TRUTH)
  writePoints([point('L4L5', 'left', 30)])
  expect(await refused()).toMatchObject({
    status: 3,
    error: { code: 'POINTS_OUTSIDE', details: { exam: 1, joint: 'L4L5-left' } },
  })
  expect(await stored()).toEqual({ truth: 0, points: 0, images: 10 })
})
