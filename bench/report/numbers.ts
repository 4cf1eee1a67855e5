export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

/** With as many digits as say something; what was not measured is a dash. */
export function shown(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–'
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2
  return value >= 10_000 ? Math.round(value).toLocaleString('en') : value.toFixed(digits)
}

export const count = (value: number): string => value.toLocaleString('en')

export const table = (head: readonly string[], rows: readonly (readonly string[])[], texts = 1): string =>
  [head, head.map((_, index) => (index < texts ? '---' : '---:')), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')
