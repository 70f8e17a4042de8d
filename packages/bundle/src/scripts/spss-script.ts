import { isNumeric } from '../table.ts'
import { gradeColumns, MISSING_GRADES, type ScriptColumn, type ScriptTable, textWidth } from './script-table.ts'

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
/** SPSS takes labels of values up to 120 bytes, of variables up to 256. */
const labelled = (text: string): string => quoted(text.slice(0, 120))

/** Runs in SPSS and in PSPP; writes a .sav file for each table. */
export function spssScript(tables: readonly ScriptTable[], about: string): string {
  return `* Encoding: UTF-8.
* ${about}.
* Loads every table of this folder and saves it as a .sav file. Run from the folder that holds this file.
* A grade that is missing: ${MISSING_GRADES.map(({ spss, label }) => `${spss} ${label.toLowerCase()}`).join(', ')} (user-missing).

${tables.map(tableCommands).join('\n')}`
}

function tableCommands(table: ScriptTable): string {
  const { name, file, label, columns } = table
  const grades = gradeColumns(table)
  const graded = new Set(grades.map(({ grade }) => grade))
  const instants = columns.filter(({ type }) => type === 'instant')
  return [
    `* ${label}.`,
    `GET DATA /TYPE=TXT /FILE=${quoted(`tables/${file}`)} /ENCODING='UTF8' /ARRANGEMENT=DELIMITED /DELCASE=LINE`,
    `  /FIRSTCASE=2 /DELIMITERS="," /QUALIFIER='"' /VARIABLES=`,
    `${columns.map((column) => `  ${rawName(column)} ${format(column)}`).join('\n')}.`,
    ...instants.map(instantCommands),
    ...grades.flatMap(({ grade, state }) =>
      MISSING_GRADES.map((missing) => `IF (${state} = ${quoted(missing.state)}) ${grade} = ${missing.spss}.`),
    ),
    ...(grades.length > 0 ? ['EXECUTE.'] : []),
    ...grades.map(({ grade }) => `MISSING VALUES ${grade} (${MISSING_GRADES.map(({ spss }) => spss).join(', ')}).`),
    `VARIABLE LABELS\n${columns.map((column) => `  ${column.name} ${quoted(column.text.slice(0, 250))}`).join('\n')}.`,
    ...columns.flatMap(({ name: column, values }) => valueLabels(column, graded, values)),
    `SAVE OUTFILE=${quoted(`${name}.sav`)}${instants.length === 0 ? '' : ` /DROP=${instants.map(rawName).join(' ')}`}.`,
    '',
  ].join('\n')
}

function valueLabels(column: string, graded: ReadonlySet<string>, values: ScriptColumn['values']): string[] {
  if (graded.has(column)) {
    const grades = [0, 1, 2, 3, 4].map((grade) => `${grade} 'Grade ${grade}'`)
    const missing = MISSING_GRADES.map(({ spss, label }) => `${spss} ${labelled(label)}`)
    return [`VALUE LABELS ${column} ${[...grades, ...missing].join(' ')}.`]
  }
  if (values === undefined) return []
  return [
    `VALUE LABELS ${column} ${values.map(({ value, label }) => `${quoted(value)} ${labelled(label)}`).join(' ')}.`,
  ]
}

/** Instants are read as text and become a date beside it. */
const rawName = ({ name, type }: Pick<ScriptColumn, 'name' | 'type'>): string =>
  type === 'instant' ? `${name}_raw` : name

function format(column: ScriptColumn): string {
  if (column.type === 'integer') return 'F10.0'
  if (column.type === 'flag') return 'F1.0'
  return isNumeric(column.type) ? 'F24.16' : `A${textWidth(column)}`
}

function instantCommands({ name }: ScriptColumn): string {
  const raw = `${name}_raw`
  const part = (from: number, length: number, as: string): string => `NUMBER(SUBSTR(${raw}, ${from}, ${length}), ${as})`
  const date = `DATE.DMY(${part(9, 2, 'F2')}, ${part(6, 2, 'F2')}, ${part(1, 4, 'F4')})`
  const time = `TIME.HMS(${part(12, 2, 'F2')}, ${part(15, 2, 'F2')}, ${part(18, 6, 'F6')})`
  return `NUMERIC ${name} (DATETIME24.3).\nIF (${raw} <> '') ${name} = ${date} + ${time}.\nEXECUTE.`
}
