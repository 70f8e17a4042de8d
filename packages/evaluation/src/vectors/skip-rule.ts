import type { SkipFile } from './vector-file.ts'

export type SkipRule = SkipFile['entries'][number]

/**
 * The folder's rule for one value. Patterns know `*` alone; a pattern that matches an entry, or a part of the path into
 * it (`roc_curve/thresholds`), holds for everything below. Of several, the first stands.
 */
export function ruleFor(
  rules: readonly SkipRule[],
  at: { topic: string; case: string; path: string },
): SkipRule | undefined {
  const parts = ancestors(at.path)
  return rules.find(
    (rule) =>
      matches(rule.topic, at.topic) && matches(rule.case, at.case) && parts.some((part) => matches(rule.entry, part)),
  )
}

/** `a/b[0]` → `a`, `a/b`, `a/b[0]`. */
function ancestors(path: string): string[] {
  const parts: string[] = []
  for (let i = 1; i < path.length; i++) if (path[i] === '/' || path[i] === '[') parts.push(path.slice(0, i))
  parts.push(path)
  return parts
}

const compiled = new Map<string, RegExp>()

function matches(pattern: string, text: string): boolean {
  let expression = compiled.get(pattern)
  if (expression === undefined) {
    const source = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
    expression = new RegExp(`^${source.join('.*')}$`, 's')
    compiled.set(pattern, expression)
  }
  return expression.test(text)
}
