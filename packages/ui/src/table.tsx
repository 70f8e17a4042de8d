import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { classNames } from './class-names.tsx'
import styles from './table.module.css'

export type Column<Row> = {
  id: string
  header: ReactNode
  cell: (row: Row) => ReactNode
  /** Numbers end at the same edge and take figures of equal width. */
  isNumeric?: boolean
  /** The cell that names the row. */
  isRowHeader?: boolean
}

export type TableProps<Row> = {
  /** Says what the table holds; read aloud, and shown unless `isCaptionHidden`. */
  caption: ReactNode
  isCaptionHidden?: boolean
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  rowKey: (row: Row) => string
  /** In place of the rows when there are none. */
  empty?: ReactNode
  /** Keyset paging: shown while there is a next page. */
  more?: { label: string; isLoading: boolean; onMore: () => void } | undefined
}

export function Table<Row>({ caption, isCaptionHidden = false, columns, rows, rowKey, empty, more }: TableProps<Row>) {
  if (rows.length === 0 && empty !== undefined) return <>{empty}</>
  return (
    <div className={styles['frame']}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls sideways must be reachable by keyboard (axe: scrollable-region-focusable) */}
      <section className={styles['scroll']} tabIndex={0} aria-label={typeof caption === 'string' ? caption : undefined}>
        <table className={styles['table']}>
          <caption className={classNames(styles['caption'], isCaptionHidden && styles['hidden'])}>{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.id} scope="col" className={classNames(column.isNumeric && styles['numeric'])}>
                  {column.header}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={rowKey(row)}>
                {columns.map((column) =>
                  column.isRowHeader ? (
                    <th key={column.id} scope="row">
                      {column.cell(row)}
                    </th>
                  ) : (
                    <td key={column.id} className={classNames(column.isNumeric && styles['numeric'])}>
                      {column.cell(row)}
                    </td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {more && (
        <div className={styles['more']}>
          <Button onClick={more.onMore} isBusy={more.isLoading}>
            {more.label}
          </Button>
        </div>
      )}
    </div>
  )
}
