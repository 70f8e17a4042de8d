'use client'
import { Button } from '@facetgrade/ui/button'
import { Dialog } from '@facetgrade/ui/dialog'
import { SelectField, TextAreaField } from '@facetgrade/ui/field'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useRefusalText } from '../../shell/refusal.ts'

const REASONS = ['numbering', 'wrong_image', 'image_quality'] as const
type Reason = (typeof REASONS)[number]

/** Hands the case back to the coordinator: another numbering, or wrong images. */
export function ReturnDialog({
  isOpen,
  onClose,
  onReturn,
}: {
  isOpen: boolean
  onClose: () => void
  onReturn: (reason: Reason, note: string | null) => Promise<void>
}) {
  const t = useTranslations('reading')
  const shell = useTranslations('shell')
  const refusalText = useRefusalText()
  const [reason, setReason] = useState<Reason>('numbering')
  const [note, setNote] = useState('')
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const send = async () => {
    setIsBusy(true)
    setProblem(undefined)
    try {
      await onReturn(reason, note.trim() === '' ? null : note.trim())
      onClose()
    } catch (error) {
      setProblem(refusalText(error))
    } finally {
      setIsBusy(false)
    }
  }
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      title={t('returnCase')}
      description={t('returnLead')}
      closeLabel={shell('cancel')}
      footer={
        <>
          <Button onClick={onClose}>{shell('cancel')}</Button>
          <Button variant="danger" isBusy={isBusy} onClick={() => void send()}>
            {t('returnCase')}
          </Button>
        </>
      }
    >
      <SelectField
        label={shell('reason')}
        value={reason}
        options={REASONS.map((value) => ({ value, label: t(`returnReason.${value}`) }))}
        onChange={(event) => setReason(REASONS.find((one) => one === event.target.value) ?? 'numbering')}
      />
      <TextAreaField
        label={t('returnNote')}
        value={note}
        maxLength={500}
        onChange={(event) => setNote(event.target.value)}
        error={problem}
      />
    </Dialog>
  )
}
