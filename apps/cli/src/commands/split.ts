import type { PartCounts } from '@facetgrade/grading/split-seal'
import type { Command } from 'commander'
import { z } from 'zod'
import type { CliContext } from '../cli-context.ts'
import { RefusedError, UsageError } from '../refusal.ts'
import { studyOf } from '../study-option.ts'

type Options = { study: string }
type SealOptions = Options & { rosterHash: string; protocolVersion?: string }

/** Preview, seal, show and check the split of a study's patients. */
export function registerSplit(program: Command, context: CliContext): void {
  const split = program.command('split').description("the split of a study's patients: preview, seal, show, verify")
  const command = (name: string, description: string) =>
    split.command(name).description(description).requiredOption('--study <code>')
  command('preview', 'what sealing would do today, in counts; the first preview draws the seed').action(
    (options: Options) => preview(context, studyOf(options)),
  )
  command('seal', 'seal the split that was previewed, for ever; proves who you are by the PIN in FACETGRADE_PIN')
    .requiredOption('--roster-hash <hash>', 'of the preview: any other roster is refused')
    .option('--protocol-version <number>', 'of the preview: any other version is refused (default: the one in force)')
    .action((options: SealOptions) => seal(context, studyOf(options), options))
  command('show', 'the seal as it stands, in counts').action((options: Options) => show(context, studyOf(options)))
  command('verify', 'draw the sealed split again and compare; exit 3 when something does not hold').action(
    (options: Options) => verify(context, studyOf(options)),
  )
}

const counted = ({ train, validation, test }: PartCounts): string =>
  `${train} training, ${validation} validation, ${test} test`

async function preview(context: CliContext, studyCode: string): Promise<void> {
  const shown = await context.api().split.preview.mutate({ studyCode })
  const { draw, leftOut, patients } = shown
  const lines = draw
    ? [
        ...draw.strata.map(({ stratum, counts }) => `${stratum}: ${counted(counts)}`),
        `${patients} patients: ${counted(draw.counts)}`,
        `Seal this with: facetgrade split seal --study ${studyCode} --roster-hash ${draw.rosterHash} --protocol-version ${draw.protocolVersion}`,
      ]
    : ['Nobody is eligible after both looks yet.']
  lines.push(
    `Left out: ${leftOut.not_screened} not screened, ${leftOut.second_look_missing} without the second look, ${leftOut.excluded} excluded, ${leftOut.withdrawn} withdrawn.`,
  )
  context.done(shown, lines.join('\n'))
}

const RosterHash = z.string().regex(/^[0-9a-f]{64}$/)
const Pin = z.string().regex(/^\d{6,12}$/)

async function seal(
  context: CliContext,
  studyCode: string,
  { rosterHash, protocolVersion }: SealOptions,
): Promise<void> {
  const hash = RosterHash.safeParse(rosterHash)
  if (!hash.success) throw new UsageError('--roster-hash is 64 hexadecimal digits, as split preview prints them')
  const wanted = z.coerce.number().int().positive().optional().safeParse(protocolVersion)
  if (!wanted.success) throw new UsageError('--protocol-version is a number, as split preview prints it')
  const pin = Pin.safeParse(context.env['FACETGRADE_PIN'])
  if (!pin.success) {
    throw new RefusedError('PIN_MISSING', 'Sealing is signed: set FACETGRADE_PIN to your PIN (6 to 12 digits).')
  }
  const api = context.api()
  const version = wanted.data ?? (await api.protocol.show.query({ studyCode })).version
  const sealed = await api.split.seal.mutate({
    studyCode,
    rosterHash: hash.data,
    protocolVersion: version,
    proof: { method: 'pin', pin: pin.data },
  })
  context.done(sealed, `The split is sealed: ${sealed.sealHash}`)
}

async function show(context: CliContext, studyCode: string): Promise<void> {
  const shown = await context.api().split.show.query({ studyCode })
  if (shown.state === 'open') {
    context.done(
      shown,
      shown.seedDrawnAt === null ? 'Not sealed; no seed drawn.' : `Not sealed; seed drawn ${shown.seedDrawnAt}.`,
    )
    return
  }
  const lines = [
    `Sealed ${shown.sealedAt} by ${shown.sealedByName}, protocol version ${shown.protocolVersion}, ${shown.algorithmVersion}`,
    `roster ${shown.rosterHash}`,
    `seal   ${shown.sealHash}`,
    ...(shown.seed === null ? [] : [`seed   ${shown.seed}`]),
    ...shown.strata.map(({ stratum, counts }) => `${stratum}: ${counted(counts)}`),
    `sealed: ${counted(shown.counts)}`,
    `allocated later: ${counted(shown.later)}`,
    `withdrawn since: ${counted(shown.withdrawn)}`,
  ]
  context.done(shown, lines.join('\n'))
}

async function verify(context: CliContext, studyCode: string): Promise<void> {
  const found = await context.api().split.verify.query({ studyCode })
  const broken = found.checks.flatMap(({ check, holds }) => (holds ? [] : [check]))
  if (broken.length > 0) {
    throw new RefusedError('SPLIT_ALTERED', `The split does not hold: ${broken.join(', ')}.`, {
      failed: broken.join(', '),
    })
  }
  context.done(
    found,
    `${found.sealedPatients} sealed and ${found.laterPatients} later patients: all as drawn. Seal ${found.sealHash}`,
  )
}
