import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { ANATOMY } from './anatomy.ts'
import { drawsOf } from './draws.ts'
import { type JointForm, jointForm } from './joint-form.ts'
import type { JointGrades } from './joint-grades.ts'
import { type Sight, sightOfCt, sightOfMr, visibilityOf } from './visibility.ts'

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')
const NONE: JointGrades = { narrowing: 0, hypertrophy: 0, osteophytes: 0, erosion: 0, cyst: 0 }
const level = ANATOMY[4]
if (level === undefined) throw new RangeError('no L4/5')
const formsWith = (grades: Partial<JointGrades>): JointForm[] =>
  Array.from({ length: 40 }, (_, index) =>
    jointForm(drawsOf(sha256, 'visibility', String(index)), level, {
      grades: { ...NONE, ...grades },
      size: 1,
      angleDegrees: 45,
    }),
  )
const shareVisible = (sight: Sight, feature: keyof JointGrades, grade: number): number =>
  formsWith({ [feature]: grade }).filter((form) => visibilityOf(sight, form, feature).visible).length / 40
const thin = sightOfCt(55, { pixelMm: 0.4, spacingMm: 1, noiseHu: 18 })
const thick = sightOfCt(55, { pixelMm: 0.4, spacingMm: 3, noiseHu: 18 })
const mr = sightOfMr(55, { pixelMm: 0.65, spacingMm: 4.4, noise: 0.03 })
const xray = (offTangentDegrees: number): Sight => ({ modality: 'xray', pixelMm: 0.5, noise: 0.02, offTangentDegrees })

test('thin slices show every grade of every feature; thick ones lose the small erosions', () => {
  for (const feature of ['narrowing', 'hypertrophy', 'osteophytes', 'erosion', 'cyst'] as const)
    for (const grade of [0, 1, 2, 3]) expect(shareVisible(thin, feature, grade)).toBe(1)
  expect(shareVisible(thick, 'erosion', 1)).toBeLessThan(0.5)
  expect(shareVisible(thick, 'erosion', 3)).toBe(1)
})

test('MR shows large cysts and not the smallest, and a joint without a lesion as one without', () => {
  expect(shareVisible(mr, 'cyst', 1)).toBe(0)
  expect(shareVisible(mr, 'cyst', 3)).toBe(1)
  expect(shareVisible(mr, 'erosion', 1)).toBe(0)
  for (const form of formsWith({})) expect(visibilityOf(mr, form, 'cyst')).toEqual({ visible: true, cnr: null })
})

test('X-ray shows the joint space only where the beam runs along it', () => {
  expect(shareVisible(xray(5), 'narrowing', 2)).toBeGreaterThan(0.8)
  expect(shareVisible(xray(25), 'narrowing', 2)).toBe(0)
  expect(shareVisible(xray(5), 'osteophytes', 3)).toBe(1)
  expect(shareVisible(xray(5), 'osteophytes', 1)).toBeLessThan(1)
})

test('more noise never makes a sign visible', () => {
  const [form] = formsWith({ erosion: 2 })
  if (form === undefined) throw new RangeError('no form')
  const cnr = [12, 28, 60].map(
    (noiseHu) => visibilityOf(sightOfCt(55, { pixelMm: 0.8, spacingMm: 1.5, noiseHu }), form, 'erosion').cnr ?? 0,
  )
  expect(cnr).toEqual(cnr.toSorted((a, b) => b - a))
})
