import type { ReactNode } from 'react'
import styles from './definition-list.module.css'

/** Facts: name and value. */
export function DefinitionList({ items }: { items: readonly { id: string; name: ReactNode; value: ReactNode }[] }) {
  return (
    <dl className={styles['list']}>
      {items.map((item) => (
        <div key={item.id} className={styles['item']}>
          <dt>{item.name}</dt>
          <dd>{item.value}</dd>
        </div>
      ))}
    </dl>
  )
}
