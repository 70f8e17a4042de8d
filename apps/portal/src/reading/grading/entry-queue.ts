import { GradeEntry } from '@facetgrade/grading/grade-event'
import { z } from 'zod'
import type { EntryQueue, SentEntry } from './grading-session.ts'

const DATABASE = 'facetgrade-reading'
const ENTRIES = 'entries'
const KEYS = 'keys'
const Stored = z.object({
  id: z.string(),
  owner: z.string(),
  order: z.number(),
  iv: z.instanceof(Uint8Array),
  sealed: z.instanceof(ArrayBuffer),
})

/**
 * The entries of one person's open case in this browser, sealed with a key that scripts can use and never read
 * (AES-GCM, not extractable). They outlive a killed tab and a reload, and go when the server has acknowledged them.
 */
export async function browserEntryQueue(owner: { userId: string; assignmentId: string }): Promise<EntryQueue> {
  const database = await openDatabase()
  const key = await sealingKey(database)
  const name = `${owner.userId}/${owner.assignmentId}`
  let order = Date.now()
  return {
    async all() {
      const rows = await finished(database.transaction(ENTRIES).objectStore(ENTRIES).index('owner').getAll(name))
      const stored = z
        .array(Stored)
        .parse(rows)
        .toSorted((a, b) => a.order - b.order)
      order = Math.max(order, (stored.at(-1)?.order ?? 0) + 1)
      return Promise.all(stored.map((row) => unsealed(key, row)))
    },
    async put(entry) {
      const iv = crypto.getRandomValues(new Uint8Array(12))
      const place = order
      order += 1
      const sealed = await crypto.subtle.encrypt(
        { name: 'AES-GCM', iv },
        key,
        new TextEncoder().encode(JSON.stringify(entry)),
      )
      const row = { id: entry.id, owner: name, order: place, iv, sealed }
      await finished(database.transaction(ENTRIES, 'readwrite', { durability: 'strict' }).objectStore(ENTRIES).put(row))
    },
    async remove(ids) {
      if (ids.length === 0) return
      const store = database.transaction(ENTRIES, 'readwrite').objectStore(ENTRIES)
      await Promise.all(ids.map((id) => finished(store.delete(id))))
    },
  }
}

async function unsealed(key: CryptoKey, row: z.infer<typeof Stored>): Promise<SentEntry> {
  const iv = new Uint8Array(row.iv)
  const bytes = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, row.sealed)
  return GradeEntry.parse(JSON.parse(new TextDecoder().decode(bytes)))
}

async function sealingKey(database: IDBDatabase): Promise<CryptoKey> {
  const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
  const store = database.transaction(KEYS, 'readwrite').objectStore(KEYS)
  const known: unknown = await finished(store.get('sealing'))
  if (known instanceof CryptoKey) return known
  await finished(store.put(made, 'sealing'))
  return made
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1)
  request.onupgradeneeded = () => {
    request.result.createObjectStore(ENTRIES, { keyPath: 'id' }).createIndex('owner', 'owner')
    request.result.createObjectStore(KEYS)
  }
  return finished(request)
}

function finished<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB refused'))
  })
}
