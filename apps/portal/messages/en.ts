import account from './en/account.ts'
import adjudication from './en/adjudication.ts'
import administration from './en/administration.ts'
import assignments from './en/assignments.ts'
import evaluation from './en/evaluation.ts'
import exports from './en/exports.ts'
import imports from './en/imports.ts'
import invitation from './en/invitation.ts'
import members from './en/members.ts'
import models from './en/models.ts'
import navigation from './en/navigation.ts'
import patients from './en/patients.ts'
import protocol from './en/protocol.ts'
import reading from './en/reading.ts'
import refusals from './en/refusals.ts'
import roles from './en/roles.ts'
import screening from './en/screening.ts'
import shell from './en/shell.ts'
import signIn from './en/sign-in.ts'
import split from './en/split.ts'
import studies from './en/studies.ts'
import xraySides from './en/xray-sides.ts'

/** Every word of the portal, a file per noun; one line a noun, sorted. */
export default {
  account,
  adjudication,
  administration,
  assignments,
  evaluation,
  exports,
  imports,
  invitation,
  members,
  models,
  navigation,
  patients,
  protocol,
  reading,
  refusals,
  roles,
  screening,
  shell,
  signIn,
  split,
  studies,
  xraySides,
}
