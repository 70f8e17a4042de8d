import { ROLES } from '@facetgrade/grading/role'
import type { Command } from 'commander'
import { z } from 'zod'
import type { CliContext } from '../cli-context.ts'
import { UsageError } from '../refusal.ts'
import { studyOf } from '../study-option.ts'

const StudyRole = z.enum(ROLES).exclude(['administrator', 'system'])
type InviteOptions = { name: string; study?: string; role?: string; group?: string; administrator?: boolean }

/** Invite people: into a study (its investigator), or to the installation (an administrator). */
export function registerUser(program: Command, context: CliContext): void {
  const user = program.command('user').description('people: invite')
  user
    .command('invite <email>')
    .description('prints a one-time link that is valid for 72 hours; nothing is mailed')
    .requiredOption('--name <text>')
    .option('--study <code>', 'into this study, with --role')
    .option('--role <role>', StudyRole.options.join(', '))
    .option('--group <name>', "a reader's group, as the protocol names it")
    .option('--administrator', 'without --study: as an administrator of the installation')
    .action((email: string, options: InviteOptions) => invite(context, email, options))
}

async function invite(context: CliContext, email: string, options: InviteOptions): Promise<void> {
  const api = context.api()
  if (options.study === undefined) {
    if (options.role !== undefined) throw new UsageError('--role needs --study')
    const isAdministrator = options.administrator === true
    const invitation = await api.people.inviteAccount.mutate({ email, name: options.name, isAdministrator })
    tell(context, invitation)
    return
  }
  const role = StudyRole.safeParse(options.role)
  if (!role.success) throw new UsageError(`--role is one of ${StudyRole.options.join(', ')}`)
  const invitation = await api.people.invite.mutate({
    studyCode: studyOf({ study: options.study }),
    email,
    name: options.name,
    role: role.data,
    readerGroup: options.group ?? null,
  })
  tell(context, invitation)
}

function tell(context: CliContext, invitation: { path?: string; expiresInHours: number }): void {
  const link = invitation.path === undefined ? null : `${context.address()}${invitation.path}`
  const text =
    link === null
      ? 'The person has an account already; the role is given.'
      : `${link}\nvalid once, for ${invitation.expiresInHours} hours`
  context.done({ ...invitation, link }, text)
}
