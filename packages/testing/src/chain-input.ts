import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseDicom } from '@facetgrade/dicom/parse'
import { createKeyFile } from '@facetgrade/dicom/study-key'
import { type DicomElement, writeDicom } from '@facetgrade/dicom/write-dicom'
import { type PhantomPatient, phantomPatient } from '@facetgrade/phantom/phantom-patient'

type DicomModality = 'CT' | 'MR' | 'DX'
type Person = { patientId: string; name: string; sex: 'F' | 'M'; birthDate: string; ageYears: number; site: string }

/** A hospital's export as the coordinator finds it on the disk, the key, the clinical table, and who is in it. */
export type ChainInput = {
  studyKind: 'real' | 'synthetic'
  folder: string
  keyFile: string
  clinicalTable: string
  files: number
  patients: readonly { patientId: string; name: string; modalities: readonly DicomModality[] }[]
}

const PATIENTS = 14
const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')
/** CT for all, MR for two, X-ray for two others. */
const modalitiesOf = (index: number): DicomModality[] => (index < 2 ? ['CT', 'MR'] : index < 4 ? ['CT', 'DX'] : ['CT'])

/** Computed images of invented patients. Synthetic phantoms; says nothing about patients. */
export function phantomInput(folder: string): ChainInput {
  const made = Array.from({ length: PATIENTS }, (_, index) =>
    phantomPatient({
      sha256,
      seed: 'chain',
      index,
      modalities: modalitiesOf(index),
      size: 'compact',
      prevalence: 'natural',
    }),
  )
  const people = made.map(({ patient }) => patient)
  const files = made.flatMap((phantom, index) => phantomFiles(phantom, index))
  return onDisk({ folder, studyKind: 'synthetic', issuer: made[0]?.patient.issuer ?? '', people, files })
}

/** The first patients keep every slice; of the others every fourth keeps the import short. */
function phantomFiles({ files }: PhantomPatient, index: number): HospitalFile[] {
  const ct = files.filter(({ modality }) => modality === 'CT')
  const kept = index < 2 ? ct : ct.filter((_, slice) => slice % 4 === 0)
  return [...kept, ...files.filter(({ modality }) => modality !== 'CT')].map(({ modality, bytes }, file) => ({
    path: join(`patient-${index + 1}`, modality, `${file + 1}.dcm`),
    bytes,
  }))
}

const REAL_FOLDERS: Readonly<Record<DicomModality, string>> = {
  CT: 'CT_lumbar_TS_axial',
  MR: 'MR_sag_T2_SCT',
  DX: 'DX_synthetic_DRR',
}

/** The shared lumbar images, given to several invented patients under identifiers of their own. */
export function sharedImagesInput(folder: string, shared: string): ChainInput {
  const originals = Object.fromEntries(
    Object.entries(REAL_FOLDERS).map(([modality, name]) => [
      modality,
      readdirSync(join(shared, name))
        .filter((file) => file.endsWith('.dcm'))
        .toSorted()
        .map((file) => new Uint8Array(readFileSync(join(shared, name, file)))),
    ]),
  )
  const people = Array.from({ length: PATIENTS }, (_, index) => inventedPerson(index))
  const files = people.flatMap((person, index) =>
    modalitiesOf(index).flatMap((modality) =>
      (originals[modality] ?? [])
        // Every eighth slice spans the same spine at a spacing that is still regular, and keeps the import short.
        .filter((_, slice) => modality !== 'CT' || slice % 8 === 0)
        .map((bytes, file) => ({
          path: join(`patient-${index + 1}`, modality, `${file + 1}.dcm`),
          bytes: givenTo(person, bytes),
        })),
    ),
  )
  return onDisk({ folder, studyKind: 'real', issuer: 'INVENTED', people, files })
}

function inventedPerson(index: number): Person {
  const ageYears = 38 + ((index * 7) % 45)
  return {
    patientId: `HOSP${70_000 + index * 13}`,
    name: `Invented^Person${String(index + 1).padStart(3, '0')}`,
    sex: index % 2 === 0 ? 'F' : 'M',
    birthDate: `${2021 - ageYears}0315`,
    ageYears,
    site: index % 3 === 0 ? 'B' : 'A',
  }
}

const UIDS = new Set([0x00080018, 0x0020000d, 0x0020000e, 0x00200052])

/** The same image under another patient: identity, date and every identifier replaced, all else byte for byte. */
function givenTo(person: Person, original: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const { dataset } = parseDicom(original)
  const { bytes } = dataset.source
  const identity: DicomElement[] = [
    { tag: 0x00080020, vr: 'DA', text: '20210615' },
    { tag: 0x00100010, vr: 'PN', text: person.name },
    { tag: 0x00100020, vr: 'LO', text: person.patientId },
    { tag: 0x00100021, vr: 'LO', text: 'INVENTED' },
    { tag: 0x00100030, vr: 'DA', text: person.birthDate },
    { tag: 0x00100040, vr: 'CS', text: person.sex },
  ]
  const replaced = new Set(identity.map(({ tag }) => tag))
  const kept = [...dataset.elements.values()].flatMap(({ tag, vr, start, length }): DicomElement[] => {
    if (replaced.has(tag)) return []
    if (vr === undefined) throw new RangeError('the shared images are written with explicit representations')
    const value = bytes.slice(start, start + length)
    if (!UIDS.has(tag)) return [{ tag, vr, bytes: value }]
    const uid = new TextDecoder().decode(value).replace(/\0+$/, '')
    return [{ tag, vr, text: `2.25.${BigInt(`0x${sha256(`${person.patientId}|${uid}`).slice(0, 32)}`)}` }]
  })
  return writeDicom([...kept, ...identity])
}

type HospitalFile = { path: string; bytes: Uint8Array }

function onDisk(of: {
  folder: string
  studyKind: ChainInput['studyKind']
  issuer: string
  people: readonly Person[]
  files: readonly HospitalFile[]
}): ChainInput {
  const images = join(of.folder, 'export')
  for (const { path, bytes } of of.files) {
    mkdirSync(join(images, path, '..'), { recursive: true })
    writeFileSync(join(images, path), bytes)
  }
  const keyFile = join(of.folder, 'study.key')
  writeFileSync(keyFile, JSON.stringify(createKeyFile(new Date().toISOString())), { mode: 0o600 })
  const clinicalTable = join(of.folder, 'patients.csv')
  const rows = of.people.map(({ patientId, sex, ageYears, site }) =>
    [of.issuer, patientId, sex, ageYears, site].join(','),
  )
  writeFileSync(clinicalTable, `issuer,patient_id,sex,age_years,site\n${rows.join('\n')}\n`)
  return {
    studyKind: of.studyKind,
    folder: images,
    keyFile,
    clinicalTable,
    files: of.files.length,
    patients: of.people.map(({ patientId, name }, index) => ({ patientId, name, modalities: modalitiesOf(index) })),
  }
}
