import type en from './en.ts'
import account from './zh/account.ts'
import administration from './zh/administration.ts'
import invitation from './zh/invitation.ts'
import members from './zh/members.ts'
import navigation from './zh/navigation.ts'
import protocol from './zh/protocol.ts'
import refusals from './zh/refusals.ts'
import roles from './zh/roles.ts'
import shell from './zh/shell.ts'
import signIn from './zh/sign-in.ts'
import studies from './zh/studies.ts'

/** Every word of the portal, a file per noun; one line a noun, sorted. */
export default {
  account,
  administration,
  invitation,
  members,
  navigation,
  protocol,
  refusals,
  roles,
  shell,
  signIn,
  studies,
} satisfies typeof en
