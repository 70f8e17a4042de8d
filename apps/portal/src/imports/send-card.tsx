'use client'
import type { KeyFile } from '@facetgrade/dicom/study-key'
import { Banner } from '@facetgrade/ui/banner'
import { Button } from '@facetgrade/ui/button'
import { Card } from '@facetgrade/ui/card'
import { ProgressBar } from '@facetgrade/ui/progress-bar'
import { Stack } from '@facetgrade/ui/stack'
import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'
import { useRefusalText } from '../shell/refusal.ts'
import { CheckingProgress } from './checking-progress.tsx'
import { ChooseFiles } from './choose-files.tsx'
import { ChooseKey } from './choose-key.tsx'
import type { Chosen } from './chosen-files.ts'
import { ParsingUnavailable } from './parse-pool.ts'
import { UploadRefused } from './upload-pack.ts'
import { type Sending, type Settings, useSending } from './use-sending.ts'

/** From the chosen folder to the server's last answer, in one place. */
export function SendCard({
  studyCode,
  settings,
  onKey,
}: {
  studyCode: string
  settings: Settings
  onKey: (keyFile: KeyFile | undefined) => void
}) {
  const t = useTranslations('imports')
  const refusalText = useRefusalText()
  const { sending, start, cancel } = useSending(studyCode)
  const [chosen, setChosen] = useState<Chosen>()
  const [keyFile, setKeyFile] = useState<KeyFile>()
  const isRunning = sending.phase === 'reading' || sending.phase === 'sending'
  const takeKey = (key: KeyFile | undefined) => {
    setKeyFile(key)
    onKey(key)
  }
  const failure = (error: unknown): string => {
    if (error instanceof ParsingUnavailable) return t('parsingUnavailable')
    if (error instanceof UploadRefused && error.code === 'STORAGE_FULL') return t('storageFull')
    return refusalText(error)
  }
  return (
    <Card title={t('new')}>
      <Stack>
        <p>{t('staysHere')}</p>
        {/* Hidden, not gone: the browser shows what was chosen in its own inputs alone. */}
        <div hidden={isRunning}>
          <Stack>
            <ChooseFiles chosen={chosen} onChosen={setChosen} />
            <ChooseKey settings={settings} onKey={takeKey} />
            <div>
              <Button
                variant="primary"
                disabled={!chosen || !keyFile}
                onClick={() => {
                  if (chosen && keyFile) void start({ chosen, keyFile, settings })
                }}
              >
                {t('start')}
              </Button>
            </div>
          </Stack>
        </div>
        {isRunning && <SendingProgress sending={sending} onCancel={() => void cancel()} />}
        {sending.phase === 'sent' && <CheckingProgress studyCode={studyCode} importId={sending.importId} />}
        {sending.phase === 'stopped' && <Banner tone="warning">{t('stopped')}</Banner>}
        {sending.phase === 'failed' && (
          <Banner tone="danger">
            {failure(sending.error)} {t('goOn')}
          </Banner>
        )}
      </Stack>
    </Card>
  )
}

function SendingProgress({ sending, onCancel }: { sending: Sending; onCancel: () => void }) {
  const t = useTranslations('imports')
  const format = useFormatter()
  const cancel = { label: t('cancel'), onCancel }
  if (sending.phase !== 'sending') return <ProgressBar label={t('reading')} cancel={cancel} />
  const { files, total, bytes, seconds } = sending
  const filesPerSecond = seconds > 0 ? files / seconds : 0
  const secondsLeft = filesPerSecond > 0 ? Math.ceil((total - files) / filesPerSecond) : undefined
  return (
    <ProgressBar
      label={t('sending')}
      value={files}
      max={total}
      detail={t('progress', { files, total, refused: sending.refused })}
      rate={t('rate', {
        files: format.number(filesPerSecond, { maximumFractionDigits: 0 }),
        megabytes: format.number(seconds > 0 ? bytes / 1e6 / seconds : 0, { maximumFractionDigits: 1 }),
      })}
      {...(secondsLeft === undefined
        ? {}
        : { timeLeft: t('left', { minutes: Math.floor(secondsLeft / 60), seconds: secondsLeft % 60 }) })}
      cancel={cancel}
    />
  )
}
