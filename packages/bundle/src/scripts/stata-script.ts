import { isNumeric } from '../table.ts'
import { gradeColumns, MISSING_GRADES, type ScriptTable } from './script-table.ts'

/** Compound quotes: any text may stand between them except their own ends. */
const quoted = (text: string): string => `\`"${text.replaceAll('`', "'")}"'`
/** Stata's limit of a variable's label. */
const LABEL = 80

/** Stata 14 and later; writes a .dta file for each table. */
export function stataScript(tables: readonly ScriptTable[], about: string): string {
  return `* ${about}
* Loads every table of this folder and saves it as a .dta file. Run from the folder that holds this file.
* Codes stay text; <name>_c is the same with value labels. A grade that is missing: ${MISSING_GRADES.map(({ letter, label }) => `.${letter} ${label.toLowerCase()}`).join(', ')}.
version 14
set more off

${tables.map(tableCommands).join('\n')}`
}

function tableCommands(table: ScriptTable): string {
  const { name, file, label, columns } = table
  const numbered = columns.map((column, index) => ({ ...column, at: index + 1 }))
  const texts = numbered.filter(({ type }) => !isNumeric(type)).map(({ at }) => at)
  const numbers = numbered.filter(({ type }) => isNumeric(type)).map(({ at }) => at)
  return [
    `* ${label}`,
    `import delimited using "tables/${file}", clear varnames(nonames) rowrange(2) encoding("UTF-8") bindquotes(strict) maxquotedrows(unlimited) stringcols(${texts.join(' ')})${numbers.length === 0 ? '' : ` numericcols(${numbers.join(' ')})`}`,
    ...numbered.map(({ at, name: column }) => `rename v${at} ${column}`),
    ...columns.flatMap(({ name: column, type }) =>
      type === 'instant'
        ? [
            `generate double ${column}_c = clock(${column}, "YMD#hms#")`,
            `format ${column}_c %tcCCYY-NN-DD_HH:MM:SS.sss`,
          ]
        : [],
    ),
    ...gradeColumns(table).flatMap(({ grade, state }) => [
      ...MISSING_GRADES.map((missing) => `replace ${grade} = .${missing.letter} if ${state} == "${missing.state}"`),
      `label define ${grade}_l ${[0, 1, 2, 3, 4].map((one) => `${one} "Grade ${one}"`).join(' ')} ${MISSING_GRADES.map(({ letter, label: text }) => `.${letter} "${text}"`).join(' ')}, replace`,
      `label values ${grade} ${grade}_l`,
    ]),
    ...columns.flatMap(({ name: column, values }) =>
      values === undefined
        ? []
        : [
            `generate byte ${column}_c = .`,
            ...values.map(({ value }, index) => `replace ${column}_c = ${index + 1} if ${column} == "${value}"`),
            `label define ${column}_l ${values.map(({ label: text }, index) => `${index + 1} ${quoted(text)}`).join(' ')}, replace`,
            `label values ${column}_c ${column}_l`,
          ],
    ),
    ...columns.map((column) => `label variable ${column.name} ${quoted(column.text.slice(0, LABEL))}`),
    `save "${name}.dta", replace`,
    '',
  ].join('\n')
}
