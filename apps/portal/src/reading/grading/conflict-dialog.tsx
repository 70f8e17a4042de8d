'use client'
import type { GradeEntry } from '@facetgrade/grading/grade-event'
import { Button } from '@facetgrade/ui/button'
import { Dialog } from '@facetgrade/ui/dialog'
import { Table } from '@facetgrade/ui/table'
import { useLocale, useTranslations } from 'next-intl'
import { textLanguage } from '../../shell/locale.ts'
import type { Conflict } from './grading-session.ts'
import { levelName } from './level-name.ts'
import type { ReadingForm } from './reading-form.ts'

/** The same cells were graded in another tab or on another machine: both values are shown, and the reader decides. */
export function ConflictDialog({
  form,
  conflict,
  onChoose,
}: {
  form: ReadingForm
  conflict: Conflict | null
  onChoose: (choice: 'mine' | 'theirs') => void
}) {
  const t = useTranslations('reading')
  const language = textLanguage(useLocale())
  const said = (value: GradeEntry['value']): string => {
    if (value.kind === 'graded') return String(value.grade)
    return value.kind === 'not_graded' ? t('notGraded') : t(`reason.${value.reason.code}`)
  }
  return (
    <Dialog
      isOpen={conflict !== null}
      onOpenChange={() => undefined}
      title={t('conflictTitle')}
      description={t('conflictLead')}
      footer={
        <>
          <Button onClick={() => onChoose('theirs')}>{t('takeTheirs')}</Button>
          <Button variant="primary" onClick={() => onChoose('mine')}>
            {t('keepMine')}
          </Button>
        </>
      }
    >
      <Table
        caption={t('conflictTitle')}
        isCaptionHidden
        rows={conflict?.cells ?? []}
        rowKey={({ cell }) => `${cell.level}-${cell.side}/${cell.feature}`}
        columns={[
          {
            id: 'cell',
            header: t('joint'),
            isRowHeader: true,
            cell: ({ cell }) =>
              `${levelName(cell.level)} ${t(`side.${cell.side}`)} ${form.features.find(({ feature }) => feature === cell.feature)?.label[language] ?? ''}`,
          },
          { id: 'mine', header: t('mine'), cell: ({ mine }) => said(mine) },
          { id: 'theirs', header: t('theirs'), cell: ({ theirs }) => said(theirs) },
        ]}
      />
    </Dialog>
  )
}
