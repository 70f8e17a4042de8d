import { FEATURES } from '@facetgrade/grading/feature'
import type { Modality } from '@facetgrade/grading/modality'
import { scaleOf } from '@facetgrade/grading/protocol-cells'
import { z } from 'zod'
import type { OpenWall, StudyActor } from '../procedure.ts'
import { verifySplit } from '../split/verify-split.ts'
import type { StudyKind } from '../studies/study-store.ts'
import { StudyError } from '../study-error.ts'

/** Whose grades teach: every reader's, the reference's, or those that were built into phantoms. */
export const LabelSource = z.enum(['readers', 'reference', 'phantom-truth'])
export type LabelSource = z.infer<typeof LabelSource>

export type ExportHead = {
  studyCode: string
  studyKind: StudyKind
  splitSeal: string
  protocol: { version: number; hash: string }
  labels: LabelSource
  modalities: readonly Modality[]
  /** Patients of each part today, later ones and withdrawn ones counted; of the test part this number alone. */
  partSizes: { train: number; validation: number; test: number }
  /** Cut-offs of every feature that a modality asks; severity has three. */
  cutOffs: Readonly<Record<Modality, Readonly<Record<string, number>>>>
}

type Context = Pick<OpenWall, 'stores' | 'asSystem'> & { actor: StudyActor }
type Asked = { labels: LabelSource; modalities: readonly Modality[] }

/**
 * What a training export stands on, with every reason against making one. Leaves a row in the trail.
 *
 * @throws {StudyError} SPLIT_NOT_SEALED, SPLIT_BROKEN (the stored parts are not the sealed ones), POINTS_NONE_PUBLISHED,
 * REFERENCE_MISSING, LABELS_OF_PHANTOMS_ONLY
 */
export async function beginExport(ctx: Context, { labels, modalities }: Asked): Promise<ExportHead> {
  const { studyId } = ctx.actor
  const { stores } = ctx
  const { code, kind } = await stores.studies.show(studyId)
  if (labels === 'phantom-truth' && kind === 'real') throw new StudyError('LABELS_OF_PHANTOMS_ONLY')
  const verified = await verifySplit(ctx)
  if (!verified.isIntact) throw new StudyError('SPLIT_BROKEN')
  if (!(await stores.trainingExport.hasPoints(studyId))) throw new StudyError('POINTS_NONE_PUBLISHED')
  if (labels === 'reference') await latestReference(ctx)
  const { version, hash, protocol } = await stores.protocol.latest(studyId)
  const asked = protocol.modalities.filter((modality) => modalities.includes(modality))
  const cutOffs = (modality: Modality): Record<string, number> => ({
    ...Object.fromEntries(
      FEATURES.map((feature) => [feature, (scaleOf(protocol, modality, feature)?.length ?? 1) - 1]),
    ),
    severity: protocol.severity.levels.length - 1,
  })
  const partSizes = await ctx.asSystem(async ({ split }) => {
    const counts = { train: 0, validation: 0, test: 0 }
    for (const { part } of await split.allocations(studyId)) counts[part] += 1
    return counts
  })
  await stores.audit.write({
    action: 'training-export.begun',
    object: 'Study',
    objectId: studyId,
    new: { labels, modalities: asked.join(), protocolVersion: version, splitSeal: verified.sealHash },
  })
  return {
    studyCode: code,
    studyKind: kind,
    splitSeal: verified.sealHash,
    protocol: { version, hash },
    labels,
    modalities: asked,
    partSizes,
    cutOffs: { ct: cutOffs('ct'), mr: cutOffs('mr'), xray: cutOffs('xray') },
  }
}

/** Its number alone; the cells are read under the modeller's own policies. @throws {StudyError} REFERENCE_MISSING */
export async function latestReference({ actor, asSystem }: Pick<Context, 'actor' | 'asSystem'>): Promise<string> {
  const reference = await asSystem(({ reference: store }) => store.latest(actor.studyId))
  if (!reference) throw new StudyError('REFERENCE_MISSING')
  return reference.referenceId
}
