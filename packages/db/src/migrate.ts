import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
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

/** SQL that makes the schema's tables in an empty database: the text of a first migration. */
export async function schemaSql(ownerUrl: string): Promise<string> {
  return withEngine(ownerUrl, async (engine) => {
    const files = [{ path: SCHEMA_FILE, content: readFileSync(SCHEMA_FILE, 'utf8') }]
    const to = { tag: 'schemaDatamodel' as const, files }
    const { stdout } = await engine.diff({ from: { tag: 'empty' }, to, script: true, exitCode: null, filters: FILTERS })
    return stdout ?? ''
  })
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

/** The adapter cuts scripts at every semicolon, also inside a function's body; PostgreSQL itself takes them whole. */
function wholeScripts(pool: pg.Pool): PrismaPg {
  const factory = new PrismaPg(pool)
  const connect = factory.connect.bind(factory)
  factory.connect = async () => {
    const adapter = await connect()
    adapter.executeScript = async (script) => {
      await pool.query(script)
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
