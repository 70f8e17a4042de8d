'use client'
import type { Figure } from '@facetgrade/report/figures/figure'
import { Button } from '@facetgrade/ui/button'
import { Table } from '@facetgrade/ui/table'
import { useTranslations } from 'next-intl'
import { useEffect, useId, useRef, useState } from 'react'
import styles from './figure.module.css'

/** Text as large as the page's small text; two columns of a journal are as wide as the card. */
const SCREEN_SIZE = { column: { width: 430, font: 12.5 }, page: { width: 860, font: 12.5 } } as const

/** A figure as it will be printed, its caption, its numbers as a table, and its files at a journal's widths. */
export function FigureView({ figure, files }: { figure: Figure; files: string }) {
  const t = useTranslations('evaluation.figure')
  const place = useRef<HTMLDivElement>(null)
  const [isTable, setIsTable] = useState(false)
  const numbersId = useId()
  useEffect(() => {
    const drawn = figure.draw(document, SCREEN_SIZE[figure.span])
    place.current?.replaceChildren(drawn)
  }, [figure])
  const href = (format: 'svg' | 'pdf', span: Figure['span']) => {
    const [path = '', query = ''] = files.split('?')
    return `${path}/figures/${figure.id}.${format}?${query}&span=${span}`
  }
  return (
    <figure className={styles['figure']} data-testid={`figure-${figure.id}`}>
      <h3 className={styles['title']}>{figure.title}</h3>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolls sideways on a narrow window: reachable by keyboard */}
      <section className={styles['scroll']} tabIndex={0} aria-label={figure.title}>
        <div ref={place} className={styles['drawing']} data-span={figure.span} />
      </section>
      <figcaption className={styles['caption']}>{figure.caption}</figcaption>
      <div className={styles['acts']}>
        <Button size="small" aria-expanded={isTable} aria-controls={numbersId} onClick={() => setIsTable(!isTable)}>
          {t(isTable ? 'hideNumbers' : 'showNumbers')}
        </Button>
        <span className={styles['files']}>
          {t('files')}{' '}
          {(['svg', 'pdf'] as const).map((format) =>
            (['column', 'page'] as const).map((span) => (
              <a
                key={`${format}-${span}`}
                href={href(format, span)}
                download
                aria-label={t('download', {
                  format: format.toUpperCase(),
                  mm: span === 'column' ? 85 : 170,
                  title: figure.title,
                })}
              >
                {format.toUpperCase()} {span === 'column' ? 85 : 170} mm
              </a>
            )),
          )}
        </span>
      </div>
      <div id={numbersId}>
        {isTable && (
          <Table
            caption={t('numbersOf', { title: figure.title })}
            rows={figure.table.rows.map((cells, index) => ({ cells, index }))}
            rowKey={({ index }) => String(index)}
            columns={figure.table.columns.map(({ header, isNumeric }, column) => ({
              id: String(column),
              header,
              isNumeric,
              isRowHeader: column === 0,
              cell: ({ cells }: { cells: readonly string[] }) => cells[column],
            }))}
          />
        )}
      </div>
    </figure>
  )
}
