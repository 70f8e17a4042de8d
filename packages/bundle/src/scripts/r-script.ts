import type { ScriptColumn, ScriptTable } from './script-table.ts'

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
const CLASS = {
  code: 'character',
  text: 'character',
  hash: 'character',
  date: 'Date',
  instant: 'character',
  integer: 'integer',
  flag: 'integer',
  decimal: 'numeric',
} as const

/** Base R alone. Codes become factors whose attribute `value.labels` says what each level means. */
export function rScript(tables: readonly ScriptTable[], about: string): string {
  return `# ${about}
# Loads every table of this folder: source("import.R"), from the folder that holds this file.
# Codes are factors with attribute "value.labels", variables carry attribute "label"; a missing grade is NA and its
# state column says why. Base R, no packages.
facetgrade_read <- function(file, classes, labels, codes) {
  data <- read.csv(file.path("tables", file), fileEncoding = "UTF-8-BOM", encoding = "UTF-8", na.strings = "",
                   stringsAsFactors = FALSE, colClasses = classes$class)
  stopifnot(identical(names(data), classes$name))
  for (name in names(data)) {
    kind <- classes$type[match(name, classes$name)]
    if (kind %in% c("text", "code")) data[[name]] <- sub("^'(?=[=+@\\t\\r-])", "", data[[name]], perl = TRUE)
    if (kind == "flag") data[[name]] <- data[[name]] == 1L
    if (kind == "instant") data[[name]] <- as.POSIXct(data[[name]], format = "%Y-%m-%dT%H:%M:%OSZ", tz = "UTC")
    if (!is.null(codes[[name]])) {
      unknown <- setdiff(unique(data[[name]]), c(names(codes[[name]]), NA))
      if (length(unknown) > 0) stop(file, ": ", name, " has the unknown code ", unknown[1])
      data[[name]] <- factor(data[[name]], levels = names(codes[[name]]))
      attr(data[[name]], "value.labels") <- codes[[name]]
    }
    attr(data[[name]], "label") <- unname(labels[name])
  }
  data
}

${tables.map(tableCall).join('\n')}`
}

function tableCall({ name, file, label, columns }: ScriptTable): string {
  const vector = (value: (column: ScriptColumn) => string): string =>
    columns.map((one) => quoted(value(one))).join(', ')
  const labels = columns.map((column) => `${column.name} = ${quoted(column.text)}`).join(', ')
  const codes = columns.flatMap(({ name: column, values }) =>
    values === undefined
      ? []
      : [`${column} = c(${values.map(({ value, label: text }) => `${quoted(value)} = ${quoted(text)}`).join(', ')})`],
  )
  return `# ${label}
${name} <- facetgrade_read(${quoted(file)},
  data.frame(name = c(${vector((one) => one.name)}), class = c(${vector((one) => CLASS[one.type])}),
    type = c(${vector((one) => one.type)})),
  c(${labels}),
  list(${codes.join(', ')}))
`
}
