import type { Command } from 'commander'
import type { CliContext } from './cli-context.ts'
import { registerAssign } from './commands/assign.ts'
import { registerDeid } from './commands/deid.ts'
import { registerDemo } from './commands/demo.ts'
import { registerEvaluate } from './commands/evaluate.ts'
import { registerExport } from './commands/export.ts'
import { registerImport } from './commands/import.ts'
import { registerKey } from './commands/key.ts'
import { registerModelCommand } from './commands/model.ts'
import { registerPhantom } from './commands/phantom.ts'
import { registerPhantomExport } from './commands/phantom-export.ts'
import { registerPoints } from './commands/points.ts'
import { registerPredict } from './commands/predict.ts'
import { registerProtocol } from './commands/protocol.ts'
import { registerReport } from './commands/report.ts'
import { registerScreen } from './commands/screen.ts'
import { registerSplit } from './commands/split.ts'
import { registerStudy } from './commands/study.ts'
import { registerTrainingExport } from './commands/training-export.ts'
import { registerUser } from './commands/user.ts'

/** Every command. One line a noun, sorted. */
export const COMMANDS: readonly ((program: Command, context: CliContext) => void)[] = [
  registerAssign,
  registerDeid,
  registerDemo,
  registerEvaluate,
  registerExport,
  registerImport,
  registerKey,
  registerPhantom,
  registerPhantomExport,
  registerPoints,
  registerModelCommand,
  registerPredict,
  registerProtocol,
  registerReport,
  registerScreen,
  registerSplit,
  registerStudy,
  registerTrainingExport,
  registerUser,
]
