import { createHash } from 'node:crypto'
import { instanceHeaderOf } from '@facetgrade/dicom/read-instance-header'
import { expect, test } from 'vitest'
import { smallPatient } from './small-set.ts'

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const aPatient = (index: number, seed = 's') => smallPatient({ sha256, seed, index, modalities: ['MR'] })

test('the same seed and index give the same bytes, another index another patient', { timeout: 30_000 }, () => {
  const [once, again, other] = [aPatient(0), aPatient(0), aPatient(1)]
  expect(again.objects.map((object) => digest(object.bytes))).toEqual(
    once.objects.map((object) => digest(object.bytes)),
  )
  expect(other.patient.patientId).not.toBe(once.patient.patientId)
  expect(other.objects.map((object) => digest(object.bytes))).not.toEqual(
    once.objects.map((object) => digest(object.bytes)),
  )
})

test('every object reads back with a header, and the ten joints have grades and points on their own side', {
  timeout: 30_000,
}, () => {
  const patient = aPatient(3)
  for (const { bytes } of patient.objects) expect(instanceHeaderOf(bytes)).toMatchObject({ modality: 'mr' })
  expect(patient.truth.size).toBe(10)
  for (const [joint, [x]] of patient.points) expect(Math.sign(x)).toBe(joint.endsWith('left') ? 1 : -1)
})
