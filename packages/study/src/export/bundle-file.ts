import { BundleManifest } from '@facetgrade/bundle/manifest'
import { actorIn, type RequestContext } from '../procedure.ts'
import { StudyError } from '../study-error.ts'
import type { StoredBundle } from './bundle-store.ts'
import { EXPORT_ROLES } from './export-roles.ts'

/** A finished bundle with its parsed manifest and that of its text which `manifest.json` holds. */
export type OpenBundle = {
  readonly bundle: StoredBundle
  readonly manifest: BundleManifest
  readonly manifestText: string
}

export const bundleName = ({ manifest, bundle }: Pick<OpenBundle, 'manifest' | 'bundle'>): string => {
  const { study, isBlinded } = manifest
  return `${study.kind === 'real' ? '' : `${study.kind}-`}${study.code}-bundle-${bundle.ordinal}-${isBlinded ? 'blinded' : 'unblinded'}`
}

/**
 * A finished bundle for a person who may have it; what is taken of it goes into the trail.
 *
 * @param taken  what is downloaded: a file's name, `zip`, `compared with 3`
 * @throws {StudyError} NOT_FOUND for another study's, an absent and an unfinished one
 */
export async function openBundle(
  ctx: RequestContext,
  { studyCode, bundleId, taken }: { studyCode: string; bundleId: string; taken: string },
): Promise<OpenBundle> {
  const { session } = ctx
  if (!session) throw new StudyError('SIGNED_OUT')
  if (!session.hasSecondFactor) throw new StudyError('SECOND_FACTOR_REQUIRED')
  const actor = await actorIn(ctx, session, studyCode, EXPORT_ROLES)
  return ctx.open(actor, async ({ stores }) => {
    const bundle = await stores.bundles.find(bundleId)
    if (bundle?.state !== 'ready') throw new StudyError('NOT_FOUND')
    const manifest = BundleManifest.parse(bundle.manifest)
    const { ordinal, isBlinded, contentHash } = bundle
    await stores.audit.write({
      action: 'bundle.downloaded',
      object: 'Bundle',
      objectId: bundleId,
      new: { ordinal, isBlinded, contentHash, taken },
    })
    return { bundle, manifest, manifestText: manifestText(manifest) }
  })
}

/** `manifest.json` as it was written; the parsed document keeps the order of its members. */
export const manifestText = (manifest: BundleManifest): string => `${JSON.stringify(manifest, null, 2)}\n`
