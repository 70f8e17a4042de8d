import { createKeyFile, openStudyKey } from '@facetgrade/dicom/study-key'
import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { readKeyFile, writeKeyFile } from '../key-file.ts'

export function registerKey(program: Command, context: CliContext): void {
  const key = program
    .command('key')
    .description('the pseudonymisation key: it stays with the key-holder and never reaches the server')
  key
    .command('create')
    .description('make a new key in a file that only you can read; an existing file is never overwritten')
    .argument('<file>')
    .action((file: string) => {
      writeKeyFile(file, createKeyFile(new Date().toISOString()))
      context.done(
        { file },
        `Made ${file}. Keep a copy where no one but the key-holder can reach it: without it no patient can be added to the study.`,
      )
    })
  key
    .command('fingerprint')
    .description("the key's fingerprint in a study, as the study stores it")
    .argument('<file>')
    .requiredOption('--study <code>')
    .action((file: string, options: { study: string }) => {
      const { fingerprint } = openStudyKey(readKeyFile(file), options.study)
      context.done({ fingerprint, study: options.study }, fingerprint)
    })
}
