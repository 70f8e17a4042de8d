import type en from './en.ts'
import account from './zh/account.ts'
import adjudication from './zh/adjudication.ts'
import administration from './zh/administration.ts'
import assignments from './zh/assignments.ts'
import evaluation from './zh/evaluation.ts'
import exports from './zh/exports.ts'
import imports from './zh/imports.ts'
import invitation from './zh/invitation.ts'
import members from './zh/members.ts'
import models from './zh/models.ts'
import navigation from './zh/navigation.ts'
import patients from './zh/patients.ts'
import protocol from './zh/protocol.ts'
import reading from './zh/reading.ts'
import refusals from './zh/refusals.ts'
import roles from './zh/roles.ts'
import screening from './zh/screening.ts'
import shell from './zh/shell.ts'
import signIn from './zh/sign-in.ts'
import split from './zh/split.ts'
import studies from './zh/studies.ts'
import xraySides from './zh/xray-sides.ts'

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
} satisfies typeof en
