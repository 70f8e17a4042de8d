import { isNumeric } from '../table.ts'
import { gradeColumns, MISSING_GRADES, type ScriptColumn, type ScriptTable, textWidth } from './script-table.ts'

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** SAS 9.4, a session in UTF-8; data sets in the library `work`. */
export function sasScript(tables: readonly ScriptTable[], about: string): string {
  const lists = new Map(
    tables.flatMap(({ columns }) =>
      columns.flatMap((column) => (column.values === undefined ? [] : [[formatName(column), column.values] as const])),
    ),
  )
  const missing = MISSING_GRADES.map(({ letter, label }) => `.${letter.toUpperCase()} = ${quoted(label)}`)
  return `/* ${about} */
/* Loads every table of this folder. Run from the folder that holds this file, with the session encoding UTF-8. */
/* A grade that is missing: ${MISSING_GRADES.map(({ letter, label }) => `.${letter.toUpperCase()} ${label.toLowerCase()}`).join(', ')}. */
options validvarname=v7;
proc format;
  value gradefmt ${[0, 1, 2, 3, 4].map((grade) => `${grade} = 'Grade ${grade}'`).join(' ')} ${missing.join(' ')};
${Array.from(lists, ([name, values]) => `  value ${name} ${values.map(({ value, label }) => `${quoted(value)} = ${quoted(label)}`).join(' ')};`).join('\n')}
run;

${tables.map(dataStep).join('\n')}`
}

/** A character format's name may not end with a digit. */
const formatName = ({ name }: ScriptColumn): string =>
  `$${name.endsWith('_state') && name !== 'prediction_state' ? 'state' : name}f`

function dataStep(table: ScriptTable): string {
  const { name, file, label, columns } = table
  const grades = gradeColumns(table)
  const graded = new Set(grades.map(({ grade }) => grade))
  const instants = columns.filter(({ type }) => type === 'instant')
  const lengths = columns.map((column) => `${column.name} ${isNumeric(column.type) ? '8' : `$${textWidth(column)}`}`)
  const formats = columns.flatMap((column) => {
    if (graded.has(column.name)) return [`${column.name} gradefmt.`]
    return column.values === undefined ? [] : [`${column.name} ${formatName(column)}.`]
  })
  return [
    `data work.${name} (label=${quoted(label.slice(0, 250))});`,
    `  infile ${quoted(`tables/${file}`)} dsd dlm=',' firstobs=2 lrecl=32767 truncover encoding='utf-8' termstr=crlf;`,
    `  length ${lengths.join(' ')};`,
    `  input ${columns.map((column) => `${column.name}${isNumeric(column.type) ? '' : ' $'}`).join(' ')};`,
    ...instants.map(
      ({ name: column }) =>
        `  if ${column} ne '' then ${column}_d = input(substr(${column}, 1, 23), e8601dt23.3); format ${column}_d e8601dt23.3;`,
    ),
    ...grades.flatMap(({ grade, state }) =>
      MISSING_GRADES.map(
        (missing) => `  if ${state} = ${quoted(missing.state)} then ${grade} = .${missing.letter.toUpperCase()};`,
      ),
    ),
    ...columns.map((column) => `  label ${column.name} = ${quoted(column.text.slice(0, 250))};`),
    ...(formats.length === 0 ? [] : [`  format ${formats.join(' ')};`]),
    'run;',
    '',
  ].join('\n')
}
