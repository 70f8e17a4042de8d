import { Table } from '@facetgrade/ui/table'
import { useFormatter, useTranslations } from 'next-intl'

const PARTS = ['train', 'validation', 'test'] as const
type Counts = Readonly<Record<(typeof PARTS)[number], number>>
const TOTAL = 'total'

/** Patients per stratum and part, with their totals in the last row. */
export function PartsTable({
  strata,
  counts,
}: {
  strata: readonly { stratum: string; counts: Counts }[]
  counts: Counts
}) {
  const t = useTranslations('split')
  const format = useFormatter()
  const rows = [
    ...strata.map((row) => ({ id: `stratum ${row.stratum}`, name: row.stratum, counts: row.counts })),
    { id: TOTAL, name: t('total'), counts },
  ]
  return (
    <Table
      caption={t('partsCaption')}
      rows={rows}
      rowKey={({ id }) => id}
      columns={[
        {
          id: 'stratum',
          header: t('stratum'),
          isRowHeader: true,
          cell: ({ id, name }) => (id !== TOTAL && name === 'all' ? t('allPatients') : name),
        },
        ...PARTS.map((part) => ({
          id: part,
          header: t(`parts.${part}`),
          isNumeric: true,
          cell: (row: (typeof rows)[number]) => (
            <span data-testid={row.id === TOTAL ? `split-total-${part}` : undefined}>
              {format.number(row.counts[part])}
            </span>
          ),
        })),
        {
          id: 'all',
          header: t('together'),
          isNumeric: true,
          cell: (row) => format.number(row.counts.train + row.counts.validation + row.counts.test),
        },
      ]}
    />
  )
}
