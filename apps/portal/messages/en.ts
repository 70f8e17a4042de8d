import account from './en/account.ts'
import invitation from './en/invitation.ts'
import navigation from './en/navigation.ts'
import refusals from './en/refusals.ts'
import roles from './en/roles.ts'
import shell from './en/shell.ts'
import signIn from './en/sign-in.ts'
import studies from './en/studies.ts'

/** Every word of the portal, a file per noun; one line a noun, sorted. */
export default { account, invitation, navigation, refusals, roles, shell, signIn, studies }
