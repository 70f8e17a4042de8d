'use client'
import { type KeyFile, KeyFileError, openStudyKey, parseKeyFile } from '@facetgrade/dicom/study-key'
import { TextField } from '@facetgrade/ui/field'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import type { Settings } from './use-sending.ts'

/** The key file from disk: read into memory, compared with the study's fingerprint, never stored and never sent. */
export function ChooseKey({ settings, onKey }: { settings: Settings; onKey: (keyFile: KeyFile | undefined) => void }) {
  const t = useTranslations('imports')
  const [problem, setProblem] = useState<'keyInvalid' | 'keyOther'>()
  const read = async (file: File | undefined) => {
    setProblem(undefined)
    onKey(undefined)
    if (!file) return
    try {
      const keyFile = parseKeyFile(await file.text())
      const { fingerprint } = openStudyKey(keyFile, settings.studyCode)
      if (settings.keyFingerprint !== null && settings.keyFingerprint !== fingerprint) setProblem('keyOther')
      else onKey(keyFile)
    } catch (error) {
      if (!(error instanceof KeyFileError)) throw error
      setProblem('keyInvalid')
    }
  }
  return (
    <TextField
      type="file"
      label={t('key')}
      hint={settings.keyFingerprint === null ? t('keyFirst') : t('keyHint')}
      error={problem && t(problem)}
      onChange={(event) => void read(event.target.files?.[0])}
    />
  )
}
