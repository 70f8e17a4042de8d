import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { gradeCounts } from '@facetgrade/phantom/cohort-tables'
import { phantomPatient } from '@facetgrade/phantom/phantom-patient'
import type { PhantomAnswer, PhantomTask, PhantomWorkerData } from './phantom-task.ts'

const { folder, settings } = workerData as PhantomWorkerData
const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')

parentPort?.on('message', ({ index }: PhantomTask) => {
  const made = phantomPatient({ ...settings, sha256, index })
  let bytes = 0
  for (const modality of settings.modalities)
    mkdirSync(join(folder, made.patient.patientId, modality), { recursive: true })
  for (const file of made.files) {
    writeFileSync(join(folder, made.patient.patientId, file.modality, file.name), file.bytes)
    bytes += file.bytes.length
  }
  const { patient, truth, exams, grades } = made
  const answer: PhantomAnswer = {
    index,
    patient,
    truth,
    exams,
    files: made.files.length,
    bytes,
    grades: gradeCounts([grades]),
  }
  parentPort?.postMessage(answer)
})
