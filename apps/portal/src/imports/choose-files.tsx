'use client'
import { classNames } from '@facetgrade/ui/class-names'
import { Field, TextField } from '@facetgrade/ui/field'
import { Row } from '@facetgrade/ui/stack'
import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'
import { type Chosen, chosenFromDrop, chosenFromInput, chosenSize } from './chosen-files.ts'
import styles from './imports.module.css'

/** A folder or an archive, by choosing or dropping. The drop area is a convenience; everything works by the two inputs. */
export function ChooseFiles({ chosen, onChosen }: { chosen: Chosen | undefined; onChosen: (chosen: Chosen) => void }) {
  const t = useTranslations('imports')
  const format = useFormatter()
  const [isOver, setIsOver] = useState(false)
  const take = (next: Chosen | undefined) => {
    if (next) onChosen(next)
  }
  const size = chosen && chosenSize(chosen)
  return (
    <div
      className={classNames(styles['drop'], isOver && styles['over'])}
      onDragOver={(event) => {
        event.preventDefault()
        setIsOver(true)
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setIsOver(false)
        void chosenFromDrop(event.dataTransfer.items).then(take)
      }}
    >
      <p>{t('drop')}</p>
      <Row gap="l" align="start">
        <Field label={t('folder')}>
          {(control) => (
            <input
              {...control}
              type="file"
              multiple
              // React has no name for this attribute; browsers do.
              ref={(input) => input?.setAttribute('webkitdirectory', '')}
              onChange={(event) => take(event.target.files ? chosenFromInput(event.target.files) : undefined)}
            />
          )}
        </Field>
        <TextField
          type="file"
          label={t('archive')}
          accept=".zip,.tar,.tgz,.gz,application/zip,application/gzip,application/x-tar"
          onChange={(event) => take(event.target.files ? chosenFromInput(event.target.files) : undefined)}
        />
      </Row>
      {size && (
        <output className={styles['chosen']}>
          {size.files === null ? t('chosenArchive') : t('chosenFiles', { files: size.files })} ·{' '}
          {format.number(size.bytes / 1e6, { maximumFractionDigits: 1 })} MB
        </output>
      )}
    </div>
  )
}
