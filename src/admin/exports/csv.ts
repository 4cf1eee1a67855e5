import type { Cell, ColumnType } from '../../platform/export-source.ts'

/**
 * Text that a spreadsheet takes for a formula: it begins with one of OWASP's characters, wide forms included, behind white space or not.
 * Behind apostrophes too, so that whoever takes one away gets back what was there.
 */
const formula = /^'*[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]|^'*[\t\r\n]/u
/** A number is harmless, and no formula. */
const plainNumber = /^[+-]?\d+(?:\.\d+)?$/

/** Text is quoted always, so that no separator or quote in it begins another cell, and the empty text is not nothing. */
export function csvCell(cell: Cell, type: ColumnType): string {
  if (cell === null) return ''
  if (type !== 'text' && type !== 'json') return String(cell)
  const text = String(cell)
  const safe = type === 'text' && formula.test(text) && !plainNumber.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}
