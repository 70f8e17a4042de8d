import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils'
import { type MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm'
import pg from 'pg'

const PRISMA = join(import.meta.dirname, '..', 'prisma')
const SCHEMA_FILE = join(PRISMA, 'schema.prisma')
const FILTERS = { externalTables: [], externalEnums: [] }

/** Applies the ordinary Prisma migrations with the official engine (its WASM build: nothing is downloaded). */
export async function migrate(ownerUrl: string): Promise<string[]> {
  return withEngine(ownerUrl, async (engine) => {
    const { appliedMigrationNames } = await engine.applyMigrations({
      migrationsList: migrationsList(),
      filters: FILTERS,
    })
    return appliedMigrationNames
  })
}

/** SQL that turns the migrated database into what schema.prisma says: the text of the next migration; empty when it is. */
export async function schemaDrift(ownerUrl: string): Promise<string> {
  return withEngine(ownerUrl, async (engine) => {
    const files = [{ path: SCHEMA_FILE, content: readFileSync(SCHEMA_FILE, 'utf8') }]
    const { stdout } = await engine.diff({
      from: { tag: 'schemaDatasource', files, configDir: PRISMA },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      filters: FILTERS,
    })
    return withoutSameDefaults(stdout ?? '')
  })
}

/** The engine takes `dbgenerated("now()")` and the default that it made for two things; they are one. */
function withoutSameDefaults(sql: string): string {
  const statements = sql.split(/\n(?=-- )/).map((statement) =>
    statement
      .replaceAll(/ALTER COLUMN "\w+" SET DEFAULT now\(\)(,\n)?/g, '')
      .replace(/,\s*;/, ';')
      .trim(),
  )
  const isEmpty = (statement: string) =>
    statement === '' ||
    statement === '-- This is an empty migration.' ||
    /^-- \w+\nALTER TABLE "\w+" ;$/.test(statement)
  return statements.filter((statement) => !isEmpty(statement)).join('\n\n')
}

async function withEngine<T>(ownerUrl: string, work: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  // The engine keeps its connections, and with them the migration lock, past free(): only ending the pool lets go.
  const pool = new pg.Pool({ connectionString: ownerUrl })
  try {
    const engine = await SchemaEngine.new(
      { datamodels: [[SCHEMA_FILE, readFileSync(SCHEMA_FILE, 'utf8')]] },
      () => undefined,
      bindMigrationAwareSqlAdapterFactory(wholeScripts(pool)),
    )
    try {
      return await work(engine)
    } finally {
      engine.free()
    }
  } finally {
    await pool.end()
  }
}

const CHAR = 18
const VARCHAR = 1043

/**
 * Two things that the adapter does not know. It cuts scripts at every semicolon, also inside a function's body, which
 * PostgreSQL itself takes whole. And the one-byte type "char" of PostgreSQL's catalogues, which the engine wants to see.
 */
function wholeScripts(pool: pg.Pool): PrismaPg {
  const charColumns = new Map<string, number[]>()
  const query = pool.query.bind(pool) as (config: pg.QueryArrayConfig) => Promise<pg.QueryArrayResult>
  const known = Object.assign(pool, {
    async query(config: pg.QueryArrayConfig): Promise<pg.QueryArrayResult> {
      const result = await query(config)
      const columns = (result.fields ?? []).flatMap(({ dataTypeID }, index) => (dataTypeID === CHAR ? [index] : []))
      for (const column of columns) Object.assign(result.fields[column] ?? {}, { dataTypeID: VARCHAR })
      charColumns.set(config.text, columns)
      return result
    },
  })
  const factory = new PrismaPg(known)
  const connect = factory.connect.bind(factory)
  factory.connect = async () => {
    const adapter = await connect()
    adapter.executeScript = async (script) => {
      await pool.query(script)
    }
    const queryRaw = adapter.queryRaw.bind(adapter)
    adapter.queryRaw = async (asked) => {
      const result = await queryRaw(asked)
      for (const column of charColumns.get(asked.sql) ?? []) result.columnTypes[column] = ColumnTypeEnum.Character
      return result
    }
    return adapter
  }
  return factory
}

function migrationsList(): MigrationList {
  const baseDir = join(PRISMA, 'migrations')
  const names = readdirSync(baseDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
  return {
    baseDir,
    lockfile: { path: 'migration_lock.toml', content: readFileSync(join(baseDir, 'migration_lock.toml'), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: names.toSorted().map((path) => ({
      path,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok', value: readFileSync(join(baseDir, path, 'migration.sql'), 'utf8') },
      },
    })),
  }
}
